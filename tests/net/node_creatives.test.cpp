// The creatives of a node, as its operator sees them.
#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

const std::string token = "Authorization: Bearer node operator\r\n";

raw_response send(staged_node& node, const std::string& method, const std::string& target,
                  const std::string& lines = token) {
  raw_client client{node.server->endpoint()};
  client.send(method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + lines +
              "Content-Length: 0\r\n\r\n");
  return client.read();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(creatives_of_a_node)

BOOST_AUTO_TEST_CASE(they_are_listed_with_what_is_known_of_them) {
  staged_node node;
  node.serve();
  const auto r = node.get("/v1/creatives?limit=2", token);
  BOOST_REQUIRE_EQUAL(r.status(), 200);
  const auto body = boost::json::parse(r.body);
  BOOST_TEST(body.at("bytes").to_number<int>() == 5000);
  BOOST_TEST(body.at("budget").to_number<int>() == 9000);
  BOOST_TEST(body.at("next").as_string() == "bad");
  const auto& list = body.at("creatives").as_array();
  BOOST_REQUIRE(list.size() == 2u);
  BOOST_TEST(list[0].at("state").as_string() == "quarantined");
  BOOST_TEST(list[0].at("failures").to_number<int>() == 6);
  BOOST_TEST(list[0].at("until").as_string() == "1970-01-01T01:00:00.000Z");
  BOOST_TEST(list[0].as_object().if_contains("bytes") == nullptr);
  BOOST_TEST(list[1].at("state").as_string() == "ready");
  BOOST_TEST(list[1].at("loudness").to_number<double>() == -17.3);
  BOOST_TEST(list[1].at("duration").to_number<double>() == 8);
  BOOST_TEST(list[1].at("lastUse").as_string() == "1970-01-01T00:01:00.000Z");
  node.get("/v1/creatives?after=bad", token);
  BOOST_TEST((node.desk.asked() == std::vector<std::string>{"list  2", "list bad 100"}));
}

BOOST_AUTO_TEST_CASE(a_page_that_makes_no_sense_is_refused) {
  staged_node node;
  node.serve();
  for (const auto* query : {"limit=0", "limit=1001", "limit=x", "limit=", "after=", "after=../x",
                            "size=3", "limit", "after"})
    BOOST_TEST(node.get("/v1/creatives?" + std::string{query}, token).status() == 400, query);
  BOOST_TEST(node.desk.asked().empty());
}

BOOST_AUTO_TEST_CASE(one_is_released_or_removed) {
  staged_node node;
  node.serve();
  BOOST_TEST(send(node, "POST", "/v1/creatives/bad/retry").status() == 200);
  BOOST_TEST(send(node, "POST", "/v1/creatives/none/retry").status() == 404);
  BOOST_TEST(send(node, "DELETE", "/v1/creatives/ready1").status() == 200);
  BOOST_TEST(send(node, "DELETE", "/v1/creatives/none").status() == 404);
  BOOST_TEST(send(node, "GET", "/v1/creatives/ready1").status() == 405);
  BOOST_TEST(send(node, "GET", "/v1/creatives/bad/retry").status() == 405);
  BOOST_TEST(send(node, "DELETE", "/v1/creatives").status() == 405);
}

BOOST_AUTO_TEST_CASE(nobody_but_the_operator_may_ask) {
  staged_node node;
  node.serve();
  for (const auto* lines :
       {"", "Authorization: Bearer operator\r\n", "Authorization: Bearer \r\n"}) {
    BOOST_TEST(node.get("/v1/creatives", lines).status() == 401, lines);
    BOOST_TEST(send(node, "POST", "/v1/creatives/bad/retry", lines).status() == 401, lines);
    BOOST_TEST(send(node, "DELETE", "/v1/creatives/ready1", lines).status() == 401, lines);
  }
  BOOST_TEST(node.desk.asked().empty());
}

BOOST_AUTO_TEST_CASE(without_a_token_the_routes_are_closed) {
  staged_node node;
  node.context.operator_token.clear();
  node.serve();
  const auto r = node.get("/v1/creatives", "Authorization: Bearer \r\n");
  BOOST_TEST(r.status() == 401);
  BOOST_TEST(r.body.find("operator_token") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
