// Ads that are on the air are known in another life, too.
#include "actors/tracked_ads.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/station.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

struct kept_ads {
  disk store;
  std::shared_ptr<storage::cache_table> table = std::make_shared<storage::cache_table>(
      *storage::cache_table::open(store.env, "tracked_ads", 1'000'000));

  std::string keep(const vast::resolved_ad& ad) {
    const auto kept = tracked_ads{table}.keep(std::make_shared<const vast::resolved_ad>(ad), "ads",
                                              "http://ads.test/");
    if (kept.write) BOOST_REQUIRE(store.env->write(kept.write->work));
    return kept.name;
  }
  // As another process finds it.
  tracked_ad_ptr find(const std::string& name) { return tracked_ads{table}.find(name).value(); }
};

vast::resolved_ad some_ad() {
  vast::resolved_ad out;
  out.content.id = "a";
  out.content.impressions = {"http://i.test/"};
  out.content.creatives.emplace_back().linear.emplace();
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ads_that_are_tracked)

BOOST_AUTO_TEST_CASE(what_is_kept_is_found_again) {
  kept_ads ads;
  const auto found = ads.find(ads.keep(some_ad()));
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(found->tier == "ads");
  BOOST_TEST(found->server == "http://ads.test/");
  BOOST_TEST(found->content.id == "a");
  BOOST_TEST(found->content.impressions.size() == 1u);
  BOOST_TEST(found->break_events.empty());
}

BOOST_AUTO_TEST_CASE(events_of_the_break_are_kept_with_it) {
  kept_ads ads;
  auto ad = some_ad();
  // As ad servers write them: with line ends, quotes, and bytes that are no UTF-8.
  const std::vector<vast::tracking> events{{"breakStart", "http://v.test/\n\"s\"\xff", {}},
                                           {"breakEnd", "http://v.test/e", {}}};
  ad.break_events = std::make_shared<const std::vector<vast::tracking>>(events);
  const auto found = ads.find(ads.keep(ad));
  BOOST_REQUIRE(found != nullptr);
  BOOST_REQUIRE(found->break_events.size() == 2u);
  BOOST_TEST(found->break_events[0].event == "breakStart");
  BOOST_TEST(found->break_events[0].url == events[0].url);
  BOOST_TEST(found->break_events[1].url == "http://v.test/e");
  BOOST_TEST(found->content.id == "a");
  BOOST_TEST(ads.keep(ad) != ads.keep(some_ad()));
}

// It is no house ad for that.
BOOST_AUTO_TEST_CASE(what_cannot_be_kept_has_a_name_of_which_nothing_is_known) {
  kept_ads ads;
  auto ad = some_ad();
  ad.content.impressions.assign(3000, "http://i.test/" + std::string(1000, 'x'));
  const auto name = ads.keep(ad);
  BOOST_TEST(!name.empty());
  BOOST_TEST(ads.find(name) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
