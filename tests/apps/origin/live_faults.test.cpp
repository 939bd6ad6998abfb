// What goes wrong on demand must go wrong in one way only: numbers stay consistent from playlist to
// playlist.
#include <boost/test/unit_test.hpp>
#include <map>

#include "apps/origin/channel_text.hpp"
#include "apps/origin/control.hpp"
#include "apps/origin/live_window.hpp"
#include "media/hls/cue_tags.hpp"

using namespace interlude;
using namespace interlude::origin;
using namespace std::chrono_literals;

namespace {

const instant epoch = *parse_iso8601("2026-01-01T00:00:00Z");

hls::media_playlist playlist(const channel_options& c, duration after,
                             const std::string& rendition = "v0") {
  auto p = hls::parse_media_playlist(render_live_playlist(c, rendition, epoch, epoch + after));
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message()));
  return *std::move(p);
}

// Every segment's discontinuity number (RFC 8216bis 6.2.1) as each playlist of the time told it:
// all of them must agree.
std::map<std::string, std::int64_t> discontinuity_numbers(const channel_options& c, duration from,
                                                          duration to) {
  std::map<std::string, std::int64_t> seen;
  for (auto t = from; t <= to; t += 1s) {
    const auto p = playlist(c, t);
    auto number = p.discontinuity_sequence;
    for (const auto& s : p.segments) {
      number += s.discontinuities;
      const auto [it, fresh] = seen.emplace(s.uri, number);
      BOOST_TEST(it->second == number, s.uri << " at " << to_seconds(t));
    }
  }
  return seen;
}

channel_options channel(const std::string& text) {
  auto c = parse_channel(text);
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  return *std::move(c);
}

std::vector<hls::cue_tag> cues_of(const hls::media_playlist& p, hls::cue_kind kind) {
  auto cues = hls::read_cue_tags(p).cues;
  std::erase_if(cues, [&](const auto& cue) { return cue.kind != kind; });
  return cues;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(live_faults)

BOOST_AUTO_TEST_CASE(discontinuity_numbers_agree_in_all_playlists) {
  auto c = channel("name=x;segment=4;window=5");
  c.today.discontinuity_every = 3;
  BOOST_TEST(discontinuity_numbers(c, 20s, 200s)["v0/48.ts"] == 16);
}

BOOST_AUTO_TEST_CASE(reasons_that_fall_together_are_one_discontinuity) {
  auto c = channel("name=x;segment=4;window=5");
  c.today.discontinuity_every = 5;
  c.today.discontinuities = {7, 7, 10};
  c.today.clock_jumps = {{7, 30}};
  BOOST_TEST(discontinuity_numbers(c, 20s, 100s)["v0/12.ts"] == 3);
}

BOOST_AUTO_TEST_CASE(numbers_that_began_anew_are_consistent_from_there_on) {
  auto c = channel("name=x;segment=4;window=5");
  c.today.discontinuity_every = 3;
  c.today.resets = {10};
  const auto seen = discontinuity_numbers(c, 44s, 120s);
  BOOST_TEST(seen.at("v0/12.ts") == 1);
  BOOST_TEST(seen.at("v0/18.ts") == 3);
  BOOST_TEST(playlist(c, 44s).media_sequence == 0);
  BOOST_TEST(playlist(c, 80s).media_sequence == 5);
}

BOOST_AUTO_TEST_CASE(renditions_agree_in_numbers_and_dates) {
  const auto c = channel("name=x;segment=2;rate=29.97;window=6;audio=demuxed;subtitles=yes");
  for (auto t = 20s; t < 60s; t += 1s) {
    const auto reference = playlist(c, t);
    for (const auto& name : renditions_of(c)) {
      const auto p = playlist(c, t, name);
      BOOST_TEST_REQUIRE(p.segments.size() == reference.segments.size());
      BOOST_TEST(p.media_sequence == reference.media_sequence);
      BOOST_TEST((p.segments[0].program_date_time == reference.segments[0].program_date_time));
    }
  }
}

BOOST_AUTO_TEST_CASE(no_playlist_is_told_before_a_segment_is_over) {
  const auto c = channel("name=x;segment=4");
  BOOST_TEST(render_live_playlist(c, "v0", epoch, epoch + 3999ms) == "");
  BOOST_TEST(render_live_playlist(c, "v0", epoch, epoch - 1h) == "");
  BOOST_TEST(playlist(c, 4s).segments.size() == 1u);
}

BOOST_AUTO_TEST_CASE(numbers_may_begin_anew_more_than_once) {
  auto c = channel("name=x;segment=4;window=5");
  c.today.discontinuities = {10, 20};
  c.today.resets = {10, 20};
  const auto seen = discontinuity_numbers(c, 44s, 76s);
  BOOST_TEST(seen.at("v0/18.ts") == 1);
  BOOST_TEST(playlist(c, 80s).media_sequence == 5);
  BOOST_TEST(playlist(c, 84s).media_sequence == 0);
  BOOST_TEST(discontinuity_numbers(c, 84s, 120s).at("v0/25.ts") == 1);
}

BOOST_AUTO_TEST_CASE(jumps_of_the_clock_add_up_and_move_what_date_ranges_say) {
  auto c = channel("name=x;segment=4;window=30;every=80;length=20;cues=daterange");
  c.today.clock_jumps = {{10, 30}, {15, -10}};
  const auto p = playlist(c, 100s);
  BOOST_TEST((p.segments[12].program_date_time == epoch + 48s + 30s));
  BOOST_TEST((p.segments[16].program_date_time == epoch + 64s + 20s));
  const auto out = cues_of(p, hls::cue_kind::out);
  BOOST_REQUIRE(!out.empty());
  BOOST_TEST((out[0].at == epoch + 80s + 20s));
}

BOOST_AUTO_TEST_CASE(regular_discontinuities_that_end_stay_where_they_were) {
  auto c = channel("name=x;segment=4;window=5");
  const auto change = [&](const char* text, std::int64_t next) {
    auto f = apply_control(c.today, text, next, epoch + next * 4s);
    BOOST_REQUIRE(f);
    c.today = *std::move(f);
  };
  change(R"({"discontinuity_every": 3})", 10);
  const auto before = discontinuity_numbers(c, 60s, 100s);
  change(R"({"clear": true})", 25);
  const auto after = discontinuity_numbers(c, 100s, 140s);
  BOOST_TEST(before.at("v0/14.ts") == 1);
  for (const auto& [uri, number] : before)
    if (after.contains(uri)) BOOST_TEST(after.at(uri) == number, uri);
  BOOST_TEST(after.at("v0/33.ts") == 5);
}

BOOST_AUTO_TEST_CASE(dates_can_be_on_the_first_segment_only) {
  auto c = channel("name=x;segment=4;window=5");
  c.today.dates = dates::first;
  const auto p = playlist(c, 100s);
  BOOST_TEST(p.segments[0].program_date_time.has_value());
  BOOST_TEST(!p.segments[1].program_date_time.has_value());
}

BOOST_AUTO_TEST_CASE(dates_jump_with_the_clock) {
  auto c = channel("name=x;segment=4;window=5");
  c.today.clock_jumps = {{22, 30}};
  const auto p = playlist(c, 100s);
  BOOST_TEST((p.segments[1].program_date_time == epoch + 84s));
  BOOST_TEST((p.segments[2].program_date_time == epoch + 118s));
  BOOST_TEST(p.segments[2].discontinuities == 1u);
}

BOOST_AUTO_TEST_CASE(a_playlist_that_stands_still_and_one_that_lags) {
  auto c = channel("name=x;segment=4;window=5");
  c.today.frozen_at = epoch + 60s;
  BOOST_TEST(render_live_playlist(c, "v0", epoch, epoch + 60s) ==
             render_live_playlist(c, "v0", epoch, epoch + 90s));
  c.today.frozen_at.reset();
  c.today.lagging = "v1";
  c.today.lag = 3;
  BOOST_TEST(playlist(c, 100s).segments.back().uri == "v0/24.ts");
  BOOST_TEST(playlist(c, 100s, "v1").segments.back().uri == "v1/21.ts");
}

BOOST_AUTO_TEST_CASE(a_fixed_date_range_says_its_end_itself) {
  const auto c = channel("name=x;segment=3;window=30;every=90;length=30;cues=daterange-fixed");
  const auto out = cues_of(playlist(c, 140s), hls::cue_kind::out);
  BOOST_REQUIRE(out.size() == 1u);
  BOOST_TEST(out[0].ends_by_itself);
  BOOST_TEST((out[0].at == epoch + 90s));
  BOOST_TEST((out[0].planned == duration{30s}));
  BOOST_TEST(cues_of(playlist(c, 140s), hls::cue_kind::in).empty());
}

BOOST_AUTO_TEST_CASE(an_in_cue_comes_early_or_late) {
  auto c = channel("name=x;segment=3;window=40;every=90;length=30");
  for (const double shift : {-9.0, 6.0}) {
    c.today.in_shift = shift;
    const auto p = playlist(c, 150s);
    const auto in = cues_of(p, hls::cue_kind::in);
    BOOST_REQUIRE(in.size() == 1u);
    BOOST_TEST((p.segments.at(in[0].segment_index).program_date_time ==
                epoch + 120s + from_seconds(shift)));
  }
}

BOOST_AUTO_TEST_CASE(a_cue_off_the_boundary_stands_before_the_next_segment) {
  auto c = channel("name=x;segment=3;window=40;every=90;length=30");
  c.today.cue_offset = 1;
  const auto p = playlist(c, 140s);
  const auto out = cues_of(p, hls::cue_kind::out);
  BOOST_REQUIRE(out.size() == 1u);
  BOOST_TEST((p.segments.at(out[0].segment_index).program_date_time == epoch + 93s));
}

BOOST_AUTO_TEST_CASE(what_the_control_says_is_read_back) {
  const auto now = epoch + 100s;
  const auto f =
      apply_control({}, R"({"dates": "first", "vanished": "v2", "frozen": true, "garbage": "binary",
              "reset_now": true, "clock_jump": 30, "stalls": 5, "stall": 2})",
                    25, now);
  BOOST_REQUIRE(f);
  BOOST_TEST((f->dates == dates::first));
  BOOST_TEST(f->vanished == "v2");
  BOOST_TEST((f->frozen_at == now));
  BOOST_TEST((f->garbage == garbage::binary));
  BOOST_TEST((f->resets == std::vector<std::int64_t>{25}));
  BOOST_TEST((f->clock_jumps == std::vector<date_step>{{25, 30}}));
  BOOST_TEST((f->stall_until == now + 5s));
  const auto text = describe_faults(*f);
  for (const auto* part : {R"("dates":"first")", R"("vanished":"v2")", R"("resets":[25])"})
    BOOST_TEST(text.find(part) != std::string::npos, part << " in " << text);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_control_names_the_member) {
  const auto now = epoch;
  for (const auto& [text, name] :
       std::map<std::string, std::string>{{R"({"eror": 8})", "eror"},
                                          {R"({"in_shift": true})", "in_shift"},
                                          {R"({"in_shift": "soon"})", "in_shift"},
                                          {R"({"lag": 1e9})", "lag"},
                                          {R"({"frozen": 1})", "frozen"},
                                          {R"({"stall": null})", "stall"},
                                          {R"({"in_shift": 1, "garbage": []})", "garbage"},
                                          {R"({"in_shift": )", "body"}}) {
    const auto f = apply_control({}, text, 1, now);
    BOOST_TEST_REQUIRE(!f, text);
    BOOST_TEST(f.error().where == name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
