#include "apps/node/config.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

using namespace interlude;

namespace {

const std::string channel =
    R"({"org": "demo", "name": "one", "origin": "http://origin.test/master.m3u8"})";

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
  const auto c =
      parse_config("// mine\n{\n  /* where */ \"listen\": \"0.0.0.0:80\",\n  \"channels\": [" +
                   channel + ",],\n}");
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  BOOST_TEST(c->listen == "0.0.0.0:80");
  BOOST_TEST(c->channels.at(0).path() == "demo/one");
}

BOOST_AUTO_TEST_CASE(everything_of_a_channel_arrives) {
  const auto c = parse_config(
      R"({"channels": [{"org": "a", "name": "b", "origin": "https://o.test/m.m3u8", "mode": "sgai",
    "segments": "proxy",
    "ad_servers": [{"url": "https://ads.test/v?d=[break.duration]&c=[CACHEBUSTING]", "timeout": 0.5},
                   {"url": "http://[::1]:80/"}],
    "house_ads": [{"name": "x", "source": "x.mp4"},
      {"name": "y", "source": "y.mp4", "tags": ["sport"], "countries": ["AT"], "weight": 3,
       "from": "2026-11-24", "until": "2026-12-01T06:00:00+01:00"}], "slate": "s.mp4", "keep_cues": true, "cue_token": "t",
    "breaks": {"default": 15, "max": 120.5, "on_overrun": "content",
      "segmentation_types": ["0x34", "0x3C"], "tier": 7,
      "min_spacing": 120, "max_per_hour": 720,
      "schedule": [{"every": 600, "offset": 60, "duration": 90}, {"cron": "*/15 * * * 1-5", "duration": 30}]},
    "frequency": {"caps": [{"per": "campaign", "max": 3, "window": 3600}, {"max": 5}], "min_gap": 600,
      "separate_advertisers": false, "separate_categories": false},
    "in_band_cues": true, "origin_timeout": 1.5,
    "viewer_token": {"algorithm": "ES256", "jwks_url": "https://keys.test/", "ad_claims": ["seg"]}}]})");
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  const auto& ch = c->channels.at(0);
  BOOST_TEST((ch.mode == insertion::guided));
  BOOST_TEST((ch.segments == content_place::proxy));
  BOOST_REQUIRE(ch.ad_servers.size() == 2u);
  BOOST_TEST(ch.ad_servers[0].url.ends_with("[CACHEBUSTING]"));
  BOOST_TEST((ch.ad_servers[0].timeout == std::chrono::milliseconds{500}));
  BOOST_TEST(ch.house_ads.at(0).source == "x.mp4");
  BOOST_TEST(ch.house_ads[0].terms.weight == 1u);
  const auto& y = ch.house_ads.at(1).terms;
  BOOST_TEST(y.tags.at(0) == "sport");
  BOOST_TEST(y.countries.at(0) == "AT");
  BOOST_TEST(y.weight == 3u);
  BOOST_TEST((y.from == parse_iso8601("2026-11-24T00:00:00Z")));
  BOOST_TEST((y.until == parse_iso8601("2026-12-01T05:00:00Z")));
  BOOST_TEST((ch.breaks.max_break == std::chrono::milliseconds{120'500}));
  BOOST_TEST((ch.breaks.on_overrun == stitch::overrun_policy::content));
  BOOST_TEST((ch.breaks.signals.segmentation_types == std::vector<std::uint8_t>{0x34, 0x3C}));
  BOOST_TEST((ch.breaks.signals.tier == 7));
  BOOST_TEST((ch.breaks.min_spacing == std::chrono::minutes{2}));
  BOOST_TEST((ch.breaks.max_per_hour == std::chrono::minutes{12}));
  BOOST_REQUIRE(ch.breaks.timed.size() == 2u);
  BOOST_TEST((ch.breaks.timed[0].every == std::chrono::minutes{10}));
  BOOST_TEST((ch.breaks.timed[0].offset == std::chrono::minutes{1}));
  BOOST_TEST(ch.breaks.timed[1].calendar.has_value());
  BOOST_TEST(!ch.pods.separate_advertisers);
  BOOST_TEST(!ch.pods.separate_categories);
  const auto& frequency = ch.pods.frequency;
  BOOST_TEST((frequency.min_gap == std::chrono::minutes{10}));
  BOOST_REQUIRE(frequency.caps.size() == 2u);
  BOOST_TEST(ads::describe(frequency.caps[0]) == "at most 3 per campaign in 3600 s");
  BOOST_TEST(ads::describe(frequency.caps[1]) == "at most 5 per creative in 86400 s");
  BOOST_TEST(ch.in_band_cues);
  BOOST_TEST((ch.origin_timeout == std::chrono::milliseconds{1500}));
  BOOST_TEST(ch.viewer_token.value().ad_claims.at(0) == "seg");
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_with_their_path_and_line) {
  refused("{\n\n  \"lisen\": \"x\"\n}", "lisen (line 3)", "unknown key; known are: ad_requests");
  refused("{\n \"channels\": [\n  " + channel + ",\n  {\"org\": \"a\",\n   \"name\": \"b\"}]}",
          "channels[1].origin (line 4)", "is missing");
  refused("{\"threads\": \"two\"}", "threads (line 1)", "an integer from 0 to 256");
  refused("{\"channels\": [{\"org\": \"a b\", \"name\": \"c\", \"origin\": \"http://o.test/\"}]}",
          "channels[0].org (line 1)", "letters");
  refused("{\"channels\": [{\"org\": \"a\", \"name\": \"c\", \"origin\": \"ftp://o.test/\"}]}",
          "channels[0].origin (line 1)", "http or https");
  refused(
      "{\"channels\": [{\"org\": \"a\", \"name\": \"c\", \"origin\": \"http://o.test/\",\n"
      "\"backup_origins\": [\"http://p.test/\", \"p.test\"]}]}",
      "channels[0].backup_origins (line 2)", "http or https");
  refused("{\"channels\": [" + channel + ",\n" + channel + "]}", "channels[1].name (line 2)",
          "same org and name");
  refused("{\"http\": {\n\"idle_timeout\": 0}}", "http.idle_timeout (line 2)", "1 to 3600");
  refused("{\"proxy\": {\"cache_bytes\": -1}}", "proxy.cache_bytes (line 1)", "an integer from 0");
  refused(
      "{\"channels\": [{\"org\": \"a\", \"name\": \"c\", \"origin\": \"http://o.test/\",\n"
      "\"segments\": \"cdn\"}]}",
      "channels[0].segments (line 2)", "one of origin, proxy");
  refused("{\"log_level\": \"loud\"}", "log_level (line 1)", "one of trace, debug");
  refused("{\"log_format\": \"xml\"}", "log_format (line 1)", "one of text, json");
  refused("{\"channels\": 5}", "channels (line 1)", "an array");
  refused("{\n\"listen\": \"a\"\n\"data\": 1}", "line 3", "not JSON");
  refused("[]", "line 1", "JSON object");
}

BOOST_AUTO_TEST_CASE(loudness_is_a_level) {
  BOOST_TEST(parse_config(R"({"creatives": {"loudness": -23}})").value().creatives.loudness == -23);
  BOOST_TEST(parse_config(R"({"creatives": {"loudness": 0}})").value().creatives.loudness == 0);
  for (const auto* level : {"1", "-40.5", "\"loud\"", "true"})
    refused("{\"creatives\": {\"loudness\": " + std::string{level} + "}}",
            "creatives.loudness (line 1)", "a number from -40 to 0");
}

BOOST_AUTO_TEST_CASE(what_is_known_of_viewers_and_asked_of_ad_servers_arrives) {
  const auto c = parse_config(
      R"({"trusted_proxies": ["10.0.0.0/8", "::1"], "geo_database": "g.mmdb",
          "ad_requests": {"max_concurrent": 100, "breaker_failures": 3, "breaker_pause": 2.5}})");
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  BOOST_REQUIRE(c->trusted_proxies.size() == 2u);
  BOOST_TEST(c->trusted_proxies[1].contains(boost::asio::ip::make_address("::1")));
  BOOST_TEST(c->geo_database == "g.mmdb");
  BOOST_TEST(c->ad_requests.max_concurrent == 100u);
  BOOST_TEST(c->ad_requests.breaker_failures == 3u);
  BOOST_TEST((c->ad_requests.breaker_pause == std::chrono::milliseconds{2500}));
  refused("{\n\"trusted_proxies\": [\"10.0.0.0/8\", \"10.0.0.1/8\"]}", "trusted_proxies (line 2)",
          "10.0.0.1/8: the range does not begin");
  refused("{\"trusted_proxies\": [\"proxy.test\"]}", "trusted_proxies (line 1)", "is expected");
}

BOOST_AUTO_TEST_CASE(an_ad_server_may_be_asked_in_its_own_way) {
  const auto with = [](const std::string& form) {
    return R"({"channels": [{"org": "a", "name": "b", "origin": "http://o.test/",
        "ad_servers": [{"url": "http://ads.test/", )" +
           form + "}]}]}";
  };
  const auto c = parse_config(
      with(R"("method": "POST", "body": "{\"d\": [break.duration], \"s\": [[consent.gpp_sid]]}",
              "headers": {"Authorization": "Bearer x", "X-Break": "[break.id]"})"));
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  const auto& form = c->channels.at(0).ad_servers.at(0).form;
  BOOST_TEST(form.method == "POST");
  BOOST_TEST(form.content_type == "application/json");
  BOOST_TEST(form.body.starts_with("{"));
  BOOST_TEST(form.headers.at(1).second == "[break.id]");
  const auto wrong = [&](const std::string& text, const std::string& key, const std::string& what) {
    refused(with(text), "channels[0].ad_servers[0]." + key + " (line 2)", what);
  };
  wrong(R"("method": "PUT")", "method", "one of GET, POST");
  wrong(R"("body": "{}")", "body", "POST");
  wrong(R"("method": "POST", "body": "{\"a\": [break.id],}")", "body", "not JSON");
  wrong(R"("method": "POST", "content_type": "a\r\nb")", "content_type", "a media type");
  wrong(R"("headers": {"Host": "x"})", "headers", "Host");
  wrong(R"("headers": {"X": "a\nb"})", "headers", "one line");
  wrong(R"("headers": {"X": 1})", "headers", "an object of strings");
  BOOST_TEST(parse_config(with(R"("method": "POST", "body": "a=[break.id]",
      "content_type": "application/x-www-form-urlencoded")"))
                 .has_value());
}

BOOST_AUTO_TEST_CASE(a_viewer_token_needs_one_kind_of_key) {
  const auto with = [](const std::string& token) {
    return parse_config(
        "{\"channels\": [{\"org\": \"a\", \"name\": \"b\", \"origin\": \"http://o.test/\", "
        "\"viewer_token\": " +
        token + "}]}");
  };
  BOOST_TEST(with("{\"key\": \"secret\"}").has_value());
  BOOST_TEST(!with("{}").has_value());
  BOOST_TEST(!with("{\"key\": \"secret\", \"jwks_url\": \"http://k.test/\"}").has_value());
}

BOOST_AUTO_TEST_CASE(the_documented_table_is_the_one_that_is_read) {
  const auto reference = config_reference();
  for (const auto* key : {"`listen`", "`http.max_connections`", "`channels[].house_ads[].source`",
                          "`channels[].viewer_token.jwks_url`"})
    BOOST_TEST(reference.find(key) != std::string::npos, key);
  std::ifstream in{std::string{INTERLUDE_SOURCE_DIR} + "/docs/configuration.md"};
  const std::string documented{std::istreambuf_iterator<char>{in}, {}};
  BOOST_TEST(
      documented.find(reference) != std::string::npos,
      "docs/configuration.md is old: put the output of interlude --print-config-reference into it");
}

BOOST_AUTO_TEST_CASE(what_is_not_said_is_as_documented) {
  const auto c = parse_config("{\"channels\": [" + channel + "]}");
  BOOST_REQUIRE(c);
  BOOST_TEST(c->data == "data");
  BOOST_TEST(c->threads == 0u);
  BOOST_TEST(c->log_level == "info");
  BOOST_TEST(c->log_format == "text");
  BOOST_TEST(c->http.max_connections == 20'000u);
  BOOST_TEST(c->http.max_header_bytes == 8192u);
  BOOST_TEST(c->proxy.cache_bytes == 256u * 1024 * 1024);
  BOOST_TEST((c->channels.at(0).segments == content_place::origin));
  BOOST_TEST((c->http.idle_timeout == std::chrono::minutes{1}));
  BOOST_TEST(c->creatives.max_jobs == 1u);
  BOOST_TEST((c->creatives.job_timeout == std::chrono::minutes{2}));
  BOOST_TEST(c->creatives.loudness == -24);
  BOOST_TEST(c->creatives.disk_budget_bytes == 20ull << 30);
  BOOST_TEST(c->creatives.quarantine_after == 6u);
  BOOST_TEST((c->creatives.quarantine == std::chrono::hours{6}));
  BOOST_TEST(c->operator_token.empty());
  const auto& ch = c->channels.at(0);
  BOOST_TEST((ch.mode == insertion::automatic));
  BOOST_TEST(!ch.viewer_token);
  BOOST_TEST(!ch.keep_cues);
  BOOST_TEST(ch.cue_token.empty());
  const auto reference = config_reference();
  BOOST_TEST(reference.find("| `http.max_connections` | integer, 1 to 1000000 | `20000` |") !=
             std::string::npos);
  BOOST_TEST(reference.find("| `channels[].origin` | string | required |") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_documented_key_is_read) {
  // A value of no sensible type: the answer says whether the key is known.
  const auto reference = config_reference();
  std::size_t keys = 0;
  for (std::size_t at = 0; (at = reference.find("\n| `", at)) != std::string::npos; ++keys) {
    at += 4;
    const auto path = reference.substr(at, reference.find('`', at) - at);
    std::string text = "[[]]", wanted;
    std::vector<std::string> parts;
    for (std::size_t from = 0; from != std::string::npos;) {
      const auto dot = path.find('.', from);
      parts.push_back(path.substr(from, dot == std::string::npos ? dot : dot - from));
      from = dot == std::string::npos ? dot : dot + 1;
    }
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      const bool list = part->ends_with("[]");
      const auto name = list ? part->substr(0, part->size() - 2) : *part;
      text = "{\"" + name + "\": " + (list ? "[" + text + "]" : text) + "}";
      wanted = name + (list ? "[0]" : "") + (wanted.empty() ? "" : "." + wanted);
    }
    BOOST_TEST_CONTEXT(text) {
      // In a channel what is missing would be reported first.
      for (const std::string list : {"\"channels\": [{", "\"house_ads\": [{"}) {
        const auto in = text.find(list);
        if (in == std::string::npos) continue;
        const std::string needed = list.starts_with("\"c")
                                       ? R"("org": "a", "name": "b", "origin": "http://o.test/", )"
                                       : R"("name": "x", "source": "y", )";
        const auto own = text.substr(in + list.size() + 1);
        const auto asked = own.substr(0, own.find('"'));
        if (needed.find("\"" + asked + "\"") == std::string::npos)
          text.insert(in + list.size(), needed);
      }
      const auto c = parse_config(text);
      BOOST_REQUIRE(!c);
      BOOST_TEST(c.error().message().find("unknown key") == std::string::npos, c.error().message());
    }
  }
  BOOST_TEST(keys > 35u);
}

BOOST_AUTO_TEST_CASE(values_of_another_type_are_refused) {
  const auto in_channel = [](const std::string& member) {
    return R"({"channels": [{"org": "a", "name": "b", "origin": "http://o.test/", )" + member +
           "}]}";
  };
  refused("{\"listen\": 80}", "listen (line 1)", "a string is expected");
  refused("{\"threads\": 1.5}", "threads (line 1)", "an integer from 0 to 256");
  refused("{\"threads\": -1}", "threads (line 1)", "an integer from 0 to 256");
  refused("{\"http\": []}", "http (line 1)", "an object is expected");
  refused("{\"channels\": [7]}", "channels[0] (line 1)", "an object is expected");
  refused(in_channel("\"keep_cues\": 1"), "channels[0].keep_cues (line 1)", "true or false");
  refused(in_channel("\"mode\": 7"), "channels[0].mode (line 1)", "one of auto, ssai, sgai");
  refused(in_channel("\"breaks\": {\"default\": \"30\"}"), "channels[0].breaks.default (line 1)",
          "a number of seconds from 1 to 3600");
  for (const auto* type : {"34", "0x35", "0x38", "0x10", "0x340", "0xzz"})
    refused(in_channel("\"breaks\": {\"segmentation_types\": [\"" + std::string{type} + "\"]}"),
            "channels[0].breaks.segmentation_types (line 1)", "starts no break");
  refused(in_channel("\"breaks\": {\"tier\": 4096}"), "channels[0].breaks.tier (line 1)",
          "an integer from 0 to 4095");
  const auto with_schedule = [&](const std::string& rule) {
    return in_channel("\"breaks\": {\"schedule\": [{" + rule + "}]}");
  };
  refused(with_schedule(R"("duration": 30)"), "channels[0].breaks.schedule[0].every (line 1)",
          "either every or cron");
  refused(with_schedule(R"("every": 60, "cron": "* * * * *", "duration": 30)"),
          "channels[0].breaks.schedule[0].every (line 1)", "either every or cron");
  refused(with_schedule(R"("every": 60)"), "channels[0].breaks.schedule[0].duration (line 1)",
          "is missing");
  refused(with_schedule(R"("cron": "* *", "duration": 30)"),
          "channels[0].breaks.schedule[0].cron (line 1)", "five fields");
  refused(in_channel("\"viewer_token\": {\"ad_claims\": [1]}"),
          "channels[0].viewer_token.ad_claims (line 1)", "an array of strings");
  for (const std::string url : {"ftp://ads.test/", "ads.test/[x]", "", "http://"})
    refused(in_channel(R"("ad_servers": [{"url": ")" + url + "\"}]"),
            "channels[0].ad_servers[0].url (line 1)", url.empty() ? "must not be empty" : "http");
  refused(in_channel("\"house_ads\": [{\"name\": \"x\"}]"),
          "channels[0].house_ads[0].source (line 1)", "is missing");
  refused(in_channel("\"house_ads\": [{\"name\": \"../x\", \"source\": \"y\"}]"),
          "channels[0].house_ads[0].name (line 1)", "letters");
}

BOOST_AUTO_TEST_CASE(ranges_hold_at_both_ends) {
  for (const auto* text :
       {"{\"threads\": 256}", "{\"http\": {\"max_header_bytes\": 1024}}",
        "{\"http\": {\"max_header_bytes\": 65536}}", "{\"http\": {\"header_timeout\": 0.1}}"})
    BOOST_TEST(parse_config(text).has_value(), text);
  for (const auto* text :
       {"{\"threads\": 257}", "{\"http\": {\"max_header_bytes\": 1023}}",
        "{\"http\": {\"max_header_bytes\": 65537}}", "{\"http\": {\"header_timeout\": 0.05}}",
        "{\"http\": {\"header_timeout\": 1e300}}"})
    BOOST_TEST(!parse_config(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(an_unknown_key_deep_inside_is_named_with_its_line) {
  refused("{\"http\": {\n\"idle\": 5}}", "http.idle (line 2)", "known are: header_timeout");
  refused(
      "{\"channels\": [\n{\"org\": \"a\", \"name\": \"b\", \"origin\": \"http://o.test/\",\n"
      "\"orgin\": 1}]}",
      "channels[0].orgin (line 3)", "unknown key");
}

BOOST_AUTO_TEST_CASE(text_that_is_no_json_is_refused) {
  for (const auto* text : {"", "{", "{}{}", "nonsense", "{'a': 1}", "{\"threads\": 1,,}"})
    BOOST_TEST(!parse_config(text).has_value(), text);
  BOOST_TEST(!parse_config(std::string(100, '[')).has_value());
}

BOOST_AUTO_TEST_CASE(paths_can_be_appended_to_the_public_url) {
  const auto c = parse_config(R"({"public_url": "https://ads.test/"})");
  BOOST_REQUIRE(c);
  BOOST_TEST(c->public_url == "https://ads.test");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named) {
  const auto c = read_config("/nonexistent/interlude.json");
  BOOST_REQUIRE(!c);
  BOOST_TEST((c.error().code == errc::not_found));
  BOOST_TEST(c.error().where == "/nonexistent/interlude.json");
}

BOOST_AUTO_TEST_SUITE_END()
