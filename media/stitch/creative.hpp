// A creative conditioned to a ladder: its segments, as they will stand in playlists.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::stitch {

// Segment n of a track is "<path>/<n><extension>", n counted from 0; `path` has no slash at either
// end and is relative to the ad root of a session ("c/<key>/<track>"). With `init` not empty,
// "<path>/<init>" is its EXT-X-MAP.
struct creative_track {
  std::string path;
  std::string extension;           // ".ts", ".m4s", ".aac", ".vtt"
  std::string init;                // "init.mp4" or empty
  std::vector<duration> segments;  // measured, not asked for
  std::int64_t peak_bits_per_second = 0;
};

struct creative {
  std::string
      key;  // names the conditioned files; equal source, ladder and length give an equal key
  std::string source;                  // file or URL it was made from, for people
  duration total{0};                   // of the video (of the audio in an audio-only ladder)
  std::vector<creative_track> tracks;  // one per ladder::tracks, in that order
};

using creative_ptr = std::shared_ptr<const creative>;

}  // namespace interlude::stitch
