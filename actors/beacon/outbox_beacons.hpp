// The way into the outbox: what is accepted is on disk before anybody is told so, and then handed
// to the pool.
//
// What is handed over while the disk is busy shares the next transaction, and the way to the pool.
#pragma once

#include <memory>
#include <mutex>

#include "actors/beacon/beacon_intake.hpp"
#include "actors/beacon/beacon_shard.hpp"
#include "actors/beacon/beacon_sink.hpp"
#include "storage/counter_table.hpp"
#include "storage/key_memory.hpp"

namespace interlude {

class event_log;
struct event_desk;

// What every part of the node hands its tracking requests to.
class outbox_beacons final : public beacon_sink {
 public:
  // An event is known by its key for so long.
  static constexpr duration remembered = std::chrono::hours{24};

  // `counts` null: nothing is counted of events; `log` null: they are not told.
  outbox_beacons(std::shared_ptr<const storage::outbox> outbox, storage::key_memory keys,
                 storage_writer_actor writer, beacon_shard_actor pool,
                 std::shared_ptr<beacon_counters> counters, std::function<instant()> clock,
                 std::shared_ptr<const storage::counter_table> counts = nullptr,
                 std::shared_ptr<event_log> log = nullptr);

  // All events are kept, or, where there is no room for all, none. Those that happen are counted in
  // the same transaction, so that none is counted twice, or forgotten.
  void accept(std::vector<beacon_event> events, std::function<void(acceptance)> done) override;

  // Why what is handed over now would be refused; empty: it would be kept. From any thread.
  std::string why_refused();

  // Before the actors end: all is refused from now on. Whoever holds this may outlive them.
  void close();

 private:
  // More of them wait for a disk that hangs than will ever be told to anybody.
  static constexpr std::uint64_t most_unanswered = 10'000;

  struct ways {
    storage_writer_actor writer;  // null: it is closed
    beacon_shard_actor pool;
  };

  ways ways_in() const;
  void try_store(const storage_writer_actor& writer) const;

  std::shared_ptr<event_desk> desk_;
  mutable std::mutex guard_;
  ways ways_in_;
};

}  // namespace interlude
