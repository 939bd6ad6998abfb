#include "media/stitch/time_schedule.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/simulated_channel.hpp"

using namespace interlude;
using namespace interlude::stitch;
using namespace interlude::test;

namespace {

instant time(const char* text) {
  return *parse_iso8601(text);
}

std::string next(const char* rule, const char* from) {
  const auto r = calendar_rule::parse(rule);
  BOOST_REQUIRE_MESSAGE(r, rule);
  const auto t = r->next(time(from));
  return t ? format_iso8601(*t) : "never";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(time_schedules)

BOOST_AUTO_TEST_CASE(calendars_name_their_minutes) {
  BOOST_TEST(next("*/15 * * * *", "2026-01-01T00:00:00Z") == "2026-01-01T00:00:00.000Z");
  BOOST_TEST(next("*/15 * * * *", "2026-01-01T00:00:00.001Z") == "2026-01-01T00:15:00.000Z");
  BOOST_TEST(next("0,30 9-17 * * *", "2026-01-01T17:30:01Z") == "2026-01-02T09:00:00.000Z");
  BOOST_TEST(next("5 0 1 * *", "2026-01-01T00:06:00Z") == "2026-02-01T00:05:00.000Z");
  BOOST_TEST(next("10-50/20 * * * *", "2026-01-01T00:11:00Z") == "2026-01-01T00:30:00.000Z");
  BOOST_TEST(next("0 12 29 2 *", "2026-03-01T00:00:00Z") == "2028-02-29T12:00:00.000Z");
  BOOST_TEST(next("0 12 30 2 *", "2026-01-01T00:00:00Z") == "never");
}

BOOST_AUTO_TEST_CASE(days_of_the_week_and_of_the_month_are_either) {
  // 2026-01-01 is a Thursday.
  BOOST_TEST(next("0 0 * * 0", "2026-01-01T00:00:00Z") == "2026-01-04T00:00:00.000Z");
  BOOST_TEST(next("0 0 * * 7", "2026-01-01T00:00:00Z") == "2026-01-04T00:00:00.000Z");
  BOOST_TEST(next("0 0 * * 1-5", "2026-01-03T00:00:00Z") == "2026-01-05T00:00:00.000Z");
  BOOST_TEST(next("0 0 2 * 0", "2026-01-01T00:00:01Z") == "2026-01-02T00:00:00.000Z");
  BOOST_TEST(next("0 0 2 * 0", "2026-01-02T00:00:01Z") == "2026-01-04T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(what_is_no_calendar_is_refused) {
  for (const auto* text : {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *",
                           "* * * 13 *", "* * * * 8", "5-2 * * * *", "*/0 * * * *", "a * * * *",
                           "1, * * * *", "1- * * * *", "-1 * * * *"})
    BOOST_TEST(!calendar_rule::parse(text), text);
}

BOOST_AUTO_TEST_CASE(intervals_count_from_midnight) {
  timed_breaks b;
  b.every = 10min;
  b.offset = 2min;
  BOOST_TEST((b.next(time("2026-01-01T00:00:00Z")) == time("2026-01-01T00:02:00Z")));
  BOOST_TEST((b.next(time("2026-01-01T00:02:00Z")) == time("2026-01-01T00:02:00Z")));
  BOOST_TEST((b.next(time("2026-01-01T00:02:00.000001Z")) == time("2026-01-01T00:12:00Z")));
}

BOOST_AUTO_TEST_CASE(a_channel_without_cues_has_breaks_by_the_clock) {
  break_policy policy;
  policy.timed.push_back(
      {std::chrono::seconds{60}, std::chrono::seconds{40}, std::nullopt, std::chrono::seconds{30}});
  simulated_channel c{{video(300)}, policy};
  c.play(20, 130);
  BOOST_TEST(
      c.ads_shown().starts_with("red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1"));
  BOOST_REQUIRE(c.timeline.breaks().size() >= 2u);
  BOOST_TEST((c.timeline.breaks()[0].start == at(40)));
  BOOST_TEST((c.timeline.breaks()[0].source == cue_source::time_schedule));
  BOOST_TEST((c.timeline.breaks()[1].start == at(100)));
}

BOOST_AUTO_TEST_CASE(a_cue_beats_the_clock) {
  break_policy policy;
  policy.timed.push_back(
      {std::chrono::seconds{60}, std::chrono::seconds{42}, std::nullopt, std::chrono::seconds{10}});
  simulated_channel c{{video(300).tag(at(40), "#EXT-X-CUE-OUT:30")}, policy};
  c.play(20, 90);
  BOOST_TEST((c.timeline.breaks()[0].planned == duration{30s}));
}

BOOST_AUTO_TEST_CASE(an_operator_beats_the_clock) {
  break_policy policy;
  policy.min_spacing = std::chrono::seconds{30};
  policy.timed.push_back(
      {std::chrono::seconds{60}, std::chrono::seconds{50}, std::nullopt, std::chrono::seconds{20}});
  simulated_channel c{{video(300)}, policy};
  c.play(20, 38);
  BOOST_REQUIRE(c.timeline.breaks().size() == 1u);
  BOOST_TEST(c.timeline.start_break("mine", at(44), duration{20s}).has_value());
  c.play(40, 90);
  for (const auto& b : c.timeline.breaks())
    if (b.source == cue_source::time_schedule && b.start == at(50))
      BOOST_TEST((b.state == break_state::cancelled));
  BOOST_TEST(c.ads_shown().starts_with("red/0 red/1 red/2"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(suppression)

BOOST_AUTO_TEST_CASE(breaks_keep_their_distance) {
  break_policy policy;
  policy.min_spacing = std::chrono::seconds{60};
  auto r = video(400);
  for (const int t : {40, 100, 180}) r.tag(at(t), "#EXT-X-CUE-OUT:20");
  simulated_channel c{{r}, policy};
  c.play(20, 260);
  // 40 s between the end of the first and the second: too near. The third is far enough.
  const auto& b = c.timeline.breaks();
  BOOST_REQUIRE(b.size() == 3u);
  BOOST_TEST((b[0].state == break_state::ended));
  BOOST_TEST((b[1].state == break_state::cancelled));
  BOOST_TEST((b[2].state == break_state::ended));
  BOOST_TEST(c.timeline.suppressed_breaks() == 1u);
}

BOOST_AUTO_TEST_CASE(an_hour_holds_only_so_much) {
  break_policy policy;
  policy.max_per_hour = std::chrono::seconds{50};
  auto r = video(400);
  for (const int t : {40, 100, 180}) r.tag(at(t), "#EXT-X-CUE-OUT:20");
  simulated_channel c{{r}, policy};
  c.play(20, 260);
  const auto& b = c.timeline.breaks();
  BOOST_REQUIRE(b.size() == 3u);
  BOOST_TEST((b[1].state == break_state::ended));
  BOOST_TEST((b[2].state == break_state::cancelled));
}

BOOST_AUTO_TEST_CASE(an_operator_is_not_suppressed) {
  break_policy policy;
  policy.min_spacing = std::chrono::seconds{600};
  simulated_channel c{{video(400).tag(at(40), "#EXT-X-CUE-OUT:20")}, policy};
  c.play(20, 80);
  BOOST_TEST(c.timeline.start_break("mine", at(100), duration{20s}).has_value());
  c.play(82, 140);
  BOOST_TEST((c.timeline.breaks().back().state == break_state::ended));
}

BOOST_AUTO_TEST_SUITE_END()
