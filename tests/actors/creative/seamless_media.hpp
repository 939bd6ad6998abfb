// What players rely on in conditioned media, told by ffprobe: segments begin with a key frame, the
// clocks of all tracks begin together and go on without a gap. `root`: where creatives are.
#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "actors/creative/ffmpeg_command.hpp"
#include "actors/creative/ffmpeg_process.hpp"
#include "media/stitch/creative.hpp"
#include "tests/support/scratch_folder.hpp"

namespace interlude::test {

struct packet {
  double pts = 0;
  bool key = false;
};

inline std::vector<packet> packets_of(const std::string& file, const char* stream) {
  const auto text = run_program({"ffprobe", "-v", "error", "-select_streams", stream,
                                 "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0", file},
                                std::chrono::seconds{20});
  BOOST_REQUIRE_MESSAGE(text, (text ? "" : text.error().message()));
  std::vector<packet> out;
  std::istringstream lines{*text};
  for (std::string line; std::getline(lines, line);)
    if (const auto comma = line.find(','); comma != std::string::npos)
      out.push_back({std::stod(line), line[comma + 1] == 'K'});
  return out;
}

// A segment as a player reads it: behind its initialisation.
inline std::string playable(const std::string& root, const stitch::creative_track& t,
                            std::size_t index) {
  const auto track = root + '/' + t.path.substr(2) + '/';
  const auto file = root + "/playable" + t.extension;
  std::ofstream{file, std::ios::binary} << (t.init.empty() ? "" : read_all(track + t.init))
                                        << read_all(track + std::to_string(index) + t.extension);
  return file;
}

inline void check_picture(const std::string& root, const stitch::creative_track& t,
                          const segmentation& cut) {
  const double frame = static_cast<double>(cut.rate_den) / cut.rate_num;
  std::int64_t frames = 0;
  for (std::size_t i = 0; i < t.segments.size(); ++i) {
    const auto packets = packets_of(playable(root, t, i), "v:0");
    BOOST_REQUIRE(!packets.empty());
    BOOST_TEST(packets.front().key);
    for (const auto& p : packets) {
      BOOST_TEST(std::abs(p.pts - 1 - static_cast<double>(frames) * frame) < 0.002, p.pts);
      ++frames;
    }
    // The playlist says what is in it.
    BOOST_TEST(std::abs(to_seconds(t.segments[i]) - static_cast<double>(packets.size()) * frame) <
               0.002);
  }
  BOOST_TEST(frames == cut.frames);
}

inline void check_sound(const std::string& root, const stitch::creative_track& t, duration total) {
  double next = 1;
  for (std::size_t i = 0; i < t.segments.size(); ++i)
    for (const auto& p : packets_of(playable(root, t, i), "a:0")) {
      // An encoder's first frame may lie before the start by its delay; none is missing after it.
      BOOST_TEST(std::abs(p.pts - next) < 0.024, p.pts << " where " << next << " was due");
      next = p.pts + 1024.0 / 48'000;
    }
  BOOST_TEST(std::abs(next - 1 - to_seconds(total)) < 0.045, next);
}

}  // namespace interlude::test
