// Origins that are broken or mean harm: what they write is refused or bounded, and viewers go on.
#include <boost/test/unit_test.hpp>

#include "media/hls/media_playlist.hpp"
#include "tests/support/simulated_channel.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

constexpr const char* url = "http://origin.test/live/v0.m3u8";

result<stitch::refresh_outcome> refresh(stitch::channel_timeline& t, const std::string& text,
                                        instant now) {
  auto parsed = hls::parse_media_playlist(text);
  BOOST_REQUIRE_MESSAGE(parsed, (parsed ? "" : parsed.error().message()));
  return t.refresh(0, *parsed, url, now);
}

stitch::channel_timeline one_video() {
  return {{{"v0", stitch::rendition_kind::video, ""}}, {}};
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  text.replace(text.find(what), what.size(), by);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_origins)

BOOST_AUTO_TEST_CASE(a_discontinuity_sequence_that_leaps_is_not_counted_out) {
  auto r = video(200).discontinuity_at(at(60));
  simulated_channel c{{r}};
  c.play(20, 56);
  for (const auto* by : {"DISCONTINUITY-SEQUENCE:4000000000", "DISCONTINUITY-SEQUENCE:0"}) {
    refresh(c.timeline, replaced(r.playlist_at(at(64)), "DISCONTINUITY-SEQUENCE:0", by), at(64));
    c.timeline.advance(at(64));
    BOOST_TEST(c.watch("viewer", 0, at(64)).text->size() < 2000u);
  }
  BOOST_TEST(c.seen("viewer").rbegin()->second.dsn == 1);
}

BOOST_AUTO_TEST_CASE(a_key_as_long_as_a_playlist_is_refused) {
  auto r = video(200);
  r.head = {"#EXT-X-KEY:METHOD=AES-128,URI=\"" + std::string(10'000, 'k') + "\""};
  auto t = one_video();
  const auto outcome = refresh(t, r.playlist_at(at(60)), at(60));
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == errc::too_large));
}

BOOST_AUTO_TEST_CASE(a_target_duration_in_milliseconds_is_told) {
  auto t = one_video();
  const auto text =
      replaced(video(200).playlist_at(at(60)), "TARGETDURATION:4", "TARGETDURATION:4000");
  const auto outcome = refresh(t, text, at(60));
  BOOST_REQUIRE(!outcome);
  BOOST_TEST(outcome.error().what.find("milliseconds") != std::string::npos);
  // Once it is repaired the channel plays.
  BOOST_TEST(refresh(t, video(200).playlist_at(at(64)), at(64)).has_value());
}

BOOST_AUTO_TEST_CASE(segments_of_no_length_do_not_pile_up) {
  auto t = one_video();
  for (int i = 0; i < 100; ++i) {
    std::string text =
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:" + std::to_string(i * 50) + "\n";
    for (int j = 0; j < 50; ++j)
      text += "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z\n#EXTINF:0,\n" +
              std::to_string(i * 50 + j) + ".ts\n";
    BOOST_REQUIRE(refresh(t, text, at(60 + i)));
  }
  BOOST_TEST(t.window(0)->segments.size() < 400u);
}

BOOST_AUTO_TEST_CASE(cues_of_a_whole_year_leave_the_running_break_alone) {
  origin_rendition r;
  r.fill(at(40), 4s).fill(at(70), 4s).fill(at(200), 4s).tag(at(40), "#EXT-X-CUE-OUT:30");
  for (int i = 1; i <= 400; ++i)
    r.tag(at(48), "#EXT-X-DATERANGE:ID=\"y" + std::to_string(i) + "\",START-DATE=\"" +
                      format_iso8601(at(3600.0 * i)) + "\",PLANNED-DURATION=30,SCTE35-OUT=0xFC30");
  simulated_channel c{{r}};
  c.play(20, 110);
  BOOST_TEST(c.timeline.breaks().size() <= 256u);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
  BOOST_TEST(c.content_shown().back() > 20);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_date_range_may_be_told_later) {
  origin_rendition r;
  r.fill(at(40), 4s).fill(at(62), 4s).fill(at(200), 4s);
  const std::string head =
      "#EXT-X-DATERANGE:ID=\"e\",START-DATE=\"2026-01-01T00:00:40.000Z\",PLANNED-DURATION=30";
  r.tag(at(40), head + ",SCTE35-OUT=0xFC30").tag(at(52), head + ",DURATION=22,SCTE35-OUT=0xFC30");
  simulated_channel c{{r}};
  c.play(20, 100);
  BOOST_REQUIRE(c.timeline.breaks().size() == 1u);
  BOOST_TEST((c.timeline.breaks()[0].end == at(62)));
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2");
}

BOOST_AUTO_TEST_SUITE_END()
