// Splice messages in real media: what the origin multiplexes, the node reads, frame-accurately, and
// players still play.
#include "apps/origin/in_band.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "actors/creative/ffmpeg_process.hpp"
#include "apps/origin/channel_text.hpp"
#include "apps/origin/ladder_media.hpp"
#include "apps/origin/live_window.hpp"
#include "media/stitch/in_band.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::origin;
using namespace std::chrono_literals;

namespace {

const instant epoch = *parse_iso8601("2026-01-01T00:00:00Z");

byte_view view_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// All cues of the segments from 20 s to 70 s; there is a break of 18 s every 30.
void check(const std::string& description) {
  const test::scratch_folder folder;
  const auto c = *parse_channel(description);
  const auto m = ladder_media::open(c, folder.path());
  BOOST_REQUIRE_MESSAGE(m, (m ? "" : m.error().message()));
  const auto init = (*m)->init("v2").value_or("");
  std::ofstream out{folder / "played", std::ios::binary};
  out << init;
  stitch::in_band_reader reader{{}};
  std::vector<stitch::cue> cues;
  for (std::int64_t n = 10; n < 35; ++n) {
    auto data = (*m)->segment(c, "v2", n, 0us).value();
    carry_cues(c, epoch, n, init, data);
    out << data;
    stitch::content_segment s;
    s.msn = n;
    s.start = epoch + c.after(n);
    const auto found = reader.read(s, view_of(data), view_of(init));
    BOOST_TEST(found.unreadable == 0u);
    BOOST_TEST(found.bad_packets == 0u);
    // A frame of the audio may begin before the picture; the picture itself does not drift.
    if (found.drift) BOOST_TEST(std::abs(found.drift->count()) < 20'000);
    cues.insert(cues.end(), found.cues.begin(), found.cues.end());
  }
  out.close();
  // Half a frame is rounding: boundaries and messages count in different ticks.
  const auto near = [](instant a, instant b) { return std::chrono::abs(a - b) < 20ms; };
  std::size_t outs = 0, ins = 0;
  for (const auto& found : cues) {
    const auto k = std::stoi(found.splice_id.substr(found.splice_id.find('-') + 1));
    const auto start = epoch + k * 30s;
    const bool is_out = found.what == stitch::cue::kind::out;
    BOOST_TEST(near(found.at, is_out ? start : start + 18s),
               found.splice_id << " at " << format_iso8601(found.at));
    if (is_out) BOOST_TEST((found.planned == duration{18s}));
    ++(is_out ? outs : ins);
  }
  // Breaks at 30 and 60 s, ends at 48 s; each told in every segment of the eight seconds before.
  BOOST_TEST(outs >= 6u);
  BOOST_TEST(ins >= 3u);
  const auto played = run_program(
      {"ffmpeg", "-v", "error", "-i", folder / "played", "-map", "0:v", "-f", "null", "-"}, 30s);
  BOOST_REQUIRE_MESSAGE(played, (played ? "" : played.error().message()));
  BOOST_TEST(*played == "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cues_in_media)

BOOST_AUTO_TEST_CASE(a_transport_stream_tells_breaks_to_the_frame) {
  check("name=t;segment=2;cues=in-band;every=30;length=18");
}

BOOST_AUTO_TEST_CASE(event_messages_tell_breaks_to_the_frame) {
  check("name=f;container=fmp4;audio=demuxed;segment=2;cues=in-band;every=30;length=18");
}

BOOST_AUTO_TEST_CASE(odd_frame_rates_drift_nowhere) {
  check("name=n;segment=2;rate=29.97;cues=in-band;every=30;length=18");
}

BOOST_AUTO_TEST_SUITE_END()
