// What breaks are like.
#include <algorithm>

#include "tests/support/break_case.hpp"
#include "tests/support/cut_at_cues.hpp"

namespace interlude::test {

namespace {

// A break that is told by its dates alone.
std::string date_range(double start, int planned, const std::string& id = "x") {
  return "#EXT-X-DATERANGE:ID=\"" + id + "\",START-DATE=\"" + format_iso8601(at(start)) +
         "\",PLANNED-DURATION=" + std::to_string(planned) + ",SCTE35-OUT=0xFC30";
}

// Tells from 44 s until `end` that the break goes on; of 30 s.
origin_rendition continued(origin_rendition r, double end) {
  for (double t = 44; t < end; t += 4)
    r.tag(at(t), "#EXT-X-CUE-OUT-CONT:ElapsedTime=" + format_seconds(from_seconds(t - 40)) +
                     ",Duration=30");
  return r;
}

std::ptrdiff_t count(const std::vector<int>& shown, int first, int last) {
  return std::count_if(shown.begin(), shown.end(), [=](int i) { return i >= first && i <= last; });
}

std::vector<break_case> lengths() {
  std::vector<break_case> all;
  all.push_back({.name = "a_break_shorter_than_a_segment",
                 .origin = {video(200).tag(at(40), "#EXT-X-CUE-OUT:2")},
                 .house = {{"two", make_creative("two", 2s, 1)}},
                 .expect = [](const viewing& v) { BOOST_TEST(v.ads().starts_with("two/0")); }});
  auto inside = video(200);
  inside.head = {date_range(41, 2)};
  all.push_back({.name = "a_break_that_lies_inside_one_segment_is_no_break",
                 .origin = {inside},
                 .expect = [](const viewing& v) { BOOST_TEST(v.ads() == ""); }});
  auto uncut = video(200);
  uncut.head = {date_range(41.5, 30)};
  all.push_back({.name = "a_break_starting_and_ending_inside_segments_cuts_no_content",
                 .origin = {uncut},
                 .until = 120,
                 .expect = [](const viewing& v) {
                   // The cue lies in segment 10, the end (71.5 s) in segment 17.
                   BOOST_TEST(count(v.content(), 10, 10) == 1);
                   BOOST_TEST(count(v.content(), 11, 17) == 0);
                   BOOST_TEST(v.content().back() >= 26);
                 }});
  all.push_back(
      {.name = "ads_longer_than_the_break_are_not_chosen",
       .origin = {usual_break()},
       .house = {{"long", make_creative("long", 40s, 1)}, {"red", make_creative("red", 10s, 1)}},
       .expect = [](const viewing& v) {
         BOOST_TEST(v.ads().starts_with("red/0 red/1 red/2 slate/0"), v.ads());
       }});
  all.push_back({.name = "ads_shorter_than_the_break_are_followed_by_slate",
                 .origin = {usual_break()},
                 .house = {{"blue", make_creative("blue", 5s, 1)}},
                 .expect = [](const viewing& v) {
                   BOOST_TEST(v.ads().starts_with("blue/0 blue/1 slate/0 slate/1"), v.ads());
                   BOOST_TEST((v.returned_at() == at(70)));
                 }});
  return all;
}

break_case back_to_back() {
  origin_rendition v;
  v.fill(at(40), 4s).fill(at(60), 4s).fill(at(80), 4s).fill(at(200), 4s);
  v.tag(at(40), "#EXT-X-CUE-OUT:20")
      .tag(at(60), in)
      .tag(at(60), "#EXT-X-CUE-OUT:20")
      .tag(at(80), in);
  return {.name = "two_breaks_back_to_back_have_no_content_between_them",
          .origin = {v},
          .house = {{"red", make_creative("red", 20s, 1)}},
          .until = 120,
          .breaks = 2,
          .expect = [](const viewing& seen) {
            BOOST_TEST(seen.ads() == "red/0 red/1 red/2 red/3 red/4 red/0 red/1 red/2 red/3 red/4");
            const auto& all = seen.all();
            BOOST_TEST(std::count_if(all.begin(), all.end(), [](const auto& numbered) {
                         return numbered.second.discontinuity;
                       }) == 3);
          }};
}

// The cues that begin and end a break, or do not.
std::vector<break_case> cues() {
  std::vector<break_case> all;
  all.push_back({.name = "an_in_cue_before_any_out_was_seen_means_nothing",
                 .origin = {cut_at_cues().tag(at(40), in)},
                 .breaks = 0,
                 .expect = [](const viewing& v) { BOOST_TEST(v.ads() == ""); }});
  auto repeated = cut_at_cues().tag(at(40), out);
  repeated.head = {date_range(40, 30, "event-7")};
  for (double t = 44; t < 70; t += 4)
    repeated.tag(at(t), "#EXT-X-CUE-OUT-CONT:" + std::to_string(int(t - 40)) + "/30");
  all.push_back({.name = "an_out_repeated_in_every_refresh_is_one_break",
                 .origin = {repeated},
                 .until = 190,
                 .expect = [](const viewing& v) { BOOST_TEST(v.ads() == usual_pod); }});
  auto fifth = origin_rendition{};
  fifth.fill(at(40), 4s).fill(at(69.8), 4s).fill(at(70), 4s).fill(at(200), 4s);
  all.push_back({.name = "a_segment_of_a_fifth_of_a_second_before_the_in_cue",
                 .origin = {fifth.tag(at(40), out).tag(at(70), in)},
                 .expect = [](const viewing& v) {
                   BOOST_TEST(v.ads() == usual_pod);
                   // 29.8 s and 0.2 s are of the break: nothing of it is shown.
                   BOOST_TEST((v.returned_at() == at(70)));
                 }});
  all.push_back({.name = "an_in_cue_ten_seconds_early_drops_what_was_not_shown",
                 .origin = {cut_at_cues(20).tag(at(40), out).tag(at(60), in)},
                 .expect = [](const viewing& v) {
                   // At 60 s red and 8 s of green have been shown; the rest is dropped.
                   BOOST_TEST(v.ads() == "red/0 red/1 red/2 green/0 green/1 green/2", v.ads());
                   BOOST_TEST((v.returned_at() >= at(60) && v.returned_at() <= at(64)));
                 }});
  const auto late = continued(cut_at_cues(40).tag(at(40), out).tag(at(80), in), 80);
  all.push_back({.name = "an_in_cue_ten_seconds_late_is_bridged_by_slate",
                 .origin = {late},
                 .until = 130,
                 .expect = [](const viewing& v) {
                   BOOST_TEST(v.ads().starts_with(std::string{usual_pod} + " slate/0 slate/1"),
                              v.ads());
                   BOOST_TEST((v.returned_at() == at(80)));
                 }});
  stitch::break_policy shows_content;
  shows_content.on_overrun = stitch::overrun_policy::content;
  all.push_back({.name = "a_break_that_overruns_shows_content_if_the_channel_wants_that",
                 .origin = {late},
                 .policy = shows_content,
                 .until = 130,
                 .expect = [](const viewing& v) { BOOST_TEST((v.returned_at() <= at(72))); }});
  stitch::break_policy longest;
  longest.max_break = 60s;
  all.push_back({.name = "an_in_cue_that_never_comes_ends_with_the_longest_break",
                 .origin = {video(200).tag(at(40), "#EXT-X-CUE-OUT")},
                 .policy = longest,
                 .until = 150,
                 .expect = [](const viewing& v) { BOOST_TEST((v.returned_at() == at(100))); }});
  return all;
}

// Who comes when.
std::vector<break_case> viewers() {
  std::vector<break_case> all;
  auto three = cut_at_cues().tag(at(40), out);
  three.window = 3;
  all.push_back({.name = "a_break_at_the_very_start_of_the_first_playlist",
                 .origin = {three},
                 .from = 52,  // the first playlist lists 40 to 52 s
                 .expect = [](const viewing& v) {
                   BOOST_TEST(v.ads().starts_with("red/0 red/1 red/2 green/0"), v.ads());
                 }});
  auto joined = continued(cut_at_cues(), 70).tag(at(40), out).tag(at(70), in);
  joined.window = 3;
  all.push_back({.name = "a_viewer_who_joins_mid_break_sees_the_ad_under_way",
                 .origin = {joined},
                 .from = 60,  // the first playlist lists 48 to 60 s
                 .expect = [](const viewing& v) {
                   BOOST_TEST(v.ads().starts_with("red/2 green/0 green/1"), v.ads());
                   BOOST_TEST(v.content().front() == 18);
                 }});
  auto four = usual_break();
  four.window = 4;
  all.push_back({.name = "the_window_rolls_past_the_whole_break_between_two_requests",
                 .origin = {four},
                 .from = 38,
                 .until = 140,
                 .away = std::pair{38., 118.},
                 .expect = [](const viewing& v) { BOOST_TEST(v.ads() == ""); }});
  all.push_back({.name = "the_process_is_killed_in_the_middle_of_a_break",
                 .origin = {usual_break(), cut_at_cues(30, 4s, "v1").tag(at(40), out)},
                 .killed_at = 56,
                 .expect = [](const viewing& v) {
                   for (const std::size_t rendition : {0u, 1u})
                     BOOST_TEST(v.ads(rendition) == usual_pod);
                   BOOST_TEST((v.returned_at() == at(70)));
                 }});
  return all;
}

}  // namespace

std::vector<break_case> break_cases() {
  auto all = lengths();
  all.push_back(back_to_back());
  for (const auto& more : {cues(), viewers()}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace interlude::test
