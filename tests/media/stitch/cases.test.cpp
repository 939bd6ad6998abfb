// Each case of section 11 of the stitching rules.
#include <boost/test/unit_test.hpp>

#include "tests/support/cut_at_cues.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

// A break that is told by its dates alone.
std::string date_range(double start, int planned) {
  return "#EXT-X-DATERANGE:ID=\"x\",START-DATE=\"" + format_iso8601(at(start)) +
         "\",PLANNED-DURATION=" + std::to_string(planned) + ",SCTE35-OUT=0xFC30";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cases_every_implementation_gets_wrong)

BOOST_AUTO_TEST_CASE(a_break_shorter_than_a_segment) {
  simulated_channel c{{video(200).tag(at(40), "#EXT-X-CUE-OUT:2")}};
  c.house = {{"two", make_creative("two", 2s, 1)}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown().starts_with("two/0"));
}

BOOST_AUTO_TEST_CASE(a_break_that_lies_inside_one_segment_is_no_break) {
  auto v = video(200);
  v.head = {date_range(41, 2)};
  simulated_channel c{{v}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "");
}

BOOST_AUTO_TEST_CASE(a_break_starting_and_ending_inside_segments_cuts_no_content) {
  auto v = video(200);
  v.head = {date_range(41.5, 30)};
  simulated_channel c{{v}};
  c.play(20, 120);
  const auto content = c.content_shown();
  // The cue lies in segment 10, the end (71.5 s) in segment 17.
  BOOST_TEST(std::count(content.begin(), content.end(), 10) == 1);
  BOOST_TEST(
      std::count_if(content.begin(), content.end(), [](int i) { return i > 10 && i < 18; }) == 0);
  BOOST_TEST(content.back() >= 26);
}

BOOST_AUTO_TEST_CASE(two_breaks_back_to_back_have_no_content_between_them) {
  origin_rendition v;
  v.fill(at(40), 4s).fill(at(60), 4s).fill(at(80), 4s).fill(at(200), 4s);
  v.tag(at(40), "#EXT-X-CUE-OUT:20")
      .tag(at(60), in)
      .tag(at(60), "#EXT-X-CUE-OUT:20")
      .tag(at(80), in);
  simulated_channel c{{v}};
  c.house = {{"red", make_creative("red", 20s, 1)}};
  c.play(20, 120);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 red/3 red/4 red/0 red/1 red/2 red/3 red/4");
  int marks = 0;
  for (const auto& [number, s] : c.seen("viewer")) marks += s.discontinuity ? 1 : 0;
  BOOST_TEST(marks == 3);
}

BOOST_AUTO_TEST_CASE(a_break_at_the_very_start_of_the_first_playlist) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.origin[0].window = 3;
  c.play(52, 110);  // the first playlist lists 40 to 52 s
  BOOST_TEST(c.ads_shown().starts_with("red/0 red/1 red/2 green/0"));
}

BOOST_AUTO_TEST_CASE(a_viewer_who_joins_mid_break_sees_the_ad_under_way) {
  auto v = cut_at_cues();
  v.window = 3;
  for (double t = 44; t < 70; t += 4)
    v.tag(at(t), "#EXT-X-CUE-OUT-CONT:ElapsedTime=" + format_seconds(from_seconds(t - 40)) +
                     ",Duration=30");
  v.tag(at(40), out).tag(at(70), in);
  simulated_channel c{{v}};
  c.play(60, 110);  // the first playlist lists 48 to 60 s
  const auto ads = c.ads_shown();
  BOOST_TEST(ads.starts_with("red/2 green/0 green/1"), ads);
  const auto content = c.content_shown();
  BOOST_TEST(content.front() == 18);
}

BOOST_AUTO_TEST_CASE(an_in_cue_before_any_out_was_seen_means_nothing) {
  simulated_channel c{{cut_at_cues().tag(at(40), in)}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "");
}

BOOST_AUTO_TEST_CASE(an_out_repeated_in_every_refresh_is_one_break) {
  auto v = cut_at_cues();
  v.head = {"#EXT-X-DATERANGE:ID=\"event-7\",START-DATE=\"" + format_iso8601(at(40)) +
            "\",PLANNED-DURATION=30,SCTE35-OUT=0xFC30"};
  v.tag(at(40), out);
  for (double t = 44; t < 70; t += 4)
    v.tag(at(t), "#EXT-X-CUE-OUT-CONT:" + std::to_string(int(t - 40)) + "/30");
  simulated_channel c{{v}};
  c.play(20, 190);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
  BOOST_TEST(c.timeline.breaks().size() == 1u);
}

BOOST_AUTO_TEST_CASE(renditions_refreshed_in_different_order_one_a_segment_behind) {
  std::vector<origin_rendition> r;
  for (const auto* name : {"v0", "v1", "v2"})
    r.push_back(cut_at_cues(30, 4s, name).tag(at(40), out).tag(at(70), in));
  r[1].delay = 4s;
  simulated_channel c{r};
  for (int i = 0; i < 45; ++i) {
    const auto now = at(20 + 2 * i);
    for (const std::size_t j :
         {std::size_t(i % 3), std::size_t((i + 2) % 3), std::size_t((i + 1) % 3)}) {
      c.poll(j, now);
      for (const auto& open : c.timeline.take_open_decisions())
        c.timeline.decide(open.audience, open.opportunity.id, c.offer(), nullptr);
      c.timeline.advance(now);
      c.watch("viewer", j, now);
    }
  }
  for (std::size_t j = 0; j < 3; ++j)
    BOOST_TEST(c.ads_shown("viewer", j) ==
               "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
}

BOOST_AUTO_TEST_CASE(an_origin_window_shorter_than_the_break) {
  auto v = cut_at_cues().tag(at(40), out).tag(at(70), in);
  v.window = 3;
  simulated_channel c{{v}};
  c.play(20, 120);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
}

BOOST_AUTO_TEST_CASE(the_window_rolls_past_the_whole_break_between_two_requests_of_a_viewer) {
  auto v = cut_at_cues().tag(at(40), out).tag(at(70), in);
  v.window = 4;
  simulated_channel c{{v}};
  c.round(at(38));
  c.watch("viewer", 0, at(38));
  for (double t = 40; t < 118; t += 2) c.round(at(t));
  c.play(118, 140);
  BOOST_TEST(c.ads_shown() == "");
}

BOOST_AUTO_TEST_CASE(audio_and_video_with_different_segment_durations) {
  auto v = cut_at_cues().tag(at(40), out).tag(at(70), in);
  auto a = audio(200, 3'840ms);
  a.target = 4s;
  simulated_channel c{{v, a}};
  c.pace_slack = 2s;  // the audio's own boundaries lie up to half a segment off
  c.play(20, 130, 1.0);
  BOOST_TEST(c.ads_shown("viewer", 0) == c.ads_shown("viewer", 1));
}

BOOST_AUTO_TEST_CASE(ntsc_durations_of_six_seconds) {
  origin_rendition v;
  v.target = 7s;
  v.fill(at(12 * 6.006), 6'006ms).fill(at(17 * 6.006), 6'006ms).fill(at(300), 6'006ms);
  v.tag(at(12 * 6.006), "#EXT-X-CUE-OUT:30.030").tag(at(17 * 6.006), in);
  simulated_channel c{{v}};
  c.house = {{"red", make_creative("red", 30'030ms, 1, 6'006ms)}};
  c.play(20, 200, 3.0);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 red/3 red/4");
}

BOOST_AUTO_TEST_CASE(a_segment_of_a_fifth_of_a_second_before_the_in_cue) {
  origin_rendition v;
  v.fill(at(40), 4s).fill(at(69.8), 4s).fill(at(70), 4s).fill(at(200), 4s);
  v.tag(at(40), out).tag(at(70), in);
  simulated_channel c{{v}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
  // 29.8 s and 0.2 s are of the break: nothing of it is shown.
  const auto content = c.content_shown();
  const auto next = std::upper_bound(content.begin(), content.end(), 9);
  BOOST_REQUIRE(next != content.end());
  BOOST_TEST((c.origin[0].segments[static_cast<std::size_t>(*next)].start == at(70)));
}

BOOST_AUTO_TEST_CASE(an_origin_discontinuity_inside_the_break) {
  auto v = cut_at_cues()
               .tag(at(40), out)
               .tag(at(70), in)
               .discontinuity_at(at(56))
               .discontinuity_at(at(90));
  simulated_channel c{{v}};
  c.play(20, 190);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
  std::vector<std::int64_t> dsns;
  for (const auto& [number, s] : c.seen("viewer"))
    if (s.discontinuity) dsns.push_back(s.dsn);
  BOOST_TEST(dsns == (std::vector<std::int64_t>{1, 2, 3, 4, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_origin_that_begins_its_numbers_anew) {
  simulated_channel c{{video(100)}};
  c.play(20, 60);
  const auto before = c.watch("viewer", 0, at(60)).segments.back().number;
  c.origin[0].first_msn = -12;  // segment 12 is now number 0
  for (auto& s : c.origin[0].segments) s.uri = "new/" + s.uri;
  c.origin[0].segments.erase(c.origin[0].segments.begin(), c.origin[0].segments.begin() + 15);
  c.origin[0].first_msn = 0;
  c.play(62, 96);
  const auto after = c.watch("viewer", 0, at(96));
  BOOST_TEST(after.segments.back().number == before + 9);
}

BOOST_AUTO_TEST_CASE(no_dates_at_all) {
  auto v = cut_at_cues().tag(at(40), out).tag(at(70), in);
  auto a = cut_at_cues(30, 4s, "a0");
  v.dated = a.dated = dates::never;
  simulated_channel c{{v, a}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown("viewer", 0) ==
             "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
  BOOST_TEST(c.ads_shown("viewer", 1) == c.ads_shown("viewer", 0));
}

BOOST_AUTO_TEST_CASE(a_date_only_on_the_first_segment) {
  auto v = cut_at_cues().tag(at(40), out).tag(at(70), in);
  v.dated = dates::first_only;
  simulated_channel c{{v}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
}

BOOST_AUTO_TEST_CASE(a_decision_that_arrives_after_the_splice_point_changes_nothing_shown) {
  simulated_channel c{{cut_at_cues().tag(at(40), out).tag(at(70), in)}};
  for (double t = 20; t <= 52; t += 2) {
    c.round_undecided(at(t));
    c.watch_all("viewer", at(t));
  }
  BOOST_TEST(c.ads_shown() == "slate/0 slate/1 slate/2");
  c.play(54, 110);
  // 18 s are left: red and blue fit, green does not.
  BOOST_TEST(c.ads_shown().starts_with("slate/0 slate/1 slate/2 red/0 red/1 red/2 blue/0 blue/1"),
             c.ads_shown());
}

BOOST_AUTO_TEST_CASE(ads_longer_than_the_break_are_not_chosen) {
  simulated_channel c{{cut_at_cues().tag(at(40), out).tag(at(70), in)}};
  c.house = {{"long", make_creative("long", 40s, 1)}, {"red", make_creative("red", 10s, 1)}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown().starts_with("red/0 red/1 red/2 slate/0"), c.ads_shown());
}

BOOST_AUTO_TEST_CASE(an_ad_whose_audio_has_fewer_segments) {
  auto c = simulated_channel{
      {cut_at_cues().tag(at(40), out).tag(at(70), in), cut_at_cues(30, 4s, "a0")}};
  auto odd = std::make_shared<stitch::creative>(*make_creative("odd", 30s, 2));
  odd->tracks[1].segments = {10s, 10s, 10s};
  odd->tracks[1].segments = {5s, 5s, 5s, 5s, 4s, 4s, 2s};
  for (auto& r : c.origin) r.target = 5s;
  c.house = {{"odd", odd}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown("viewer", 0) == "odd/0 odd/1 odd/2 odd/3 odd/4 odd/5 odd/6 odd/7");
  BOOST_TEST(c.ads_shown("viewer", 1) == "odd/0 odd/1 odd/2 odd/3 odd/4 odd/5 odd/6");
}

BOOST_AUTO_TEST_CASE(a_creative_that_lacks_a_rendition_is_not_shown) {
  simulated_channel c{{cut_at_cues().tag(at(40), out), cut_at_cues(30, 4s, "v1").tag(at(40), out)}};
  c.house = {{"one", make_creative("one", 10s, 1)}, {"both", make_creative("both", 10s, 2)}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown().starts_with("both/0"), c.ads_shown());
}

BOOST_AUTO_TEST_CASE(an_in_cue_ten_seconds_early_drops_what_was_not_shown) {
  auto v = cut_at_cues(20).tag(at(40), out).tag(at(60), in);
  simulated_channel c{{v}};
  c.play(20, 110);
  // At 60 s red and 8 s of green have been shown; green's last segments and blue are dropped.
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2", c.ads_shown());
  const auto content = c.content_shown();
  const auto next = *std::upper_bound(content.begin(), content.end(), 9);
  BOOST_TEST((c.origin[0].segments[static_cast<std::size_t>(next)].start >= at(60)));
  BOOST_TEST((c.origin[0].segments[static_cast<std::size_t>(next)].start <= at(64)));
}

BOOST_AUTO_TEST_CASE(an_in_cue_ten_seconds_late_is_bridged_by_slate) {
  auto v = cut_at_cues(40).tag(at(40), out).tag(at(80), in);
  for (double t = 44; t < 80; t += 4)
    v.tag(at(t), "#EXT-X-CUE-OUT-CONT:ElapsedTime=" + format_seconds(from_seconds(t - 40)) +
                     ",Duration=30");
  simulated_channel c{{v}};
  c.play(20, 130);
  BOOST_TEST(c.ads_shown().starts_with(
                 "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1 slate/0 slate/1"),
             c.ads_shown());
  const auto content = c.content_shown();
  const auto next = *std::upper_bound(content.begin(), content.end(), 9);
  BOOST_TEST((c.origin[0].segments[static_cast<std::size_t>(next)].start == at(80)));
}

BOOST_AUTO_TEST_CASE(an_in_cue_that_never_comes_ends_with_the_longest_break) {
  stitch::break_policy policy;
  policy.max_break = 60s;
  auto v = video(200).tag(at(40), "#EXT-X-CUE-OUT");
  simulated_channel c{{v}, policy};
  c.play(20, 150);
  const auto content = c.content_shown();
  const auto next = *std::upper_bound(content.begin(), content.end(), 9);
  BOOST_TEST((c.origin[0].segments[static_cast<std::size_t>(next)].start == at(100)));
}

BOOST_AUTO_TEST_CASE(a_break_that_overruns_shows_content_if_the_channel_wants_that) {
  stitch::break_policy policy;
  policy.on_overrun = stitch::overrun_policy::content;
  auto v = cut_at_cues(40).tag(at(40), out).tag(at(80), in);
  for (double t = 44; t < 80; t += 4)
    v.tag(at(t), "#EXT-X-CUE-OUT-CONT:ElapsedTime=" + format_seconds(from_seconds(t - 40)) +
                     ",Duration=30");
  simulated_channel c{{v}, policy};
  c.play(20, 130);
  const auto content = c.content_shown();
  const auto next = *std::upper_bound(content.begin(), content.end(), 9);
  BOOST_TEST((c.origin[0].segments[static_cast<std::size_t>(next)].start <= at(72)));
}

BOOST_AUTO_TEST_SUITE_END()
