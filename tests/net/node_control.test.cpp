// What a node answers beside playlists: sessions and who may have one, cues, tracking, health.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "media/core/base64.hpp"
#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

// A viewer token (RFC 7519) as a publisher would sign it.
std::string viewer_token(const std::string& secret, const std::string& claims) {
  const auto text =
      encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + encode_base64url(claims);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  return text + "." + encode_base64url(std::string_view{reinterpret_cast<const char*>(mac), size});
}

const std::string secret = "what only the publisher and the node know";

void demand_token(channel_settings& s) {
  s.viewer_token.emplace();
  s.viewer_token->key = secret;
  s.viewer_token->ad_claims = {"tier"};
}

bool is_problem(const raw_response& r, const std::string& slug) {
  return r.has("application/problem+json") &&
         r.body.find("\"urn:interlude:problem:" + slug + "\"") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control_of_a_node)

BOOST_AUTO_TEST_CASE(an_explicit_session_names_where_to_go_on) {
  staged_node node;
  node.serve();
  const auto r = node.post("/v1/tv/one/session", R"({"mode":"sgai","ads":{"device":"tv"}})");
  BOOST_REQUIRE_EQUAL(r.status(), 201);
  const auto body = boost::json::parse(r.body);
  BOOST_TEST(body.at("mode").as_string() == "sgai");
  const auto manifest = std::string{body.at("manifestUrl").as_string()};
  BOOST_REQUIRE(manifest.starts_with("http://test/v1/tv/one/master.m3u8?session="));
  const auto master = node.get(manifest.substr(11));
  BOOST_TEST(master.status() == 200);
  const auto second = manifest.find("session=");
  const auto anywhere = node.get("/v1/tv/one/master.m3u8?a=1&" + manifest.substr(second) + "&b=2");
  BOOST_TEST(anywhere.body == master.body);
  BOOST_TEST(master.has("X-Session-Id: " + std::string{body.at("sessionId").as_string()}));
  const auto tracking = std::string{body.at("trackingUrl").as_string()};
  BOOST_TEST(node.get(tracking.substr(11)).status() == 200);
  auto forged = manifest.substr(11);
  forged.back() = forged.back() == 'A' ? 'E' : 'A';
  BOOST_TEST(is_problem(node.get(forged), "invalid-session"));
}

BOOST_AUTO_TEST_CASE(a_session_request_that_makes_no_sense_is_refused_with_the_reason) {
  staged_node node;
  node.serve();
  for (const auto* body : {"{", "[]", R"({"mode":7})", R"({"ads":{"a":1}})", R"({"mdoe":"ssai"})",
                           R"({"mode":"both"})"}) {
    const auto r = node.post("/v1/tv/one/session", body);
    BOOST_TEST(r.status() == 400, body);
    BOOST_TEST(is_problem(r, "bad-session-request"), r.body);
  }
  BOOST_TEST(node.get("/v1/tv/one/master.m3u8?mode=dash").status() == 400);
  BOOST_TEST(node.get("/v1/tv/one/master.m3u8?ads.x=%zz").status() == 400);
  BOOST_TEST(node.get("/v1/tv/one/master.m3u8?ads.x=" + std::string(257, 'x')).status() == 400);
  BOOST_TEST(node.get("/v1/tv/one/session").status() == 405);
}

BOOST_AUTO_TEST_CASE(a_channel_may_demand_a_viewer_token) {
  staged_node node{demand_token};
  node.serve();
  const auto master = std::string{"/v1/tv/one/master.m3u8"};
  BOOST_TEST(is_problem(node.get(master), "viewer-token"));
  BOOST_TEST(node.get(master, "Authorization: Bearer x.y.z\r\n").status() == 401);
  const auto wrong = viewer_token("another secret, of somebody else's", R"({"exp":4000000000})");
  BOOST_TEST(node.get(master, "Authorization: Bearer " + wrong + "\r\n").status() == 401);
  const auto late = viewer_token(secret, R"({"exp":1000000000})");
  BOOST_TEST(node.get(master, "Authorization: Bearer " + late + "\r\n").status() == 401);
  const auto good = viewer_token(secret, R"({"exp":4000000000,"tier":"gold"})");
  BOOST_TEST(node.get(master, "Authorization: Bearer " + good + "\r\n").status() == 200);
  BOOST_TEST(node.get(master + "?token=" + good).status() == 200);
}

BOOST_AUTO_TEST_CASE(claims_become_ad_parameters_and_overrule_the_players) {
  staged_node node{demand_token};
  node.serve();
  const auto good = viewer_token(secret, R"({"exp":4000000000,"tier":"gold"})");
  const auto r = node.get("/v1/tv/one/master.m3u8?ads.tier=lead&ads.x=1&token=" + good);
  const auto from = r.body.find("\ns/") + 3;
  const auto token = r.body.substr(from, r.body.find('/', from) - from);
  const auto s = node.context.signer.verify(token, "tv", "one", node.context.now());
  BOOST_REQUIRE(s);
  const std::vector<std::pair<std::string, std::string>> wanted{{"x", "1"}, {"tier", "gold"}};
  BOOST_TEST((s->parameters == wanted));
}

BOOST_AUTO_TEST_CASE(a_cue_needs_the_operators_token_and_a_sound_command) {
  staged_node node;
  node.serve();
  const std::string path = "/v1/tv/one/cue", good = R"({"action":"start","id":"n1","duration":20})";
  BOOST_TEST(is_problem(node.post(path, good), "cue-token"));
  BOOST_TEST(node.post(path, good, "Authorization: Bearer guess\r\n").status() == 401);
  const std::string operators = "Authorization: Bearer operator\r\n";
  for (const auto* body :
       {"", "{}", R"({"action":"pause"})", R"({"action":"start","duration":-1})",
        R"({"action":"start","duration":1e9})", R"({"action":"start","at":"soon"})",
        R"({"action":"start","id":"../x"})", R"({"action":"start","colour":"red"})"})
    BOOST_TEST(is_problem(node.post(path, body, operators), "bad-cue"), body);
  BOOST_TEST(node.gateway.commands.empty());
  const auto r = node.post(path, good, operators);
  BOOST_REQUIRE_EQUAL(r.status(), 200);
  BOOST_TEST(boost::json::parse(r.body).at("eventId").as_string() == "n1");
  BOOST_REQUIRE_EQUAL(node.gateway.commands.size(), 1u);
  BOOST_TEST((node.gateway.commands[0].break_duration == duration{20s}));
  // How long the break is to be has to be said.
  BOOST_TEST(is_problem(node.post(path, R"({"action":"extend","id":"n1"})", operators), "bad-cue"));
  for (const auto* action : {"extend", "cancel", "stop"})
    BOOST_TEST(node.post(path,
                         R"({"action":")" + std::string{action} + R"(","id":"n1","duration":40})",
                         operators)
                   .status() == 200);
  BOOST_TEST((node.gateway.commands.at(1).what == cue_command::action::extend));
  BOOST_TEST((node.gateway.commands.at(2).what == cue_command::action::cancel));
}

BOOST_AUTO_TEST_CASE(operators_see_the_breaks_that_are_known) {
  staged_node node;
  node.serve();
  const std::string path = "/v1/tv/one/cue";
  BOOST_TEST(is_problem(node.get(path), "cue-token"));
  const auto r = node.get(path, "Authorization: Bearer operator\r\n");
  BOOST_REQUIRE_EQUAL(r.status(), 200);
  const auto body = boost::json::parse(r.body);
  const auto& breaks = body.at("breaks").as_array();
  BOOST_REQUIRE_EQUAL(breaks.size(), 1u);
  BOOST_TEST(breaks[0].at("start").as_string() == "2026-01-01T00:00:40.000Z");
  BOOST_TEST(breaks[0].at("source").as_string() == "playlist");
  BOOST_TEST(breaks[0].at("duration").to_number<double>() == 30);
}

BOOST_AUTO_TEST_CASE(tracking_tells_the_breaks_and_ads_of_the_sessions_window) {
  staged_node node;
  node.serve();
  const auto body = boost::json::parse(node.get(node.new_session("ssai") + "tracking.json").body);
  const auto& breaks = body.at("breaks").as_array();
  BOOST_REQUIRE_EQUAL(breaks.size(), 1u);
  BOOST_TEST(breaks[0].at("start").as_string() == "2026-01-01T00:00:40.000Z");
  const auto& ads = breaks[0].at("ads").as_array();
  BOOST_REQUIRE_EQUAL(ads.size(), 3u);
  BOOST_TEST(ads[1].at("name").as_string() == "green");
  BOOST_TEST(ads[1].at("start").as_string() == "2026-01-01T00:00:50.000Z");
}

BOOST_AUTO_TEST_CASE(operations_ask_for_health_version_and_channels) {
  staged_node node;
  node.serve();
  BOOST_TEST(node.get("/health/live").status() == 200);
  BOOST_TEST(node.get("/health/ready").status() == 200);
  BOOST_TEST(boost::json::parse(node.get("/version").body).at("name").as_string() == "interlude");
  const auto list = boost::json::parse(node.get("/v1/channels").body);
  BOOST_TEST(list.at("channels").at(0).at("master").as_string() == "/v1/tv/one/master.m3u8");
  node.context.ready = [] { return false; };
  BOOST_TEST(is_problem(node.get("/health/ready"), "not-ready"));
}

BOOST_AUTO_TEST_SUITE_END()
