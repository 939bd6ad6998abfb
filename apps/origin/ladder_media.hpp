// The media a channel loops: made once by ffmpeg, kept in memory, handed out on timestamps that go
// on for ever.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/origin/origin_channel.hpp"
#include "apps/origin/retime_ts.hpp"
#include "media/core/result.hpp"

namespace interlude::origin {

class ladder_media {
 public:
  // Makes what is missing under `folder` (ffmpeg, some seconds; blocks) and reads it.
  static result<std::shared_ptr<const ladder_media>> open(const channel_options& c,
                                                          const std::string& folder);

  // Segment `number` of a rendition, in time; nullopt if there is no such rendition. `shift` moves
  // its timestamps on top of that (a discontinuity).
  std::optional<std::string> segment(const channel_options& c, const std::string& rendition,
                                     std::int64_t number, duration shift) const;
  std::optional<std::string> init(const std::string& rendition) const;
  std::size_t loop_segments() const noexcept { return loop_; }

 private:
  struct track {
    std::string init;
    std::uint32_t timescale = 90'000;
    std::vector<std::string> segments;
    std::vector<packet_counts> before;  // in the loop, by segment
    packet_counts whole;                // of a whole loop
  };

  result<bool> load(const channel_options& c, const std::string& folder);

  std::size_t loop_ = 0;
  std::map<std::string, track> tracks_;
};

// How many segments a loop has: half a minute at least, and whole in video and audio frames where
// that can be.
std::size_t loop_length(const channel_options& c);

// A font that draws text, empty if none is installed.
std::string find_font();

}  // namespace interlude::origin
