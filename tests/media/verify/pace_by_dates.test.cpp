#include "media/verify/pace_by_dates.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/media/verify/playlist_builder.hpp"

using namespace interlude;
using namespace interlude::verify;
using namespace std::chrono_literals;

namespace {

struct appended {
  pace_by_dates pace;
  std::int64_t number = 0;
  instant date = epoch;

  pace_by_dates::outcome add(const std::string& uri, duration step = {}, bool anew = false) {
    shown_segment s;
    s.number = ++number;
    s.uri = uri;
    s.length = 4s;
    s.date = date + step;
    s.discontinuity = anew;
    date = s.end();
    return pace.append(s, 4s);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pace_by_dates_rules)

BOOST_AUTO_TEST_CASE(content_on_time_is_in_order_for_ever) {
  appended a;
  for (int i = 0; i < 1000; ++i) BOOST_TEST(a.add("x").violation.empty());
}

BOOST_AUTO_TEST_CASE(what_one_break_is_off_may_be_repaid_by_the_next) {
  appended a;
  a.add("x");
  for (int i = 0; i < 20; ++i) {
    a.add("ad/1", {}, true);
    BOOST_TEST(a.add("x", i % 2 == 0 ? 3s : -3s, true).violation.empty());
  }
}

BOOST_AUTO_TEST_CASE(what_adds_up_over_breaks_is_a_violation) {
  appended a;
  a.add("x");
  for (int i = 0; i < 2; ++i) {
    a.add("ad/1", {}, true);
    BOOST_TEST(a.add("x", -3s, true).violation.empty());
  }
  a.add("ad/2", {}, true);
  BOOST_TEST(a.add("x", -3s, true).violation.starts_with("7e: "));
}

BOOST_AUTO_TEST_CASE(ads_are_judged_when_content_is_back) {
  appended a;
  a.add("x");
  BOOST_TEST(a.add("ad/1", -7s, true).violation.empty());
  BOOST_TEST(!a.add("x", -7s, true).violation.empty());
}

BOOST_AUTO_TEST_CASE(who_comes_in_a_break_starts_with_the_content_after_it) {
  appended a;
  a.add("ad/1");
  BOOST_TEST(a.add("x", -7s, true).violation.empty());
  a.add("ad/2", {}, true);
  BOOST_TEST(a.add("x", 7s, true).violation.empty());
}

BOOST_AUTO_TEST_CASE(content_that_steps_is_a_jump_however_small) {
  appended a;
  a.add("x");
  BOOST_TEST(a.add("x", 1s, true).jump.has_value());
}

BOOST_AUTO_TEST_CASE(a_new_era_begins_where_the_clock_jumps) {
  appended a;
  a.add("x");
  const auto jump = a.add("x", 30s, true);
  BOOST_REQUIRE(jump.jump);
  BOOST_TEST((jump.jump->by == duration{30s}));
  BOOST_TEST(jump.violation.empty());
  BOOST_TEST(a.add("x").violation.empty());
}

BOOST_AUTO_TEST_SUITE_END()
