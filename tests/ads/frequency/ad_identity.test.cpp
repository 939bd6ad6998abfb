#include "ads/frequency/ad_identity.hpp"

#include <boost/test/unit_test.hpp>

#include "ads/vast/parse.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::ads;

BOOST_AUTO_TEST_SUITE(identities_of_ads)

BOOST_AUTO_TEST_CASE(a_campaign_is_an_ads_id_in_its_ad_system_whoever_wraps_it) {
  vast::unwrapping ads{
      "http://ads.test/",
      *vast::parse_vast(test::vast_of(test::inline_ad("a") + test::wrapper_ad("http://w.test/")))};
  ads.answered(ads.take_requests().at(0).number,
               *vast::parse_vast(test::vast_of(test::inline_ad("a") + test::inline_ad("b"))));
  const auto all = ads.take().buffet;
  BOOST_REQUIRE(all.size() == 3u);
  BOOST_TEST(campaign_of(all[0]) == "test\na");
  BOOST_TEST(campaign_of(all[1]) == "test\na");
  BOOST_TEST(campaign_of(all[2]) == "test\nb");
  BOOST_TEST(campaign_of({}) == "");
}

BOOST_AUTO_TEST_CASE(an_advertiser_is_one_however_it_is_spelled) {
  const auto of = [](std::string text, std::string id = "") {
    vast::ad ad;
    ad.advertiser = {std::move(text), std::move(id)};
    return advertiser_of(ad);
  };
  BOOST_TEST(of("cars.example") == "cars.example");
  BOOST_TEST(of("https://WWW.Cars.example/spring?x=1") == "cars.example");
  BOOST_TEST(of("http://cars.example:8080") == "cars.example");
  BOOST_TEST(of("www.cars.example") == "cars.example");
  BOOST_TEST(of("Cars Inc.") == "cars inc.");
  BOOST_TEST(of("CARS") == "cars");
  BOOST_TEST(of("", "A1") == "a1");
  BOOST_TEST(of("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
