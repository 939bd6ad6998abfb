#include "ads/tracking/due_events.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::ads;
using namespace std::chrono_literals;

namespace {

vast::ad ad_with(std::vector<vast::tracking> events) {
  vast::ad a;
  a.impressions = {"http://i.test/1", "http://i.test/2"};
  a.creatives.emplace_back().linear.emplace().events = std::move(events);
  return a;
}

std::string names(const std::vector<due_event>& events) {
  std::string out;
  for (const auto& e : events) out += e.name + ' ';
  return out;
}

vast::tracking at(const char* event, const char* url,
                  std::optional<vast::ad_position> offset = {}) {
  return {event, url, offset};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(due_events)

BOOST_AUTO_TEST_CASE(each_event_is_due_once_with_the_media_that_covers_it) {
  const auto ad = ad_with({at("creativeView", "http://t.test/view")});
  std::string all;
  for (auto from = 0s; from < 10s; from += 2s)
    all += names(events_between(ad, from, from + 2s, 10s)) + "| ";
  BOOST_TEST(all ==
             "impression creativeView start | firstQuartile | midpoint | thirdQuartile | "
             "complete | ");
}

BOOST_AUTO_TEST_CASE(one_segment_may_cover_all) {
  BOOST_TEST(names(events_between(ad_with({}), 0s, 10s, 10s)) ==
             "impression start firstQuartile midpoint thirdQuartile complete ");
}

BOOST_AUTO_TEST_CASE(an_ad_that_is_cut_is_not_complete) {
  BOOST_TEST(names(events_between(ad_with({}), 6s, 8s, 10s)) == "thirdQuartile ");
}

BOOST_AUTO_TEST_CASE(behind_the_end_nothing_is_due) {
  BOOST_TEST(names(events_between(ad_with({}), 10s, 12s, 10s)) == "");
}

BOOST_AUTO_TEST_CASE(who_is_to_be_told_stands_beside_the_event) {
  const auto ad = ad_with({at("start", "http://t.test/s1"), at("complete", "http://t.test/c"),
                           at("start", "http://t.test/s2"), at("mute", "http://t.test/m")});
  const auto all = all_events(ad, 10s);
  BOOST_TEST(names(all) == "impression start firstQuartile midpoint thirdQuartile complete ");
  BOOST_TEST(all[0].urls == ad.impressions);
  BOOST_TEST(all[1].urls == (std::vector<std::string>{"http://t.test/s1", "http://t.test/s2"}));
  BOOST_TEST(all[2].urls.empty());
}

BOOST_AUTO_TEST_CASE(progress_is_due_at_its_offset) {
  const auto ad = ad_with({at("progress", "http://t.test/5", vast::ad_position{5s, {}}),
                           at("progress", "http://t.test/half", vast::ad_position{0s, 0.5}),
                           at("progress", "http://t.test/1", vast::ad_position{1s, {}}),
                           at("progress", "http://t.test/never", vast::ad_position{11s, {}}),
                           at("progress", "http://t.test/where")});
  const auto all = all_events(ad, 10s);
  BOOST_TEST(names(all) ==
             "impression start progress-1000 firstQuartile midpoint progress-5000 thirdQuartile "
             "complete ");
  BOOST_TEST(all[5].urls == (std::vector<std::string>{"http://t.test/5", "http://t.test/half"}));
}

BOOST_AUTO_TEST_CASE(an_event_has_so_many_urls_at_most) {
  auto ad = ad_with({});
  ad.impressions.assign(1000, "http://i.test/");
  ad.creatives[0].linear->events.assign(1000, at("start", "http://t.test/"));
  for (const auto& e : all_events(ad, 10s)) BOOST_TEST(e.urls.size() <= most_urls_of_event, e.name);
}

BOOST_AUTO_TEST_SUITE_END()
