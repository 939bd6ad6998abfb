#include "ads/audience/cohort.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace interlude::ads;

namespace {

viewer german_tv() {
  viewer v;
  v.session = "0123456789abcdef0123456789abcdef";
  v.ip = "198.51.100.7";
  v.user_agent = "Player/1";
  v.country = "DE";
  v.region = "BY";
  v.device_class = "tv";
  v.parameters = {{"genre", "news"}, {"email", "a@b.example"}};
  return v;
}

audience_policy by(std::vector<std::string> attributes, std::uint64_t buckets = 1) {
  audience_policy p;
  p.attributes = std::move(attributes);
  p.buckets = buckets;
  return p;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cohorts)

BOOST_AUTO_TEST_CASE(a_cohort_is_called_by_what_makes_it_one) {
  const auto v = german_tv();
  BOOST_TEST(cohort_of(v, by({})) == "");
  BOOST_TEST(cohort_of(v, by({"country", "device"})) == "country=DE,device=tv");
  BOOST_TEST(cohort_of(v, by({"region", "consent", "ads.genre", "ads.none"})) ==
             "region=BY,consent=yes,ads.genre=news,ads.none=");
}

BOOST_AUTO_TEST_CASE(who_does_not_consent_is_known_by_less) {
  auto v = german_tv();
  v.allows.gdpr_applies = true;
  BOOST_TEST(cohort_of(v, by({"country", "region", "consent"})) == "country=DE,region=,consent=no");
  const auto told = common_to_cohort(v, by({"country", "region", "consent"}));
  BOOST_TEST(told.country == "DE");
  BOOST_TEST(told.region == "");
  BOOST_TEST(told.allows.limits_tracking);
}

BOOST_AUTO_TEST_CASE(an_ad_server_is_told_what_the_cohort_has_in_common_only) {
  const auto told = common_to_cohort(german_tv(), by({"device", "ads.genre"}));
  BOOST_TEST(told.device_class == "tv");
  BOOST_TEST(told.parameters.size() == 1u);
  BOOST_TEST(told.parameters.at("genre") == "news");
  for (const auto& text : {told.ip, told.user_agent, told.session, told.country, told.region})
    BOOST_TEST(text == "");
}

BOOST_AUTO_TEST_CASE(what_a_player_says_cannot_name_another_cohort) {
  auto v = german_tv();
  for (const auto& value :
       {std::string("news,device=tv"), std::string("a/b"), std::string("a\nb"),
        std::string(10'000, 'x'), std::string("#0123456789abcdef"), std::string("\0", 1)}) {
    v.parameters["genre"] = value;
    const auto name = cohort_of(v, by({"ads.genre", "device"}));
    BOOST_TEST(name.size() <= 161u);
    BOOST_TEST(name.starts_with("ads.genre=#"));
    BOOST_TEST(name != "ads.genre=" + value + ",device=tv");
    BOOST_TEST(name.find_first_of("/\n") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(many_attributes_still_make_a_short_name) {
  std::vector<std::string> attributes;
  for (int i = 0; i < 100; ++i) attributes.push_back("ads.parameter" + std::to_string(i));
  auto v = german_tv();
  const auto one = cohort_of(v, by(attributes));
  v.parameters["parameter99"] = "x";
  const auto other = cohort_of(v, by(attributes));
  BOOST_TEST(one.size() == 17u);
  BOOST_TEST(one != other);
}

BOOST_AUTO_TEST_CASE(viewers_are_spread_over_buckets_and_stay_there) {
  std::set<std::string> seen;
  std::size_t first = 0;
  for (int i = 0; i < 1000; ++i) {
    auto v = german_tv();
    v.session = "session" + std::to_string(i);
    const auto name = cohort_of(v, by({"bucket"}, 4));
    BOOST_TEST(cohort_of(v, by({"bucket"}, 4)) == name);
    seen.insert(name);
    first += name == "bucket=0" ? 1u : 0u;
    // The same viewer in another session.
    v.id = "anna";
    const auto anna = cohort_of(v, by({"bucket"}, 4));
    v.session = "another";
    BOOST_TEST(cohort_of(v, by({"bucket"}, 4)) == anna);
  }
  BOOST_TEST(seen.size() == 4u);
  BOOST_TEST(first > 150u);
  BOOST_TEST(first < 350u);
}

BOOST_AUTO_TEST_CASE(each_viewer_may_be_an_audience) {
  auto p = by({"country"});
  p.per_viewer = true;
  BOOST_TEST(cohort_of(german_tv(), p) == "viewer=0123456789abcdef0123456789abcdef");
  BOOST_TEST(common_to_cohort(german_tv(), p).ip == "198.51.100.7");
}

BOOST_AUTO_TEST_CASE(attributes_are_known_by_name) {
  for (const auto* name : {"country", "region", "device", "consent", "bucket", "ads.x"})
    BOOST_TEST(is_attribute(name));
  for (const auto* name : {"", "ads.", "ip", "Country", "session"}) BOOST_TEST(!is_attribute(name));
}

BOOST_AUTO_TEST_SUITE_END()
