// Sessions in debug mode: who may start one, and what it tells.
#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

const std::string operators = "Authorization: Bearer operator\r\n",
                  path = "/v1/tv/one/session?mode=ssai&ads.section=sports&debug=1";

// Where its story is told.
std::string debug_path(const raw_response& r) {
  BOOST_REQUIRE_EQUAL(r.status(), 201);
  return std::string{boost::json::parse(r.body).at("debugUrl").as_string()}.substr(11);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(debugging_of_sessions)

BOOST_AUTO_TEST_CASE(one_that_is_debugged_tells_its_whole_story) {
  staged_node node;
  node.serve();
  const auto url = debug_path(node.post(path, "", operators));
  auto story = std::make_shared<decision_story>();
  story->break_id = "b1";
  story->start = test::at(40);
  story->audience = "stitched";
  node.context.debugging->tell("tv/one", story, node.context.now());
  const auto r = node.get(url);
  BOOST_REQUIRE_EQUAL(r.status(), 200);
  BOOST_TEST(r.has("Cache-Control: no-store"));
  const auto body = boost::json::parse(r.body);
  BOOST_TEST(body.at("mode").as_string() == "ssai");
  BOOST_TEST(body.at("audience").as_string() == "stitched");
  BOOST_TEST(body.at("ads").at("section").as_string() == "sports");
  BOOST_REQUIRE_EQUAL(body.at("decisions").as_array().size(), 1u);
  BOOST_TEST(body.at("decisions").at(0).at("break").as_string() == "b1");
  BOOST_TEST(body.at("breaks").at(0).at("start").as_string() == "2026-01-01T00:00:40.000Z");
}

BOOST_AUTO_TEST_CASE(only_the_channels_operator_may_start_one) {
  staged_node node;
  node.serve();
  for (const auto* lines : {"", "Authorization: Bearer guess\r\n", "Authorization: Bearer \r\n"})
    BOOST_TEST(node.post(path, "", lines).status() == 401, lines);
  BOOST_TEST(node.post(path + "&debug_token=", "").status() == 401);
  BOOST_TEST(node.post(path + "&debug_token=operato", "").status() == 401);
  debug_path(node.post(path + "&debug_token=operator", ""));
  BOOST_TEST(node.get("/v1/tv/one/master.m3u8?debug=1").status() == 401);
  BOOST_TEST(node.get("/v1/tv/one/master.m3u8?debug=1", operators).status() == 200);
}

BOOST_AUTO_TEST_CASE(others_have_no_story) {
  staged_node node;
  node.serve();
  BOOST_TEST(node.get(node.new_session("ssai") + "debug.json").status() == 404);
  const auto plain = node.post("/v1/tv/one/session?debug=0", "", operators);
  BOOST_REQUIRE_EQUAL(plain.status(), 201);
  BOOST_TEST(!boost::json::parse(plain.body).as_object().contains("debugUrl"));
  // The node began anew.
  const auto url = debug_path(node.post(path, "", operators));
  node.context.debugging = std::make_shared<debug_book>();
  BOOST_TEST(node.get(url).status() == 404);
}

BOOST_AUTO_TEST_CASE(too_many_are_refused) {
  staged_node node;
  node.context.debugging = std::make_shared<debug_book>(debug_bounds{1, 64, 60min});
  node.serve();
  debug_path(node.post(path, "", operators));
  const auto r = node.post(path, "", operators);
  BOOST_TEST(r.status() == 429);
  BOOST_TEST(r.has("Retry-After: 60"));
}

BOOST_AUTO_TEST_SUITE_END()
