// Conditions one creative: the whole job, from a local source to a folder of segments. Blocks
// for as long as ffmpeg takes: for worker threads only.
//
// What is made appears under its final name at once or not at all (it is made beside it and
// renamed), and only if it is what was asked for: the same number of segments in every track, the
// right length to within a frame.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "actors/creative/loudness.hpp"
#include "actors/creative/media_input.hpp"
#include "media/core/result.hpp"
#include "media/stitch/creative.hpp"
#include "media/stitch/ladder.hpp"

namespace interlude {

struct conditioning_job {
  std::string key;   // names the folder under `root`
  std::string root;  // "<data>/creatives"
  media_input source;
  std::string shown;  // what messages call it
  std::shared_ptr<const stitch::ladder> ladder;
  std::optional<duration> exact;
  double loudness = as_loud_as_it_is;  // LKFS, what the sound is brought to
  std::chrono::milliseconds timeout{120'000};
  std::stop_token stop;  // ends the work early, with errc::unavailable
};

struct made_creative {
  stitch::creative media;
  std::uint64_t bytes = 0;         // of all its files
  std::optional<double> loudness;  // LKFS, of the source; none: silent, or not measured
};

result<made_creative> condition(const conditioning_job& job);

// True if the first and last segment of every track are where the record says.
bool creative_is_there(const stitch::creative& c, const std::string& root);

// Folders that a crash left half made.
void remove_leftovers(const std::string& root);

}  // namespace interlude
