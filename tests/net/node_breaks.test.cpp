// Why this ad: the breaks of a channel and their stories, as its operator sees them.
#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

const std::string token = "Authorization: Bearer operator\r\n", path = "/v1/tv/one/breaks";

void tell(staged_node& node, const std::string& break_id, const std::string& audience) {
  decision_story s;
  s.break_id = break_id;
  s.source = stitch::cue_source::in_band;
  s.start = test::at(40);
  s.wanted = 20s;
  s.ads_length = 15s;
  s.audience = audience;
  s.tiers.push_back({"http://ads.test/", inquiry_outcome::answered, {}, 1, 1, 12ms});
  auto& ad = s.ads.emplace_back();
  ad.id = "a";
  ad.tier = "ads";
  ad.skipped = {skip_reason::new_creative, "its creative is wanted for the first time"};
  node.gateway.stories.add(std::make_shared<const decision_story>(std::move(s)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(breaks_of_a_node)

BOOST_AUTO_TEST_CASE(they_are_listed_with_a_line_each) {
  staged_node node;
  tell(node, "b1", "stitched");
  tell(node, "b1", "guided");
  node.serve();
  const auto r = node.get(path, token);
  BOOST_REQUIRE_EQUAL(r.status(), 200);
  BOOST_TEST(r.has("Cache-Control: no-store"));
  const auto body = boost::json::parse(r.body);
  const auto& list = body.at("breaks").as_array();
  BOOST_REQUIRE_EQUAL(list.size(), 1u);
  BOOST_TEST(list[0].at("id").as_string() == "b1");
  BOOST_TEST(list[0].at("source").as_string() == "media");
  BOOST_TEST(list[0].at("start").as_string() == "2026-01-01T00:00:40.000Z");
  BOOST_TEST(list[0].at("duration").to_number<double>() == 20);
  BOOST_TEST(list[0].at("audiences").to_number<int>() == 2);
  BOOST_TEST(list[0].at("fillRate").to_number<double>() == 0.75);
}

BOOST_AUTO_TEST_CASE(one_is_told_for_all_audiences_or_for_one) {
  staged_node node;
  tell(node, "b1", "stitched");
  tell(node, "b1", "guided/country=DE");
  node.serve();
  const auto all = boost::json::parse(node.get(path + "/b1", token).body);
  BOOST_REQUIRE_EQUAL(all.at("audiences").as_array().size(), 2u);
  const auto& first = all.at("audiences").at(0);
  BOOST_TEST(first.at("audience").as_string() == "stitched");
  BOOST_TEST(first.at("tiers").at(0).at("outcome").as_string() == "VAST_RESPONSE");
  BOOST_TEST(first.at("ads").at(0).at("reason").as_string() == "NEW_CREATIVE");
  for (const auto* name : {"guided/country=DE", "guided%2Fcountry%3DDE"}) {
    const auto one = boost::json::parse(node.get(path + "/b1?audience=" + name, token).body);
    BOOST_REQUIRE_EQUAL(one.at("audiences").as_array().size(), 1u);
    BOOST_TEST(one.at("audiences").at(0).at("audience").as_string() == "guided/country=DE");
  }
  const auto none = boost::json::parse(node.get(path + "/b1?audience=nobody", token).body);
  BOOST_TEST(none.at("audiences").as_array().empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_known_or_makes_no_sense_is_refused) {
  staged_node node;
  tell(node, "b1", "stitched");
  node.serve();
  BOOST_TEST(node.get(path + "/b2", token).status() == 404);
  BOOST_TEST(node.get("/v1/tv/two/breaks", token).status() == 404);
  for (const auto* query : {"audience=", "audience=%zz", "viewer=a", "audience"})
    BOOST_TEST(node.get(path + "/b1?" + query, token).status() == 400, query);
  BOOST_TEST(node.post(path, "", token).status() == 405);
  BOOST_TEST(node.post(path + "/b1", "", token).status() == 405);
}

BOOST_AUTO_TEST_CASE(nobody_but_the_channels_operator_may_ask) {
  staged_node node;
  tell(node, "b1", "stitched");
  node.serve();
  for (const auto* lines :
       {"", "Authorization: Bearer node operator\r\n", "Authorization: Bearer \r\n"})
    for (const auto* what : {"", "/b1"})
      BOOST_TEST(node.get(path + what, lines).status() == 401, lines);
  BOOST_TEST(node.gateway.asked == 0);
}

BOOST_AUTO_TEST_SUITE_END()
