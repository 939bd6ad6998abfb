// The looped media, made by ffmpeg and read back by ffprobe: one endless stream.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "actors/creative/ffmpeg_process.hpp"
#include "apps/origin/channel_text.hpp"
#include "apps/origin/ladder_media.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::origin;
using namespace std::chrono_literals;

namespace {

std::vector<double> times_of(const std::string& file, const char* stream) {
  const auto text = run_program({"ffprobe", "-v", "error", "-select_streams", stream,
                                 "-show_entries", "packet=pts_time", "-of", "csv=p=0", file},
                                20s);
  BOOST_REQUIRE_MESSAGE(text, (text ? "" : text.error().message()));
  std::vector<double> out;
  std::istringstream lines{*text};
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) out.push_back(std::stod(line));
  return out;
}

void check_steps(const std::vector<double>& times, double step, double slack) {
  BOOST_REQUIRE(times.size() > 10u);
  for (std::size_t i = 1; i < times.size(); ++i)
    BOOST_TEST_REQUIRE(std::abs(times[i] - times[i - 1] - step) <= slack,
                       "packet " << i << ": " << times[i - 1] << " then " << times[i]);
}

// Segments around the wrap, one behind the other in a file.
std::string across_the_wrap(const ladder_media& m, const channel_options& c,
                            const std::string& rendition, const std::string& file) {
  const auto loop = static_cast<std::int64_t>(m.loop_segments());
  std::ofstream out{file, std::ios::binary};
  out << m.init(rendition).value_or("");
  for (auto n = 3 * loop - 2; n < 3 * loop + 2; ++n) out << m.segment(c, rendition, n, 0us).value();
  return file;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(looped_media)

BOOST_AUTO_TEST_CASE(a_transport_stream_goes_on_over_the_wrap) {
  const test::scratch_folder folder;
  const auto c = *parse_channel("name=t;segment=2");
  const auto m = ladder_media::open(c, folder.path());
  BOOST_REQUIRE_MESSAGE(m, (m ? "" : m.error().message()));
  const auto file = across_the_wrap(**m, c, "v2", folder / "wrap.ts");
  check_steps(times_of(file, "v:0"), 0.04, 0.001);
  // Sound may repeat or lack one frame of its own (21 ms) where the loop begins again.
  check_steps(times_of(file, "a:0"), 0.02133, 0.022);
  BOOST_TEST(!(*m)->segment(c, "v9", 5, 0us));
}

BOOST_AUTO_TEST_CASE(fragmented_mp4_goes_on_over_the_wrap) {
  const test::scratch_folder folder;
  const auto c = *parse_channel("name=f;container=fmp4;audio=demuxed;segment=2");
  const auto m = ladder_media::open(c, folder.path());
  BOOST_REQUIRE_MESSAGE(m, (m ? "" : m.error().message()));
  check_steps(times_of(across_the_wrap(**m, c, "v2", folder / "wrap.mp4"), "v:0"), 0.04, 0.001);
  check_steps(times_of(across_the_wrap(**m, c, "a0", folder / "sound.mp4"), "a:0"), 0.02133, 0.022);
}

BOOST_AUTO_TEST_SUITE_END()
