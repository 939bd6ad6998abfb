// The ladder of a channel: what the media of each rendition is made of, and so what an ad must be
// made of to stand between its segments.
//
// Read off the multivariant playlist (codecs, resolution, frame rate, channels) and one probed
// segment per rendition (what the playlist does not say: profile, level, sample rate, time base).
// Value types.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::stitch {

enum class container : std::uint8_t { mpeg_ts, fmp4, packed_audio, web_vtt };

struct video_format {
  std::string codec = "h264";  // ffmpeg's names: "h264", "hevc"
  std::string profile;         // "high", "main", "baseline"; empty: the encoder's choice
  int level = 0;               // 31 = 3.1; 0: the encoder's choice
  int width = 0, height = 0;
  int frame_rate_num = 25, frame_rate_den = 1;
  std::int64_t bits_per_second = 0;
  std::string pixel_format = "yuv420p";
  friend bool operator==(const video_format&, const video_format&) = default;
};

struct audio_format {
  std::string codec = "aac";  // "aac", "ac3", "eac3", "mp3"
  int sample_rate = 48'000;
  int channels = 2;
  std::int64_t bits_per_second = 128'000;
  friend bool operator==(const audio_format&, const audio_format&) = default;
};

// One media playlist of the channel. A muxed rendition has both formats.
struct track_format {
  std::string rendition;  // the rendition's name in URLs: "v0", "a1", "s0"
  stitch::container container = stitch::container::mpeg_ts;
  bool has_video = false, has_audio = false;
  video_format video;
  audio_format audio;

  // Stable text naming everything above but `rendition`: equal formats share conditioned media.
  std::string fingerprint() const;
};

struct ladder {
  std::vector<track_format> tracks;
  duration segment_duration{
      0};  // what ad segments aim for: the content's, never over its target duration
  // All fingerprints and the segment duration: names a set of conditioned files.
  std::string fingerprint() const;
};

}  // namespace interlude::stitch
