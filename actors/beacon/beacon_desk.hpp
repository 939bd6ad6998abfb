// The beacon desk: what operators ask of tracking requests that wait, or were given up; to send the
// latter again, or delete them.
//
// What is to be sent again changes places in one transaction: it is given up or it waits, whenever
// the node is killed. It gets a new id, and the pool is told of it as of any other that is
// accepted. A few hundred share a transaction, so that what viewers wait for gets in between. The
// desk reads a lot from the disk: give it a thread of its own.
#pragma once

#include <caf/fwd.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/beacon/beacon_shard.hpp"
#include "actors/beacon/beacon_status.hpp"
#include "actors/beacon/dead_search.hpp"

namespace interlude {

// One question that takes several transactions. Answers exactly once, at the latest as it goes.
struct dead_job {
  dead_job(dead_change change, dead_selection selection,
           std::function<void(result<dead_outcome>)> tell)
      : what(change), which(std::move(selection)), done(std::move(tell)) {}
  dead_job(const dead_job&) = delete;
  dead_job& operator=(const dead_job&) = delete;
  ~dead_job() { answer(error{errc::unavailable, "beacons", "the node is stopping"}); }

  void answer(result<dead_outcome> outcome) {
    if (const auto tell = std::exchange(done, nullptr)) tell(std::move(outcome));
  }

  dead_change what;
  dead_selection which;
  std::function<void(result<dead_outcome>)> done;
  dead_outcome so_far;
  std::optional<dead_search> search;  // nullopt: by names
  std::size_t names_read = 0;
};
using dead_job_ptr = std::shared_ptr<dead_job>;

// What a transaction came to. It may run twice: the last time counts.
struct dead_step {
  std::vector<held_beacon> kept;  // wait in the outbox now
  std::uint64_t done = 0, missing = 0;
  bool full = false;
};

// Messages of the desk to itself.
struct job_goes_on {
  dead_job_ptr job;
};
struct step_written {
  dead_job_ptr job;
  std::shared_ptr<const dead_step> step;
  bool on_disk = false;
};

using beacon_desk_actor =
    caf::typed_actor<caf::reacts_to<overview_wanted>, caf::reacts_to<dead_wanted>,
                     caf::reacts_to<one_dead_wanted>, caf::reacts_to<dead_change_wanted>>;
using beacon_desk =
    beacon_desk_actor::extend<caf::reacts_to<job_goes_on>, caf::reacts_to<step_written>>;

class beacon_desk_state {
 public:
  static inline const char* name = "beacon_desk";

  void start(beacon_desk::pointer self, beacon_arguments arguments, beacon_shard_actor pool);
  void on(const overview_wanted& m);
  void on(const dead_wanted& m);
  void on(const one_dead_wanted& m);
  void on(dead_change_wanted& m);
  void on(const job_goes_on& m);
  void on(const step_written& m);

 private:
  struct dead_letter {
    std::string name;  // as the outbox has it
    std::optional<beacon_record> record;
  };
  using dead_letters = std::vector<dead_letter>;

  instant wall() const;
  result<beacon_overview> overview() const;
  result<std::vector<waiting_host>> hosts(std::vector<storage::outbox_place> firsts) const;
  result<dead_letters> gather(dead_job& job) const;
  result<std::vector<dead_beacon>> named(dead_job& job) const;
  std::function<void(storage::transaction&)> work_on(const dead_job& job, dead_letters letters,
                                                     std::shared_ptr<dead_step> step) const;
  void finish(dead_job& job);
  void fail(dead_job& job, const error& why);

  beacon_desk::pointer self_ = nullptr;
  beacon_arguments arguments_;
  beacon_shard_actor pool_;
  std::size_t jobs_ = 0;
};

// `pool` is told what is to be sent; of `arguments`, the outbox, the writer, the counters and the
// clock are used.
beacon_desk::behavior_type make_beacon_desk(beacon_desk::stateful_pointer<beacon_desk_state> self,
                                            beacon_arguments arguments, beacon_shard_actor pool);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::job_goes_on)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::step_written)
