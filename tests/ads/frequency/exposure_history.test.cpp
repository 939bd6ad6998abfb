#include "ads/frequency/exposure_history.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace interlude;
using namespace interlude::ads;
using namespace std::chrono_literals;

namespace {

const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");

exposure shown(instant at, const std::string& creative, const std::string& campaign = "",
               const std::string& advertiser = "") {
  return {at, count_key(creative), count_key(campaign), count_key(advertiser)};
}

std::string refusal(const exposure_history& seen, const exposure& next,
                    const frequency_policy& policy) {
  return seen.why_not(next, policy).value_or("plays");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exposure_histories)

BOOST_AUTO_TEST_CASE(a_cap_counts_what_it_is_for) {
  exposure_history seen;
  seen.add(shown(noon - 1min, "a", "spring", "cars"));
  seen.add(shown(noon - 2min, "b", "spring", "cars"));
  seen.add(shown(noon - 3min, "c", "summer", "cars"));
  const struct {
    cap_scope per;
    std::uint64_t max;
    exposure next;
    std::string answer;
  } cases[] = {
      {cap_scope::creative, 1, shown(noon, "a"), "at most 1 per creative in 3600 s"},
      {cap_scope::creative, 2, shown(noon, "a"), "plays"},
      {cap_scope::creative, 1, shown(noon, "d", "spring", "cars"), "plays"},
      {cap_scope::campaign, 2, shown(noon, "d", "spring"), "at most 2 per campaign in 3600 s"},
      {cap_scope::campaign, 3, shown(noon, "d", "spring"), "plays"},
      {cap_scope::campaign, 2, shown(noon, "d", "summer"), "plays"},
      {cap_scope::campaign, 1, shown(noon, "d", ""), "plays"},
      {cap_scope::advertiser, 3, shown(noon, "d", "x", "cars"),
       "at most 3 per advertiser in 3600 s"},
      {cap_scope::advertiser, 4, shown(noon, "d", "x", "cars"), "plays"},
      {cap_scope::advertiser, 3, shown(noon, "d", "x", "bikes"), "plays"},
  };
  for (const auto& c : cases)
    BOOST_TEST(refusal(seen, c.next, {{{c.per, c.max, 1h}}, 0s}) == c.answer);
}

BOOST_AUTO_TEST_CASE(windows_slide) {
  exposure_history seen;
  for (const auto ago : {60min, 40min, 20min}) seen.add(shown(noon - ago, "a"));
  const frequency_policy policy{{{cap_scope::creative, 3, 1h}}, 0s};
  BOOST_TEST(refusal(seen, shown(noon - 1us, "a"), policy) != "plays");
  BOOST_TEST(refusal(seen, shown(noon, "a"), policy) == "plays");
}

BOOST_AUTO_TEST_CASE(the_first_limit_that_is_reached_is_named) {
  exposure_history seen;
  seen.add(shown(noon - 1min, "a", "spring"));
  const frequency_policy policy{
      {{cap_scope::creative, 9, 1h}, {cap_scope::campaign, 1, 30s}, {cap_scope::campaign, 1, 24h}},
      0s};
  BOOST_TEST(refusal(seen, shown(noon, "b", "spring"), policy) ==
             "at most 1 per campaign in 86400 s");
}

BOOST_AUTO_TEST_CASE(a_creative_waits_for_its_gap) {
  exposure_history seen;
  seen.add(shown(noon, "a", "spring"));
  const frequency_policy policy{{}, 10min};
  BOOST_TEST(refusal(seen, shown(noon + 5min, "a"), policy) == "not again within 600 s (min_gap)");
  BOOST_TEST(refusal(seen, shown(noon + 10min, "a"), policy) == "plays");
  BOOST_TEST(refusal(seen, shown(noon + 5min, "b", "spring"), policy) == "plays");
  BOOST_TEST(policy.limits_nothing() == false);
  BOOST_TEST(frequency_policy{}.limits_nothing());
}

// A break that is to come has been decided; then a viewer joins and is shown something now.
BOOST_AUTO_TEST_CASE(what_is_to_be_shown_counts_like_what_was) {
  exposure_history seen;
  seen.add(shown(noon + 2min, "a"));
  BOOST_TEST(refusal(seen, shown(noon, "a"), {{{cap_scope::creative, 1, 1h}}, 0s}) != "plays");
  BOOST_TEST(refusal(seen, shown(noon, "a"), {{}, 5min}) != "plays");
  BOOST_TEST(refusal(seen, shown(noon, "a"), {{}, 1min}) == "plays");
}

BOOST_AUTO_TEST_CASE(what_was_added_can_be_taken_back_once) {
  exposure_history seen;
  const auto e = shown(noon, "a", "spring");
  seen.add(e);
  seen.add(e);
  BOOST_TEST(seen.take_back(e));
  BOOST_TEST(seen.exposures().size() == 1u);
  BOOST_TEST(!seen.take_back(shown(noon, "a")));
  BOOST_TEST(seen.take_back(e));
  BOOST_TEST(!seen.take_back(e));
  BOOST_TEST((seen == exposure_history{}));
}

BOOST_AUTO_TEST_CASE(what_no_window_sees_is_forgotten) {
  exposure_history seen;
  for (const auto ago : {61min, 60min, 0min, -60min, -61min}) seen.add(shown(noon - ago, "a"));
  seen.prune(noon, 1h);
  BOOST_TEST(seen.exposures().size() == 3u);
  BOOST_TEST((seen.exposures().front().at == noon - 60min));
  const frequency_policy policy{{{cap_scope::campaign, 1, 1h}, {cap_scope::creative, 9, 24h}}, 2h};
  BOOST_TEST((policy.longest() == 24h));
  BOOST_TEST((frequency_policy{{}, 2h}.longest() == 2h));
}

BOOST_AUTO_TEST_CASE(a_history_is_bounded_and_keeps_the_newest) {
  exposure_history seen;
  for (int i = 0; i < 1500; ++i) seen.add(shown(noon + std::chrono::seconds{i}, "a"));
  BOOST_TEST(seen.exposures().size() == exposure_history::max_exposures);
  BOOST_TEST((seen.exposures().front().at == noon + 500s));
}

BOOST_AUTO_TEST_CASE(a_number_stands_for_a_text_for_good) {
  // The test vectors of FNV.
  BOOST_TEST(count_key("a") == 0xaf63dc4c8601ec8cu);
  BOOST_TEST(count_key("foobar") == 0x85944171f73967e8u);
  BOOST_TEST(count_key("") == 0u);
}

// Whatever is asked for, at whatever times: no window ever holds more than its cap.
BOOST_AUTO_TEST_CASE(no_window_holds_more_than_its_cap) {
  std::mt19937 random{20261124};
  for (int trial = 0; trial < 100; ++trial) BOOST_TEST_CONTEXT("trial " << trial) {
      const frequency_cap cap{cap_scope::creative, 1 + random() % 3,
                              std::chrono::minutes{1 + random() % 60}};
      exposure_history seen;
      int refused = 0;
      for (int i = 0; i < 200; ++i) {
        const auto next = shown(noon + std::chrono::seconds{random() % 10'000}, "a");
        if (seen.why_not(next, {{cap}, 0s}))
          ++refused;
        else
          seen.add(next);
      }
      BOOST_TEST(refused > 0);
      const auto all = seen.exposures();
      for (std::size_t i = cap.max; i < all.size(); ++i)
        BOOST_TEST((all[i].at - all[i - cap.max].at >= cap.window));
    }
}

BOOST_AUTO_TEST_SUITE_END()
