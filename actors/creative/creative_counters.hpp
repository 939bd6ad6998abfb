// What became of creatives, and how many there are, for the metrics. Counted since the start.
#pragma once

#include <atomic>
#include <cstdint>

#include "actors/histogram.hpp"

namespace interlude {

struct creative_counters {
  std::atomic<std::uint64_t> conditioned{0};
  std::atomic<std::uint64_t> failed{0};  // jobs: not fetched, no media, or ffmpeg failed
  duration_histogram conditioning;       // without the fetching
  mailbox_histogram mailbox;
  // As it is now.
  std::atomic<std::uint64_t> queued{0}, under_way{0};  // jobs
  std::atomic<std::uint64_t> quarantined{0};           // sources
  std::atomic<std::uint64_t> kept{0}, bytes{0};        // on disk
};

}  // namespace interlude
