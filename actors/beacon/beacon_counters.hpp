// What became of tracking requests, for the metrics. Counted since the start.
#pragma once

#include <atomic>
#include <cstdint>

namespace interlude {

struct beacon_counters {
  std::atomic<std::uint64_t> accepted{0};      // requests, on disk
  std::atomic<std::uint64_t> duplicates{0};    // events that had happened before
  std::atomic<std::uint64_t> out_of_order{0};  // events without those that come before them
  std::atomic<std::uint64_t> refused{0};       // requests for which there was no room
  std::atomic<std::uint64_t> delivered{0};
  std::atomic<std::uint64_t> retries{0};
  std::atomic<std::uint64_t> dead{0};
  std::atomic<std::uint64_t> replayed{0};  // of those that were given up, by an operator
  std::atomic<std::uint64_t> dropped{0};   // of the same, deleted by an operator
  std::atomic<std::int64_t> under_way{0};
  std::atomic<std::int64_t> hosts_left_alone{0};
};

}  // namespace interlude
