#include "apps/node/config.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "apps/node/json_lines.hpp"

using namespace interlude;

namespace {

const std::string channel = R"({"org": "demo", "name": "one", "origin": "http://origin.test/master.m3u8"})";

void refused(const std::string& text, const std::string& where, const std::string& what) {
  const auto c = parse_config(text);
  BOOST_REQUIRE_MESSAGE(!c, text);
  BOOST_TEST(c.error().where == where);
  BOOST_TEST(c.error().what.find(what) != std::string::npos, c.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_AUTO_TEST_CASE(nothing_at_all_is_a_configuration) {
  const auto c = parse_config("{}");
  BOOST_REQUIRE(c);
  BOOST_TEST(c->listen == "127.0.0.1:8080");
  BOOST_TEST(c->channels.empty());
}

BOOST_AUTO_TEST_CASE(comments_and_trailing_commas_are_welcome) {
  const auto c = parse_config("// mine\n{\n  /* where */ \"listen\": \"0.0.0.0:80\",\n  \"channels\": [" + channel + ",],\n}");
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  BOOST_TEST(c->listen == "0.0.0.0:80");
  BOOST_TEST(c->channels.at(0).path() == "demo/one");
}

BOOST_AUTO_TEST_CASE(everything_of_a_channel_arrives) {
  const auto c = parse_config(R"({"channels": [{"org": "a", "name": "b", "origin": "https://o.test/m.m3u8", "mode": "sgai",
    "house_ads": [{"name": "x", "source": "x.mp4"}], "slate": "s.mp4", "keep_cues": true, "cue_token": "t",
    "breaks": {"default": 15, "max": 120.5, "on_overrun": "content"}, "origin_timeout": 1.5,
    "viewer_token": {"algorithm": "ES256", "jwks_url": "https://keys.test/", "ad_claims": ["seg"]}}]})");
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  const auto& ch = c->channels.at(0);
  BOOST_TEST((ch.mode == insertion::guided));
  BOOST_TEST(ch.house_ads.at(0).source == "x.mp4");
  BOOST_TEST((ch.breaks.max_break == std::chrono::milliseconds{120'500}));
  BOOST_TEST((ch.breaks.on_overrun == stitch::overrun_policy::content));
  BOOST_TEST((ch.origin_timeout == std::chrono::milliseconds{1500}));
  BOOST_TEST(ch.viewer_token.value().ad_claims.at(0) == "seg");
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_with_their_path_and_line) {
  refused("{\n\n  \"lisen\": \"x\"\n}", "lisen (line 3)", "unknown key; known are: ca_file");
  refused("{\n \"channels\": [\n  " + channel + ",\n  {\"org\": \"a\",\n   \"name\": \"b\"}]}", "channels[1].origin (line 4)", "is missing");
  refused("{\"threads\": \"two\"}", "threads (line 1)", "an integer from 0 to 256");
  refused("{\"channels\": [{\"org\": \"a b\", \"name\": \"c\", \"origin\": \"http://o.test/\"}]}", "channels[0].org (line 1)", "letters");
  refused("{\"channels\": [{\"org\": \"a\", \"name\": \"c\", \"origin\": \"ftp://o.test/\"}]}", "channels[0].origin (line 1)", "http or https");
  refused("{\"channels\": [" + channel + ",\n" + channel + "]}", "channels[1].name (line 2)", "same org and name");
  refused("{\"http\": {\n\"idle_timeout\": 0}}", "http.idle_timeout (line 2)", "1 to 3600");
  refused("{\"log_level\": \"loud\"}", "log_level (line 1)", "one of trace, debug");
  refused("{\"channels\": 5}", "channels (line 1)", "an array");
  refused("{\n\"listen\": \"a\"\n\"data\": 1}", "line 3", "not JSON");
  refused("[]", "line 1", "JSON object");
}

BOOST_AUTO_TEST_CASE(a_viewer_token_needs_one_kind_of_key) {
  const auto with = [](const std::string& token) {
    return parse_config("{\"channels\": [{\"org\": \"a\", \"name\": \"b\", \"origin\": \"http://o.test/\", \"viewer_token\": " + token + "}]}");
  };
  BOOST_TEST(with("{\"key\": \"secret\"}").has_value());
  BOOST_TEST(!with("{}").has_value());
  BOOST_TEST(!with("{\"key\": \"secret\", \"jwks_url\": \"http://k.test/\"}").has_value());
}

BOOST_AUTO_TEST_CASE(the_documented_table_is_the_one_that_is_read) {
  const auto reference = config_reference();
  for (const auto* key : {"`listen`", "`http.max_connections`", "`channels[].house_ads[].source`", "`channels[].viewer_token.jwks_url`"})
    BOOST_TEST(reference.find(key) != std::string::npos, key);
  std::ifstream in{std::string{INTERLUDE_SOURCE_DIR} + "/docs/configuration.md"};
  const std::string documented{std::istreambuf_iterator<char>{in}, {}};
  BOOST_TEST(documented.find(reference) != std::string::npos,
             "docs/configuration.md is old: put the output of interlude --print-config-reference into it");
}

BOOST_AUTO_TEST_CASE(lines_are_found_through_comments_and_strings) {
  const std::string text = "{ // {\n\"a\": \"x\\\"}\",\n/* \n */ \"b\": [1,\n 2, {\"c\":\n 3}]}";
  BOOST_TEST(line_of(text, "a") == 2u);
  BOOST_TEST(line_of(text, "b[1]") == 5u);
  BOOST_TEST(line_of(text, "b[2].c") == 5u);
  BOOST_TEST(line_of(text, "b[2].missing") == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
