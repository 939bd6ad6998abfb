// Small pieces of media for tests, made by ffmpeg.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "actors/creative/ffmpeg_process.hpp"
#include "media/stitch/ladder.hpp"

namespace interlude::test {

inline std::string make_source(const std::string& file, const std::string& seconds, bool sound,
                               const std::string& size = "160x120") {
  std::vector<std::string> words{
      "ffmpeg",   "-v", "error",
      "-nostdin", "-y", "-f",
      "lavfi",    "-i", "testsrc=size=" + size + ":rate=24:duration=" + seconds};
  if (sound) words.insert(words.end(), {"-f", "lavfi", "-i", "sine=duration=" + seconds});
  words.insert(words.end(), {"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
                             "-c:a", "aac", file});
  const auto made = run_program(words, std::chrono::seconds{60});
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().message()));
  return file;
}

// A source's picture as fMP4: init.mp4 and segments 0.m4s, 1.m4s, ... in the folder.
inline void make_fragments(const std::string& folder) {
  make_source(folder + "/a.mp4", "1", false);
  const auto made =
      run_program({"ffmpeg", "-v", "error", "-y", "-i", folder + "/a.mp4", "-c", "copy", "-f",
                   "hls", "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4",
                   "-hls_segment_filename", folder + "/%d.m4s", folder + "/index.m3u8"},
                  std::chrono::seconds{20});
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().message()));
}

inline stitch::track_format video_track(const std::string& name, stitch::container container,
                                        bool muxed, int num = 25, int den = 1) {
  stitch::track_format f;
  f.rendition = name;
  f.container = container;
  f.has_video = true;
  f.has_audio = muxed;
  f.video.profile = "main";
  f.video.width = 128;
  f.video.height = 72;
  f.video.frame_rate_num = num;
  f.video.frame_rate_den = den;
  f.video.bits_per_second = 200'000;
  return f;
}

inline stitch::track_format audio_track(const std::string& name, stitch::container container) {
  stitch::track_format f;
  f.rendition = name;
  f.container = container;
  f.has_audio = true;
  return f;
}

}  // namespace interlude::test
