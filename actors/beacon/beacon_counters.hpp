// What became of tracking requests, for the metrics. Counted since the start.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "actors/histogram.hpp"
#include "media/core/time.hpp"

namespace interlude {

// Since when the request has been due that waits longest: as each beacon actor has seen it last, at
// most a second ago, without those under way. Thread-safe.
class due_board {
 public:
  // nullopt: none waits.
  void note(std::size_t actor, std::optional<instant> oldest) {
    const std::lock_guard lock{guard_};
    if (all_.size() <= actor) all_.resize(actor + 1);
    all_[actor] = oldest;
  }
  // It may be due in the future only.
  std::optional<instant> oldest() const {
    const std::lock_guard lock{guard_};
    std::optional<instant> out;
    for (const auto& o : all_)
      if (o) out = std::min(out.value_or(*o), *o);
    return out;
  }

 private:
  mutable std::mutex guard_;
  std::vector<std::optional<instant>> all_;
};

struct beacon_counters {
  std::atomic<std::uint64_t> accepted{0};      // requests, on disk
  std::atomic<std::uint64_t> duplicates{0};    // events that had happened before
  std::atomic<std::uint64_t> out_of_order{0};  // events without those that come before them
  std::atomic<std::uint64_t> refused{0};       // requests for which there was no room
  // Events that were not kept, those that nobody is told of among them.
  std::atomic<std::uint64_t> events_refused{0};
  std::atomic<std::uint64_t> delivered{0};
  std::atomic<std::uint64_t> retries{0};
  std::atomic<std::uint64_t> dead{0};
  std::atomic<std::uint64_t> replayed{0};      // of those that were given up, by an operator
  std::atomic<std::uint64_t> dropped{0};       // of the same, deleted by an operator
  std::atomic<std::uint64_t> forgotten{0};     // of those that were given up, for want of room
  std::atomic<std::uint64_t> not_followed{0};  // redirects, where too many were being followed
  std::atomic<std::int64_t> under_way{0};
  std::atomic<std::int64_t> hosts_left_alone{0};
  due_board due;
  mailbox_histogram mailbox;
};

}  // namespace interlude
