// What origins and creatives are like.
#include "tests/support/break_case.hpp"
#include "tests/support/cut_at_cues.hpp"

namespace interlude::test {

namespace {

void whole_pod_in_all(const viewing& v, std::size_t renditions) {
  for (std::size_t i = 0; i < renditions; ++i) BOOST_TEST(v.ads(i) == usual_pod);
}

std::vector<break_case> renditions() {
  std::vector<break_case> all;
  std::vector<origin_rendition> three = {usual_break("v0"), usual_break("v1"), usual_break("v2")};
  three[1].delay = 4s;
  all.push_back({.name = "one_rendition_is_a_segment_behind",
                 .origin = three,
                 .expect = [](const viewing& v) { whole_pod_in_all(v, 3); }});
  auto sound = audio(200, 3'840ms);
  sound.target = 4s;
  all.push_back({.name = "audio_and_video_with_different_segment_durations",
                 .origin = {usual_break(), sound},
                 .pace_slack = 2s,  // the audio's own boundaries lie up to half a segment off
                 .until = 130,
                 .step = 1,
                 .expect = [](const viewing& v) { BOOST_TEST(v.ads(0) == v.ads(1)); }});
  origin_rendition ntsc;
  ntsc.target = 7s;
  ntsc.fill(at(12 * 6.006), 6'006ms).fill(at(17 * 6.006), 6'006ms).fill(at(300), 6'006ms);
  ntsc.tag(at(12 * 6.006), "#EXT-X-CUE-OUT:30.030").tag(at(17 * 6.006), in);
  all.push_back(
      {.name = "ntsc_durations_of_six_seconds",
       .origin = {ntsc},
       .house = {{"red", make_creative("red", 30'030ms, 1, 6'006ms)}},
       .until = 200,
       .step = 3,
       .expect = [](const viewing& v) { BOOST_TEST(v.ads() == "red/0 red/1 red/2 red/3 red/4"); }});
  return all;
}

std::vector<break_case> creatives() {
  std::vector<break_case> all;
  auto odd = std::make_shared<stitch::creative>(*make_creative("odd", 30s, 2));
  odd->tracks[1].segments = {5s, 5s, 5s, 5s, 4s, 4s, 2s};
  std::vector<origin_rendition> both = {usual_break(), cut_at_cues(30, 4s, "a0")};
  for (auto& r : both) r.target = 5s;
  all.push_back({.name = "an_ad_whose_audio_has_fewer_segments",
                 .origin = both,
                 .house = {{"odd", odd}},
                 .expect = [](const viewing& v) {
                   BOOST_TEST(v.ads(0) == "odd/0 odd/1 odd/2 odd/3 odd/4 odd/5 odd/6 odd/7");
                   BOOST_TEST(v.ads(1) == "odd/0 odd/1 odd/2 odd/3 odd/4 odd/5 odd/6");
                 }});
  all.push_back({.name = "an_ad_for_five_renditions",
                 .origin = {usual_break("v0"), usual_break("v1"), usual_break("v2"),
                            usual_break("v3"), usual_break("v4")},
                 .expect = [](const viewing& v) { whole_pod_in_all(v, 5); }});
  return all;
}

// Windows, discontinuities, numbers and dates.
std::vector<break_case> playlists() {
  std::vector<break_case> all;
  auto narrow = usual_break();
  narrow.window = 3;
  all.push_back({.name = "an_origin_window_shorter_than_the_break",
                 .origin = {narrow},
                 .until = 120,
                 .expect = [](const viewing& v) { whole_pod_in_all(v, 1); }});
  all.push_back({.name = "an_origin_discontinuity_inside_the_break",
                 .origin = {usual_break().discontinuity_at(at(56)).discontinuity_at(at(90))},
                 .until = 190,
                 .expect = [](const viewing& v) {
                   whole_pod_in_all(v, 1);
                   std::vector<std::int64_t> dsns;
                   for (const auto& [number, s] : v.all())
                     if (s.discontinuity) dsns.push_back(s.dsn);
                   BOOST_TEST(dsns == (std::vector<std::int64_t>{1, 2, 3, 4, 5}),
                              boost::test_tools::per_element());
                 }});
  all.push_back({.name = "an_origin_that_begins_its_numbers_anew",
                 .origin = {video(100)},
                 .until = 96,
                 .changed_at = 62,
                 .change =
                     [](auto& origin) {
                       auto& r = origin[0];
                       for (auto& s : r.segments) s.uri = "new/" + s.uri;
                       r.segments.erase(r.segments.begin(), r.segments.begin() + 15);
                       r.first_msn = 0;
                     },
                 .breaks = 0,
                 .expect =
                     [](const viewing& v) {
                       // One every four seconds, from the first window's eldest to the newest.
                       BOOST_TEST(v.all().size() == 24u);
                       BOOST_TEST(v.all().rbegin()->first - v.all().begin()->first == 23);
                     }});
  all.push_back({.name = "an_encoder_that_restarts_with_another_clock",
                 .origin = {video(200), audio(200)},
                 .pace_slack = 60s,  // the clock jumps, the playlists do not
                 .until = 140,
                 .changed_at = 62,
                 .change =
                     [](auto& origin) {
                       for (auto& r : origin) {
                         for (auto& s : r.segments) s.uri = "new/" + s.uri;
                         r.segments.erase(r.segments.begin(), r.segments.begin() + 15);
                         r.segments.front().discontinuity = true;
                         r.first_msn = 0;
                         r.clock_skew = 30s;
                       }
                     },
                 .breaks = 0,
                 .expect =
                     [](const viewing& v) {
                       for (const std::size_t i : {0u, 1u}) BOOST_TEST(v.content(i).back() == 34);
                     }});
  auto undated = usual_break();
  auto sound = cut_at_cues(30, 4s, "a0");
  undated.dated = sound.dated = dates::never;
  all.push_back({.name = "no_dates_at_all",
                 .origin = {undated, sound},
                 .expect = [](const viewing& v) { whole_pod_in_all(v, 2); }});
  auto once = usual_break();
  once.dated = dates::first_only;
  all.push_back({.name = "a_date_only_on_the_first_segment",
                 .origin = {once},
                 .expect = [](const viewing& v) { whole_pod_in_all(v, 1); }});
  return all;
}

}  // namespace

std::vector<break_case> origin_cases() {
  auto all = renditions();
  for (const auto& more : {creatives(), playlists()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace interlude::test
