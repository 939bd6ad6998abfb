// Beacon actors: make the tracking requests of their hosts, and see to it that each is made in the
// end, or known to have been given up.
//
// Each has the hosts whose queues fall to it. What becomes of requests is written to the outbox in
// batches: up to a hundred, or those of ten milliseconds. An actor that fails is started again by
// the pool, and goes on with what is on disk.
#pragma once

#include <atomic>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/beacon/beacon_counters.hpp"
#include "actors/beacon/host_queue.hpp"
#include "actors/http_fetcher.hpp"
#include "actors/storage_writer.hpp"
#include "storage/outbox.hpp"

namespace interlude {

// They are on disk since just now.
struct beacons_kept {
  std::vector<held_beacon> all;
};
// The node is about to stop: nothing more is begun, and `done` is called when all that was under
// way has been answered, and what became of it is on disk. What fails from now on is left as it
// was.
struct beacons_ending {
  std::function<void()> done;
};
// There are answers in the tray. (Messages of the actor to itself.)
struct deliveries_came {};
struct settling_due {};
struct shard_tick {
  std::uint64_t generation = 0;
};

using beacon_shard_actor =
    caf::typed_actor<caf::reacts_to<beacons_kept>, caf::reacts_to<beacons_ending>>;
using beacon_shard =
    beacon_shard_actor::extend<caf::reacts_to<deliveries_came>, caf::reacts_to<settling_due>,
                               caf::reacts_to<shard_tick>>;

struct beacon_arguments {
  std::shared_ptr<http_fetcher> fetcher;
  std::shared_ptr<const storage::outbox> outbox;
  storage_writer_actor writer;
  std::shared_ptr<beacon_counters> counters = std::make_shared<beacon_counters>();
  std::map<std::string, beacon_policy, std::less<>> policies;  // by channel
  host_limits limits;
  std::chrono::milliseconds timeout{5'000};  // of a request
  std::size_t max_under_way = 4096;          // of all hosts; one of each may be beyond that
  instant wall_clock_base{};                 // when the actor clock showed steady_base
  steady_instant steady_base{};
  std::size_t shards = 1;
  std::size_t max_hosts = 2000;  // that an actor looks after at a time
  std::uint64_t seed = 0;
};

class beacon_shard_state {
 public:
  static inline const char* name = "beacon_shard";

  beacon_shard_state() = default;
  beacon_shard_state(const beacon_shard_state&) = delete;
  beacon_shard_state& operator=(const beacon_shard_state&) = delete;
  // What was under way is nobody's any more, until another actor takes it up.
  ~beacon_shard_state();

  void start(beacon_shard::pointer self, beacon_arguments arguments, std::size_t number);
  void on(beacons_kept& m);
  void on(const beacons_ending& m);
  void on(const deliveries_came&);
  void on(const settling_due&);
  void on(const shard_tick& m);

 private:
  struct sent_beacon {
    held_beacon what;
    steady_instant began{};
  };
  class tray;
  // What is to be written of a request.
  struct settlement {
    storage::outbox_place place;
    std::optional<instant> again{};  // to be tried again then
    bool dead = false;
    std::string record{};  // of what stays
  };
  using settlements = std::shared_ptr<const std::vector<settlement>>;

  steady_instant now() const;
  instant wall() const;
  const beacon_policy& policy_of(std::string_view channel) const;
  host_queue* host_of(const storage::outbox_place& place);
  bool make_room_for_hosts();
  void forget(std::map<std::uint64_t, host_queue>::iterator host);
  bool waits_for_disk() const;
  std::size_t places_for(const host_queue& host) const;
  void follow(const held_beacon& b, const fetch_response& answer);
  void note_health(std::string_view url, bool before, bool after, const std::string& why);
  void tell_if_ended();
  void forget_if_idle(std::uint64_t queue);
  bool is_told(std::uint64_t id) const { return id < first_told_ || id < told_until_; }
  void look_at_disk();
  void find_hosts_on_disk();
  void load(std::uint64_t queue, host_queue& host);
  void drop_unreadable(const storage::outbox_place& place);
  void send_due(std::uint64_t queue);
  void lay_out_tray();
  void send(std::vector<held_beacon> all);
  void conclude(sent_beacon b, const result<fetch_response>& answer);
  void give_up_expired(host_queue& host);
  void settle(settlement s);
  void write(const settlements& batch);
  void written(const settlements& batch);
  void settle_failed(const storage::outbox_place& place, const beacon_record& record,
                     std::optional<instant> again);
  void log(const beacon_record& record, bool dead) const;
  void arm();
  void note_due();

  beacon_shard::pointer self_ = nullptr;
  beacon_arguments arguments_;
  std::size_t number_ = 0;
  std::mt19937 random_;
  std::map<std::uint64_t, host_queue> hosts_;
  // Entries are told of in the order of their ids. What was on disk at the start is read from
  // there; of the others only what has been told of: else it would be there twice.
  std::uint64_t first_told_ = 0, told_until_ = 0;
  std::shared_ptr<tray> tray_;
  std::unordered_map<std::uint64_t, sent_beacon> sent_;  // under way, by id
  std::vector<settlement> settled_;
  // Places that redirects led to, which are asked just now.
  std::shared_ptr<std::atomic<std::size_t>> followed_ =
      std::make_shared<std::atomic<std::size_t>>(0);
  bool settling_planned_ = false;
  bool disk_fails_ = false;        // written again by the timer only
  std::size_t writing_ = 0;        // settlements that are on their way to the disk
  std::function<void()> ended_{};  // set: the node is about to stop
  // On disk are more hosts than are looked after at a time, and this was due first of theirs.
  std::optional<instant> more_hosts_from_{};
  steady_instant room_sought_at_{}, look_again_at_{};
  std::uint64_t generation_ = 0;                      // of the timer
  steady_instant armed_for_ = steady_instant::max();  // when it goes off; max: it is not set
};

beacon_shard::behavior_type make_beacon_shard(
    beacon_shard::stateful_pointer<beacon_shard_state> self, beacon_arguments arguments,
    std::size_t number);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::beacons_kept)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::beacons_ending)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::deliveries_came)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::settling_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::shard_tick)
