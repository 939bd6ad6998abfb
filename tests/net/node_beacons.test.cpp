// The tracking requests of a node, as its operator sees them; and what a load balancer is told.
#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

const std::string token = "Authorization: Bearer node operator\r\n";
const std::string dead = "/v1/beacons/dead";

boost::json::value parsed(const raw_response& r) {
  BOOST_REQUIRE_EQUAL(r.status(), 200);
  return boost::json::parse(r.body);
}

std::string names_of(const boost::json::value& page) {
  std::string out;
  for (const auto& b : page.at("dead").as_array())
    out += std::string{b.at("name").as_string()}.back();
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(beacons_of_a_node)

BOOST_AUTO_TEST_CASE(how_many_wait_and_for_whom_is_told) {
  staged_node node;
  node.beacons.counters.delivered = 5;
  node.serve();
  const auto body = parsed(node.get("/v1/beacons", token));
  BOOST_TEST(body.at("waiting").to_number<int>() == 7);
  BOOST_TEST(body.at("maxWaiting").to_number<int>() == 1000);
  BOOST_TEST(body.at("dead").to_number<int>() == 3);
  BOOST_TEST(body.at("maxDead").to_number<int>() == 100);
  BOOST_TEST(body.at("late").to_number<double>() == 1.5);
  BOOST_TEST(body.at("accepting").as_bool());
  BOOST_TEST(body.at("counters").at("delivered").to_number<int>() == 5);
  const auto& host = body.at("hosts").at(0);
  BOOST_TEST(host.at("host").as_string() == "c.test");
  BOOST_TEST(host.at("due").as_string() == "1970-01-01T00:01:00.000Z");
  BOOST_TEST(host.at("problem").as_string() == "HTTP 503");
  node.beacons.refusal = "no room";
  BOOST_TEST(parsed(node.get("/v1/beacons", token)).at("why").as_string() == "no room");
}

BOOST_AUTO_TEST_CASE(what_was_given_up_is_listed_with_what_is_known_of_it) {
  staged_node node;
  node.serve();
  const auto one = parsed(node.get(dead + "/" + beacon_list::name_of(1), token));
  BOOST_TEST(one.at("name").as_string() == beacon_list::name_of(1));
  BOOST_TEST(one.at("url").as_string() == "http://a.test/1?who=me");
  BOOST_TEST(one.at("host").as_string() == "a.test");
  BOOST_TEST(one.at("channel").as_string() == "tv/one");
  BOOST_TEST(one.at("event").as_string() == "start");
  BOOST_TEST(one.at("ad").as_string() == "red");
  BOOST_TEST(one.at("break").as_string() == "b1");
  BOOST_TEST(one.at("attempts").to_number<int>() == 8);
  BOOST_TEST(one.at("problem").as_string() == "HTTP 503");
  BOOST_TEST(one.at("accepted").as_string() == "1970-01-01T00:01:00.000Z");
  BOOST_TEST(one.at("givenUp").as_string() == "1970-01-01T00:02:00.000Z");
  const auto all = node.get(dead, token);
  BOOST_TEST(parsed(all).at("dead").at(0) == one);
  BOOST_TEST(all.body.find("192.0.2.1") == std::string::npos);
  BOOST_TEST(node.get(dead + "/" + beacon_list::name_of(9), token).status() == 404);
}

BOOST_AUTO_TEST_CASE(the_list_comes_in_pages_and_by_channel_and_host) {
  staged_node node;
  node.serve();
  const auto first = parsed(node.get(dead + "?limit=2", token));
  BOOST_TEST(names_of(first) == "12");
  const auto next = std::string{first.at("next").as_string()};
  const auto second = parsed(node.get(dead + "?limit=2&after=" + next, token));
  BOOST_TEST(names_of(second) == "3");
  BOOST_TEST(second.as_object().if_contains("next") == nullptr);
  BOOST_TEST(names_of(parsed(node.get(dead + "?channel=tv%2Fone", token))) == "13");
  BOOST_TEST(names_of(parsed(node.get(dead + "?channel=tv/two", token))) == "2");
  BOOST_TEST(names_of(parsed(node.get(dead + "?host=A.test:81", token))) == "3");
  for (const auto* query :
       {"limit=0", "limit=1001", "limit=x", "after=", "after=../x", "size=3", "limit",
        "host=", "channel=%zz", "after=0000000000000000000000000000000g"})
    BOOST_TEST(node.get(dead + "?" + query, token).status() == 400, query);
}

BOOST_AUTO_TEST_CASE(those_that_are_named_are_sent_again) {
  staged_node node;
  node.serve();
  const auto body =
      R"({"names":[")" + beacon_list::name_of(2) + R"(",")" + beacon_list::name_of(9) + R"("]})";
  const auto r = parsed(node.post(dead + "/replay", body, token));
  BOOST_TEST(r.at("replayed").to_number<int>() == 1);
  BOOST_TEST(r.at("missing").to_number<int>() == 1);
  BOOST_TEST(!r.at("more").as_bool());
  BOOST_TEST(!r.at("full").as_bool());
  BOOST_TEST((node.beacons.asked.at(0).first == dead_change::replay));
  BOOST_TEST((node.beacons.changed == std::vector{beacon_list::name_of(2)}));
}

BOOST_AUTO_TEST_CASE(all_are_deleted_as_far_as_a_request_may_go) {
  staged_node node;
  node.beacons.slow = true;
  node.serve();
  const auto r = parsed(
      node.post(dead + "/drop", R"({"all":true,"host":"a.test","channel":"tv/one"})", token));
  BOOST_TEST(r.at("dropped").to_number<int>() == 1);
  BOOST_TEST(r.at("more").as_bool());
  const auto rest = parsed(node.post(dead + "/drop",
                                     R"({"all":true,"host":"a.test","after":")" +
                                         std::string{r.at("next").as_string()} + R"(","until":")" +
                                         std::string{r.at("until").as_string()} + R"("})",
                                     token));
  BOOST_TEST(rest.at("dropped").to_number<int>() == 1);
  BOOST_TEST(!rest.at("more").as_bool());
  BOOST_TEST((node.beacons.asked.at(1).second.until == instant{1h}));
  BOOST_TEST(
      (node.beacons.changed == std::vector{beacon_list::name_of(1), beacon_list::name_of(3)}));
}

BOOST_AUTO_TEST_CASE(that_there_is_no_room_is_said) {
  staged_node node;
  node.beacons.full = true;
  node.serve();
  const auto r = parsed(node.post(dead + "/replay", R"({"all":true})", token));
  BOOST_TEST(r.at("replayed").to_number<int>() == 0);
  BOOST_TEST(r.at("full").as_bool());
}

BOOST_AUTO_TEST_CASE(a_selection_that_makes_no_sense_changes_nothing) {
  staged_node node;
  node.serve();
  const auto name = beacon_list::name_of(1);
  std::string many = R"({"names":[")" + name;
  for (int i = 0; i < 5000; ++i) many += R"(",")" + name;
  many += R"("]})";
  for (const auto& body : std::vector<std::string>{
           "", "[]", "{}", R"({"all":false})", R"({"names":[]})", R"({"names":["x"]})",
           R"({"names":[1]})", R"({"host":"a.test"})",
           R"({"all":true,"names":[")" + name + R"("]})",
           R"({"names":[")" + name + R"("],"host":"a.test"})", R"({"all":true,"until":"soon"})",
           R"({"all":true,"hots":"a.test"})", many})
    for (const auto* what : {"/replay", "/drop"}) {
      const auto r = node.post(dead + what, body, token);
      BOOST_TEST(r.status() == 400, body.substr(0, 100));
      BOOST_TEST(r.body.find("bad-selection") != std::string::npos);
    }
  BOOST_TEST(node.beacons.asked.empty());
}

BOOST_AUTO_TEST_CASE(nobody_but_the_operator_may_ask) {
  staged_node node;
  node.serve();
  for (const auto* lines :
       {"", "Authorization: Bearer operator\r\n", "Authorization: Bearer \r\n"}) {
    for (const auto& path :
         {std::string{"/v1/beacons"}, dead, dead + "/" + beacon_list::name_of(1)})
      BOOST_TEST(node.get(path, lines).status() == 401, path);
    for (const auto* what : {"/replay", "/drop"})
      BOOST_TEST(node.post(dead + what, R"({"all":true})", lines).status() == 401, what);
  }
  BOOST_TEST(node.beacons.asked.empty());
  BOOST_TEST(node.get(dead + "/replay", token).status() == 405);
  BOOST_TEST(node.post(dead, "{}", token).status() == 405);
  BOOST_TEST(node.get(dead + "/short", token).status() == 404);
}

BOOST_AUTO_TEST_CASE(a_node_that_refuses_tracking_requests_is_not_ready_and_says_why) {
  staged_node node;
  node.serve();
  BOOST_TEST(node.get("/health/ready").status() == 200);
  node.beacons.refusal = "as many tracking requests wait as beacons.max_waiting allows";
  const auto r = node.get("/health/ready");
  BOOST_TEST(r.status() == 503);
  BOOST_TEST(r.has("Retry-After: 1"));
  BOOST_TEST(r.body.find("beacons-refused") != std::string::npos);
  BOOST_TEST(r.body.find("beacons.max_waiting") != std::string::npos);
  BOOST_TEST(node.get("/health/live").status() == 200);
  node.beacons.refusal.clear();
  BOOST_TEST(node.get("/health/ready").status() == 200);
}

BOOST_AUTO_TEST_SUITE_END()
