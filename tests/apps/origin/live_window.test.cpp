#include "apps/origin/live_window.hpp"

#include <boost/test/unit_test.hpp>

#include "apps/origin/channel_text.hpp"
#include "apps/origin/control.hpp"
#include "apps/origin/splice_payload.hpp"
#include "media/hls/cue_tags.hpp"
#include "media/hls/multivariant_playlist.hpp"
#include "media/scte35/decode.hpp"
#include "media/scte35/encode.hpp"

using namespace interlude;
using namespace interlude::origin;
using namespace std::chrono_literals;

namespace {

const instant epoch = *parse_iso8601("2026-01-01T00:00:00Z");

channel_options channel(const std::string& text) {
  auto c = parse_channel(text);
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  return *std::move(c);
}

hls::media_playlist playlist(const channel_options& c, duration after,
                             const std::string& rendition = "v0") {
  auto p = hls::parse_media_playlist(render_live_playlist(c, rendition, epoch, epoch + after));
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message()));
  return *std::move(p);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(live_window)

BOOST_AUTO_TEST_CASE(the_window_is_a_function_of_the_clock) {
  const auto c = channel("name=x;segment=4;window=5");
  const auto p = playlist(c, 100s);
  BOOST_TEST(p.segments.size() == 5u);
  BOOST_TEST(p.media_sequence == 20);
  BOOST_TEST(p.segments.back().uri == "v0/24.ts");
  BOOST_TEST((p.segments.back().program_date_time == epoch + 96s));
  BOOST_TEST(playlist(c, 103s).media_sequence == 20);
  BOOST_TEST(playlist(c, 104s).media_sequence == 21);
  BOOST_TEST(playlist(c, 100s, "v2").media_sequence == 20);
}

BOOST_AUTO_TEST_CASE(ntsc_rates_do_not_drift) {
  const auto c = channel("name=x;segment=6;rate=29.97");
  BOOST_TEST((c.segment_duration() == 6'006ms));
  BOOST_TEST((c.after(1'000'000) == duration{6'006'000'000'000}));
}

BOOST_AUTO_TEST_CASE(every_style_says_that_a_break_begins_and_ends) {
  for (const auto* style : {"cue-out", "cue-out-slash", "cue-out-bare", "oatcls", "scte35",
                            "splicepoint", "cue", "asset", "daterange-cmd"}) {
    BOOST_TEST_CONTEXT(style) {
      const auto c =
          channel(std::string{"name=x;segment=3;window=30;every=90;length=30;cues="} + style);
      const auto p = playlist(c, 140s);
      const auto found = hls::read_cue_tags(p);
      BOOST_TEST(found.unreadable == 0u);
      const auto start_of = [&](hls::cue_kind k) -> std::optional<instant> {
        for (const auto& cue : found.cues)
          if (cue.kind == k) return p.segments.at(cue.segment_index).program_date_time;
        return std::nullopt;
      };
      BOOST_TEST((start_of(hls::cue_kind::out) == epoch + 90s));
      BOOST_TEST((start_of(hls::cue_kind::in) == epoch + 120s));
    }
  }
}

BOOST_AUTO_TEST_CASE(date_ranges_are_announced_and_closed) {
  const auto c = channel("name=x;segment=3;every=90;length=30;cues=daterange;announce=8");
  const auto early = hls::read_cue_tags(playlist(c, 84s)).cues;
  BOOST_REQUIRE(early.size() == 1u);
  BOOST_TEST((early[0].at == epoch + 90s));
  BOOST_TEST(hls::read_cue_tags(playlist(c, 78s)).cues.empty());
  const auto late = hls::read_cue_tags(playlist(c, 124s)).cues;
  BOOST_TEST(std::any_of(late.begin(), late.end(), [](const auto& cue) {
    return cue.kind == hls::cue_kind::in && cue.at == epoch + 120s;
  }));
}

BOOST_AUTO_TEST_CASE(faults_move_drop_and_repeat_cues) {
  auto c = channel("name=x;segment=3;window=30;every=90;length=30;cues=cue-out");
  const auto count = [&](hls::cue_kind k) {
    const auto cues = hls::read_cue_tags(playlist(c, 140s)).cues;
    return std::count_if(cues.begin(), cues.end(), [&](const auto& cue) { return cue.kind == k; });
  };
  BOOST_TEST(count(hls::cue_kind::in) == 1);
  c.today.in_missing = true;
  BOOST_TEST(count(hls::cue_kind::in) == 0);
  c.today.in_missing = false;
  c.today.in_shift = -9;
  BOOST_TEST(count(hls::cue_kind::continuation) == 6);
  c.today.out_repeated = true;
  BOOST_TEST(count(hls::cue_kind::out) == 7);
}

BOOST_AUTO_TEST_CASE(faults_of_numbers_and_dates) {
  auto c = channel("name=x;segment=4;window=5");
  c.today.dates = dates::none;
  BOOST_TEST(!playlist(c, 100s).segments[0].program_date_time);
  c.today.discontinuity_every = 10;
  const auto p = playlist(c, 100s);
  BOOST_TEST(p.discontinuity_sequence + p.segments[0].discontinuities == 2);
  c.today.resets = {24};
  BOOST_TEST(playlist(c, 100s).media_sequence == 0);
  c.today.lagging = "v1";
  c.today.lag = 2;
  BOOST_TEST(newest_segment(c, "v1", epoch, epoch + 100s) == 22);
  c.today.frozen_at = epoch + 60s;
  BOOST_TEST(newest_segment(c, "v0", epoch, epoch + 100s) == 14);
}

BOOST_AUTO_TEST_CASE(the_control_message_is_strict) {
  const auto now = epoch + 100s;
  const auto f = apply_control(
      {}, R"({"in_shift": -5, "errors": 8, "discontinuity_now": true, "lagging": "v1", "lag": 2})",
      25, now);
  BOOST_REQUIRE(f);
  BOOST_TEST(f->in_shift == -5);
  BOOST_TEST((f->errors_until == now + 8s));
  BOOST_TEST(f->discontinuities.at(0) == 25);
  BOOST_TEST(!apply_control({}, R"({"eror": 8})", 25, now));
  BOOST_TEST(!apply_control({}, R"({"dates": "some"})", 25, now));
  BOOST_TEST(!apply_control({}, "[]", 25, now));
  BOOST_TEST(apply_control(*f, R"({"clear": true})", 30, now)->discontinuities.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_multivariant_playlist_reads_well) {
  const auto p = hls::parse_multivariant_playlist(
      render_master_playlist(channel("name=x;audio=demuxed;container=fmp4;subtitles=yes")));
  BOOST_REQUIRE(p);
  BOOST_TEST(p->variants.size() == 3u);
  BOOST_TEST(p->renditions.size() == 2u);
}

BOOST_AUTO_TEST_CASE(cues_carry_messages_that_say_the_same) {
  const auto out = scte35::decode(scte35::encode(splice_insert(7, true, 10s, 30s)).value()).value();
  const auto event = std::get<scte35::splice_insert>(out.command);
  BOOST_TEST(event.splice_event_id == 7u);
  BOOST_TEST(event.out_of_network_indicator);
  BOOST_TEST((event.when.pts_time == 900'000u));
  BOOST_TEST(event.break_duration.value().duration == 2'700'000u);
  BOOST_TEST(event.break_duration->auto_return);
  const auto open = splice_insert(7, false, 40s, 0s);
  BOOST_TEST(!std::get<scte35::splice_insert>(open.command).break_duration);
  // Times of day do not fit 33 bits of 90 kHz.
  const auto late = std::get<scte35::splice_insert>(splice_insert(7, true, 48h, 0s).command);
  BOOST_TEST(late.when.pts_time.value() < scte35::pts_modulus);
}

BOOST_AUTO_TEST_CASE(a_channel_that_is_none_is_refused) {
  for (const auto* text :
       {"name=", "name=a/b", "segment=fast", "cues=loud", "colour=red", "rate", "window=1"})
    BOOST_TEST(!parse_channel(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
