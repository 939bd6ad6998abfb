#include "ads/pod/choose_pod.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace interlude;
using namespace interlude::ads;
using namespace std::chrono_literals;

namespace {

using places = std::vector<std::size_t>;

pod_candidate of_pod(duration length, std::string creative) {
  return {length, true, std::move(creative), "", {}};
}
pod_candidate alone(duration length, std::string creative) {
  return {length, false, std::move(creative), "", {}};
}

duration total(std::span<const pod_candidate> all, const places& chosen) {
  duration sum{0};
  for (const auto i : chosen) sum += all[i].length;
  return sum;
}

// By trying everything; one creative each, so that nothing excludes anything.
duration longest(const std::vector<pod_candidate>& all, duration budget) {
  duration best{0};
  for (std::uint32_t set = 0; set < (1u << all.size()); ++set) {
    duration sum{0};
    for (std::size_t i = 0; i < all.size(); ++i)
      if (set >> i & 1) sum += all[i].length;
    if (sum <= budget) best = std::max(best, sum);
  }
  return best;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pods)

BOOST_AUTO_TEST_CASE(a_pod_plays_in_its_order_as_far_as_it_fits) {
  const std::vector<pod_candidate> all = {of_pod(15s, "a"), of_pod(30s, "b"), of_pod(15s, "c")};
  BOOST_TEST(choose_pod(all, 60s) == (places{0, 1, 2}));
  BOOST_TEST(choose_pod(all, 45s) == (places{0, 1}));
  BOOST_TEST(choose_pod(all, 30s) == (places{0, 2}));
  BOOST_TEST(choose_pod(all, 10s) == places{});
  BOOST_TEST(choose_pod({}, 30s) == places{});
}

BOOST_AUTO_TEST_CASE(a_break_is_never_exceeded) {
  const std::vector<pod_candidate> two = {of_pod(40s, "a"), of_pod(40s, "b")};
  BOOST_TEST(choose_pod(two, 70s) == places{0});
  BOOST_TEST(choose_pod(two, 30s) == places{});
}

BOOST_AUTO_TEST_CASE(the_longest_fill_is_not_always_the_first) {
  const std::vector<pod_candidate> all = {of_pod(20s, "a"), of_pod(15s, "b"), of_pod(15s, "c")};
  BOOST_TEST(choose_pod(all, 30s) == (places{1, 2}));
}

BOOST_AUTO_TEST_CASE(those_that_stand_alone_fill_what_the_pod_leaves) {
  const std::vector<pod_candidate> all = {alone(30s, "x"), of_pod(20s, "a"), alone(10s, "y"),
                                          alone(5s, "z")};
  BOOST_TEST(choose_pod(all, 35s) == (places{1, 2, 3}));
  BOOST_TEST(choose_pod(all, 50s) == (places{1, 0}));
  const std::vector<pod_candidate> buffet = {alone(12s, "x"), alone(10s, "y"), alone(20s, "z")};
  BOOST_TEST(choose_pod(buffet, 30s) == (places{1, 2}));
}

BOOST_AUTO_TEST_CASE(no_creative_plays_twice) {
  const std::vector<pod_candidate> all = {of_pod(10s, "a"), of_pod(10s, "a"), alone(10s, "a"),
                                          alone(10s, "b")};
  BOOST_TEST(choose_pod(all, 40s) == (places{0, 3}));
}

BOOST_AUTO_TEST_CASE(competitors_do_not_meet) {
  std::vector<pod_candidate> all = {of_pod(10s, "a"), of_pod(10s, "b"), of_pod(10s, "c")};
  all[0].advertiser = all[1].advertiser = "cars.example";
  all[1].categories = {"iab 2", "iab 3"};
  all[2].categories = {"iab 3"};
  BOOST_TEST(choose_pod(all, 30s) == (places{0, 2}));
  BOOST_TEST(choose_pod(all, 30s, {false, true}) == (places{0, 1}));
  BOOST_TEST(choose_pod(all, 30s, {false, false}) == (places{0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(what_was_seen_too_often_does_not_play) {
  const instant at{1'767'225'600s};
  const std::vector<pod_candidate> all = {of_pod(10s, "a"), of_pod(10s, "b")};
  const pod_rules rules{true, true, {{{cap_scope::creative, 2, 1h}}, 0s}};
  exposure_history seen;
  seen.add(exposure_of(all[0], at - 10min));
  BOOST_TEST(choose_pod(all, 30s, rules, seen, at) == (places{0, 1}));
  seen.add(exposure_of(all[0], at - 5min));
  BOOST_TEST(choose_pod(all, 30s, rules, seen, at) == places{1});
  BOOST_TEST(choose_pod(all, 30s, rules, seen, at + 50min) == (places{0, 1}));
}

BOOST_AUTO_TEST_CASE(the_ads_of_a_pod_count_towards_caps) {
  std::vector<pod_candidate> all = {of_pod(10s, "a"), of_pod(10s, "b"), of_pod(20s, "c"),
                                    alone(10s, "d"), alone(10s, "e")};
  for (const auto i : {0, 1, 3, 4}) all[static_cast<std::size_t>(i)].campaign = "spring";
  pod_rules rules;
  rules.frequency.caps = {{cap_scope::campaign, 1, 1h}};
  BOOST_TEST(choose_pod(all, 60s, rules) == (places{0, 2}));
  rules.frequency.caps[0].max = 3;
  BOOST_TEST(choose_pod(all, 60s, rules) == (places{0, 1, 2, 3}));
  // With what was seen before.
  const instant at{1'767'225'600s};
  exposure_history seen;
  seen.add({at - 1min, 1, count_key("spring"), 0});
  BOOST_TEST(choose_pod(all, 60s, rules, seen, at) == (places{0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(ads_that_name_no_campaign_are_not_counted_together) {
  const std::vector<pod_candidate> all = {of_pod(10s, "a"), of_pod(10s, "b")};
  const pod_rules rules{true, true, {{{cap_scope::campaign, 1, 1h}}, 0s}};
  BOOST_TEST(choose_pod(all, 30s, rules) == (places{0, 1}));
}

// Who is not chosen keeps nobody out.
BOOST_AUTO_TEST_CASE(an_ad_that_does_not_fit_excludes_none) {
  std::vector<pod_candidate> all = {of_pod(60s, "a"), of_pod(10s, "b")};
  all[0].advertiser = all[1].advertiser = "cars.example";
  BOOST_TEST(choose_pod(all, 30s) == places{1});
}

BOOST_AUTO_TEST_CASE(no_choice_is_longer) {
  std::mt19937 random{20260101};
  for (int round = 0; round < 300; ++round) BOOST_TEST_CONTEXT("round " << round) {
      std::vector<pod_candidate> all;
      const auto count = 1 + random() % 10;
      const bool pod = random() % 2 == 0;
      for (std::size_t i = 0; i < count; ++i) {
        all.push_back(pod ? of_pod(100ms * (1 + random() % 400), std::to_string(i))
                          : alone(100ms * (1 + random() % 400), std::to_string(i)));
      }
      const duration budget = 100ms * (random() % 1200);
      const auto chosen = choose_pod(all, budget);
      BOOST_TEST((total(all, chosen) == longest(all, budget)));
      BOOST_TEST(std::is_sorted(chosen.begin(), chosen.end()));
    }
}

BOOST_AUTO_TEST_CASE(a_thousand_ads_take_no_longer_than_bearable) {
  std::vector<pod_candidate> all;
  for (int i = 0; i < 1000; ++i)
    all.push_back(alone(7s + std::chrono::milliseconds{i * 37 % 1000}, std::to_string(i)));
  const auto chosen = choose_pod(all, 120s);
  BOOST_TEST((total(all, chosen) <= 120s));
  BOOST_TEST((total(all, chosen) >= 113s));
}

BOOST_AUTO_TEST_SUITE_END()
