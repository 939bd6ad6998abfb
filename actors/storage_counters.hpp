// What became of writes to the store, for the metrics. Counted since the start.
#pragma once

#include <atomic>
#include <cstdint>

#include "actors/histogram.hpp"

namespace interlude {

struct storage_counters {
  std::atomic<std::uint64_t> writes{0};    // that were asked for
  std::atomic<std::uint64_t> failures{0};  // of them: they are not on disk
  duration_histogram commits;              // of all that came together, with the fsync
  mailbox_histogram mailbox;
};

}  // namespace interlude
