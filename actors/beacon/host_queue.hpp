// The tracking requests for one host: which are to be made now, and when to look again.
//
// What was just accepted comes in from the side and takes turns with what waits on disk, so that a
// backlog is worked off and new events are not kept waiting behind it. Only so many are in memory;
// the disk has them all. A bounded number is under way at a time, and no more than so many are
// begun in a second. A host that fails several times in a row is left alone for a while, twice as
// long each time, and then tried with one request. Time is an argument. One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <unordered_set>
#include <vector>

#include "actors/beacon/delivery.hpp"
#include "storage/outbox.hpp"

namespace interlude {

using steady_instant = std::chrono::steady_clock::time_point;

struct host_limits {
  std::uint64_t max_concurrent = 64;
  std::uint64_t max_per_second = 0;  // 0: any number
  std::uint64_t breaker_failures = 5;
  std::chrono::milliseconds breaker_pause{5'000};  // the first; doubled up to
  std::chrono::milliseconds longest_pause{120'000};
};

// In memory, as long as nobody knows what becomes of it.
struct held_beacon {
  storage::outbox_place place;
  packed_beacon record;
};

class host_queue {
 public:
  static constexpr std::size_t most_in_memory = 500;  // of new ones, and of those from disk

  explicit host_queue(const host_limits& limits) : limits_(limits) {}

  // It is on disk since just now.
  void add(held_beacon b);
  // Something is on disk, due then.
  void wait_for(instant due);

  // How many should be read from the queue's begin on disk; 0: none.
  std::size_t wanted(instant now) const;
  // They were; `all`: there are no more.
  void add_stored(std::vector<held_beacon> all_read, bool all, instant now);

  // What is to be sent now. Each is to be told of by finished(), and then by settled().
  // At most `most`.
  std::vector<held_beacon> take(steady_instant t,
                                std::size_t most = std::numeric_limits<std::size_t>::max());
  // Those in memory that have waited for too long, as far as they stand in front; to be settled().
  // `max_age` tells how long one may wait.
  template <class F>
  std::vector<held_beacon> take_expired(instant now, F max_age) {
    std::vector<held_beacon> out;
    for (auto* lane : {&stored_, &fresh_})
      for (; !lane->empty() && now - lane->front().record.accepted() > max_age(lane->front());
           lane->pop_front())
        out.push_back(std::move(lane->front()));
    return out;
  }
  // `began`: when it was taken.
  void finished(const delivery& outcome, steady_instant began, steady_instant t);
  // What became of it is on disk.
  void settled(std::uint64_t id) { held_.erase(id); }

  // When something may be due, if nothing happens before; nullopt: never.
  std::optional<steady_instant> next(instant now, steady_instant t) const;

  // When what waits was due, or will be, first; nullopt: nothing waits, but for what is under way.
  std::optional<instant> first_due() const;

  bool holds(std::uint64_t id) const { return held_.contains(id); }
  bool is_paused(steady_instant t) const { return paused_till_ && t < *paused_till_; }
  // Nothing is under way, and what is in memory is on disk just so: it is found there again.
  bool rests() const { return held_.size() == fresh_.size() + stored_.size(); }
  duration pause_left(steady_instant t) const;
  bool is_empty() const { return held_.empty() && !stored_from_; }
  // It is known how many have been begun in this second, which counts.
  bool is_counted(steady_instant t) const {
    return limits_.max_per_second > 0 && counted_at_ && t - *counted_at_ < std::chrono::seconds{1};
  }
  bool is_left_alone() const { return failures_ >= limits_.breaker_failures; }
  std::uint64_t under_way() const { return under_way_; }

 private:
  std::size_t free_places(steady_instant t);
  held_beacon pop();

  host_limits limits_;
  std::deque<held_beacon> fresh_, stored_;
  std::unordered_set<std::uint64_t> held_;  // ids in memory, also of those under way
  std::optional<instant> stored_from_;      // on disk is more, due from then on
  std::uint64_t turn_ = 0;
  std::uint64_t under_way_ = 0;
  std::uint64_t failures_ = 0;                 // in a row
  std::optional<steady_instant> answered_at_;  // when the host was well last
  std::optional<steady_instant> paused_till_;
  std::chrono::milliseconds pause_{0};
  double allowance_ = 0;  // requests that may be begun, of max_per_second
  std::optional<steady_instant> counted_at_;
};

}  // namespace interlude
