// The pool of beacon actors, and the way into it: what is accepted is on disk before anybody is
// told so, and then handed to the actor that has its host.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "actors/beacon/beacon_intake.hpp"
#include "actors/beacon/beacon_shard.hpp"
#include "actors/beacon/beacon_sink.hpp"
#include "storage/counter_table.hpp"
#include "storage/key_memory.hpp"

namespace interlude {

class event_log;

// Spawns the actors, starts one again that fails, and passes on what is for them.
beacon_shard_actor spawn_beacon_pool(caf::actor_system& system, const beacon_arguments& arguments);

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
                 std::shared_ptr<event_log> log = nullptr)
      : outbox_(std::move(outbox)),
        keys_(std::move(keys)),
        writer_(std::move(writer)),
        pool_(std::move(pool)),
        counters_(std::move(counters)),
        clock_(std::move(clock)),
        intake_(std::make_shared<beacon_intake>(outbox_->options().max_entries)),
        counts_(std::move(counts)),
        log_(std::move(log)) {}

  // All events are kept, or, where there is no room for all, none. Those that happen are counted in
  // the same transaction, so that none is counted twice, or forgotten.
  void accept(std::vector<beacon_event> events, std::function<void(acceptance)> done) override;

  // Why what is handed over now would be refused; empty: it would be kept. From any thread.
  std::string why_refused();

  // Before the actors end: all is refused from now on. Whoever holds this may outlive them.
  void close();

 private:
  struct ways_in {
    storage_writer_actor writer;
    beacon_shard_actor pool;
  };
  // More of them wait for a disk that hangs than will ever be told to anybody.
  static constexpr std::uint64_t most_unanswered = 10'000;

  ways_in ways() const;
  void try_store(const storage_writer_actor& writer) const;

  std::shared_ptr<const storage::outbox> outbox_;
  storage::key_memory keys_;
  mutable std::mutex guard_;
  storage_writer_actor writer_;  // null: it is closed
  beacon_shard_actor pool_;
  std::shared_ptr<std::atomic<std::uint64_t>> unanswered_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
  std::shared_ptr<beacon_counters> counters_;
  std::function<instant()> clock_;
  std::shared_ptr<beacon_intake> intake_;
  std::shared_ptr<const storage::counter_table> counts_;
  std::shared_ptr<event_log> log_;
};

}  // namespace interlude
