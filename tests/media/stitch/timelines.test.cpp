// The invariants of section 7, on random channels.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>
#include <string>

#include "tests/support/random_timeline.hpp"

using namespace interlude::test;

namespace {

// INTERLUDE_SEED repeats one run, INTERLUDE_TIMELINES makes it longer.
std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_timelines)

BOOST_AUTO_TEST_CASE(no_pair_of_playlists_breaks_an_invariant) {
  const auto first = number_from("INTERLUDE_SEED", 1);
  const auto count = number_from("INTERLUDE_TIMELINES", 150);
  BOOST_TEST_MESSAGE("seeds " << first << " to " << first + count - 1);
  for (auto seed = first; seed < first + count; ++seed) {
    const auto timeline = make_random_timeline(seed);
    if (violation_of(timeline).empty()) continue;
    const auto smallest = shrink(timeline);
    BOOST_FAIL("INTERLUDE_SEED=" << seed << "\nshrunk: " << describe(smallest) << "\n"
                                 << violation_of(smallest));
  }
}

// INTERLUDE_HOURS makes it shorter or longer.
BOOST_AUTO_TEST_CASE(a_day_of_breaks_does_not_drift) {
  const auto hours = static_cast<double>(number_from("INTERLUDE_HOURS", 24));
  const auto wrong = violation_of(make_long_timeline(number_from("INTERLUDE_SEED", 1), hours));
  BOOST_TEST(wrong.empty(), wrong);
}

BOOST_AUTO_TEST_CASE(the_same_timeline_gives_the_same_playlists) {
  const auto timeline = make_random_timeline(7);
  const auto once = play(timeline);
  BOOST_TEST(once != 0u);
  BOOST_TEST(play(timeline) == once);
  BOOST_TEST(play(make_random_timeline(8)) != once);
}

BOOST_AUTO_TEST_SUITE_END()
