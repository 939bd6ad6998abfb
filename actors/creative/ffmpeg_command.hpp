// The ffmpeg command that conditions one source to a ladder. Pure: given the same question, the
// same words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/creative/loudness.hpp"
#include "actors/creative/media_input.hpp"
#include "actors/creative/media_probe.hpp"
#include "media/stitch/ladder.hpp"

namespace interlude {

// How a creative is cut: equal segments of `frames_per_segment` frames, the last one shorter.
struct segmentation {
  std::int64_t frames = 0;
  std::int64_t frames_per_segment = 0;
  int rate_num = 25, rate_den = 1;

  duration total() const;
  std::int64_t segments() const { return (frames + frames_per_segment - 1) / frames_per_segment; }
};

// Whole frames nearest to `length`; segments as long as the ladder's, or a little shorter and even
// where the last one would be shorter than a second. Audio-only ladders are cut as if they had 25
// frames a second.
segmentation plan_segments(duration length, const stitch::ladder& ladder);

struct output_track {
  const stitch::track_format* format = nullptr;
  std::string folder;  // where its playlist "index.m3u8" and segments go; exists
  gain level = {};     // of its sound
};

// One run for all tracks (WebVTT tracks are not ffmpeg's business and must not be among them).
std::vector<std::string> conditioning_command(const media_input& source, const media_probe& probe,
                                              bool loop, const segmentation& cut,
                                              const std::vector<output_track>& tracks);

// Every creative's clock starts here: timestamps below zero, as encoders with a delay write them,
// cannot arise.
inline constexpr duration creative_start = std::chrono::seconds{1};

}  // namespace interlude
