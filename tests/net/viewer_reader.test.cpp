// Who a request is from, and what they allow.
#include "net/viewer_reader.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/net/staged_node.hpp"
#include "tests/support/mmdb_writer.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

struct reading {
  reading() {
    std::ofstream{node.folder / "geo.mmdb", std::ios::binary}
        << test::mmdb_writer{}.add("203.0.113.0", 24, test::mmdb_place("DE", "BE")).bytes();
    node.context.viewers.geo = geo_database::open(node.folder / "geo.mmdb").value();
    node.context.viewers.trusted_proxies = {address_range::parse("127.0.0.0/8").value()};
    req.peer = asio::ip::make_address("127.0.0.1");
    req.headers = &fields;
    fields.set("X-Forwarded-For", "203.0.113.7");
  }
  ads::viewer read(const ads::consent_parameters& consent = {}) const {
    return read_viewer(node.context.viewers, req, consent).value();
  }

  staged_node node;
  request_fields fields;
  request req;
};

ads::consent_parameters from_body(const char* text) {
  return read_consent(boost::json::parse(text).as_object()).value();
}

bool refused(const char* text, const std::string& where) {
  const auto read = read_consent(boost::json::parse(text).as_object());
  return !read && read.error().code == errc::malformed && read.error().where == where;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(viewer_readers)

BOOST_AUTO_TEST_CASE(a_viewer_is_known_by_what_their_player_sends) {
  reading r;
  r.fields.set(http::field::user_agent,
               "AppleCoreMedia/1.0.0.21K79 (Apple TV; U; CPU OS 17_0 like Mac OS X; en_us)");
  r.fields.set(http::field::accept_language, "de-DE");
  r.fields.set(http::field::referer, "https://site.test/live");
  const auto v = r.read({{"us_privacy", "1YNN"}});
  BOOST_TEST(v.ip == "203.0.113.7");
  BOOST_TEST(v.country == "DE");
  BOOST_TEST(v.region == "DE-BE");
  BOOST_TEST(v.device_class == "tv");
  BOOST_TEST(v.user_agent.starts_with("AppleCoreMedia"));
  BOOST_TEST(v.accept_language == "de-DE");
  BOOST_TEST(v.referer == "https://site.test/live");
  BOOST_TEST(v.allows.us_privacy == "1YNN");
  BOOST_TEST(!v.allows.limits_tracking);
  BOOST_TEST(v.session == "");
}

BOOST_AUTO_TEST_CASE(hints_and_the_privacy_control_are_heard) {
  reading r;
  r.fields.set("Sec-CH-UA-Mobile", "?1");
  r.fields.set("Sec-GPC", "1");
  const auto v = r.read();
  BOOST_TEST(v.device_class == "phone");
  BOOST_TEST(v.allows.limits_tracking);
}

BOOST_AUTO_TEST_CASE(what_is_not_known_of_a_viewer_is_empty) {
  reading r;
  r.fields.set("X-Forwarded-For", "unknown");
  auto v = r.read();
  BOOST_TEST(v.ip == "");
  BOOST_TEST(v.country == "");
  BOOST_TEST(v.device_class == "");
  r.fields.set("X-Forwarded-For", "203.0.113.7");
  r.node.context.viewers.geo = nullptr;
  v = r.read();
  BOOST_TEST(v.ip == "203.0.113.7");
  BOOST_TEST(v.country == "");
}

BOOST_AUTO_TEST_CASE(what_a_player_sends_of_itself_is_bounded) {
  reading r;
  r.fields.set(http::field::user_agent, std::string(5000, 'x'));
  BOOST_TEST(r.read().user_agent.size() == 1024u);
  const auto refused =
      read_viewer(r.node.context.viewers, r.req, {{"gpp", std::string(9000, 'D')}});
  BOOST_TEST((refused.error().code == errc::too_large));
}

BOOST_AUTO_TEST_CASE(consent_has_the_same_names_with_and_without_prefix) {
  BOOST_TEST(consent_name("gdpr") == "gdpr");
  BOOST_TEST(consent_name("ads.gdpr_consent") == "gdpr_consent");
  for (const char* other : {"mode", "ads.genre", "ads.", "", "ads.ads.gdpr", "tcf"})
    BOOST_TEST(consent_name(other) == "");
}

BOOST_AUTO_TEST_CASE(consent_in_a_body_says_what_it_says_in_a_query) {
  const ads::consent_parameters expected = {
      {"gdpr", "1"},  {"gdpr_consent", "C.x"}, {"us_privacy", "1YNN"},
      {"gpp", "D~y"}, {"gpp_sid", "2,6"},      {"lat", "1"},
      {"dnt", "0"}};
  BOOST_TEST((from_body(R"({"gdpr": 1, "tcf": "C.x", "us_privacy": "1YNN", "gpp": "D~y",
                            "gpp_sid": [2, 6], "lat": true, "dnt": "0"})") == expected));
  const ads::consent_parameters nothing = {{"gdpr", ""}};
  BOOST_TEST((from_body(R"({"gdpr": null})") == nothing));
}

BOOST_AUTO_TEST_CASE(a_consent_that_is_no_such_thing_is_refused_by_name) {
  BOOST_TEST(refused(R"({"gdrp": 1})", "consent.gdrp"));
  BOOST_TEST(refused(R"({"gdpr": 0.5})", "consent.gdpr"));
  BOOST_TEST(refused(R"({"gdpr": [1]})", "consent.gdpr"));
  BOOST_TEST(refused(R"({"tcf": 1})", "consent.tcf"));
  BOOST_TEST(refused(R"({"gpp_sid": ["2"]})", "consent.gpp_sid"));
  BOOST_TEST(refused(R"({"gpp_sid": 2})", "consent.gpp_sid"));
  const auto many = "{\"gpp_sid\": [1" + [] {
    std::string more;
    for (int i = 0; i < 32; ++i) more += ",1";
    return more;
  }() + "]}";
  BOOST_TEST(refused(many.c_str(), "consent.gpp_sid"));
}

BOOST_AUTO_TEST_CASE(a_session_may_be_started_with_consent) {
  staged_node node;
  node.serve();
  const std::string url = "/v1/tv/one/session";
  const std::string long_consent = "C" + std::string(1000, 'A');
  BOOST_TEST(node.post(url + "?gdpr=1&ads.gdpr_consent=" + long_consent,
                       R"({"consent": {"tcf": "C.x", "gpp_sid": [2, 6]}})")
                 .status() == 201);
  const auto wrong = node.post(url, R"({"consent": {"gdrp": 1}})");
  BOOST_TEST(wrong.status() == 400);
  BOOST_TEST(wrong.body.find("consent.gdrp") != std::string::npos, wrong.body);
  BOOST_TEST(node.post(url, R"({"consent": "yes"})").status() == 400);
}

BOOST_AUTO_TEST_SUITE_END()
