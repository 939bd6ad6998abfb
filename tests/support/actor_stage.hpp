// An actor system whose clock moves only when it is told to, and whose actors run only then.
#pragma once

#include <algorithm>
#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <chrono>

#include "media/core/time.hpp"

namespace interlude::test {

class actor_stage {
  struct deterministic : caf::actor_system_config {
    deterministic() { set("scheduler.policy", caf::atom("testing")); }
  };
  deterministic config_;

 public:
  // `from`: what the wall clock shows when it begins.
  explicit actor_stage(instant from) : from_(from) {
    // Far from the clock's zero, which stands for "never".
    clock().current_time += std::chrono::hours{1};
    begun_ = clock().now();
  }

  // In steps, so that what is set off on the way goes on from there.
  void pass(duration time) {
    scheduler().run();
    while (time > duration{0}) {
      const auto step = std::min<duration>(time, std::chrono::milliseconds{50});
      scheduler().advance_time(step);
      scheduler().run();
      time -= step;
    }
  }
  instant now() { return when(clock().now()); }
  instant when(std::chrono::steady_clock::time_point t) {
    return from_ + std::chrono::duration_cast<duration>(t - begun_);
  }

  caf::actor_system system{config_};

 protected:
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }
  caf::detail::test_actor_clock& clock() { return scheduler().clock(); }
  instant from() const { return from_; }
  std::chrono::steady_clock::time_point begun() const { return begun_; }
  // Who was told to end does. Timers hold actors; those that are left are let go.
  void let_go() {
    scheduler().run();
    clock().trigger_timeouts();
    scheduler().run();
  }

 private:
  instant from_;
  std::chrono::steady_clock::time_point begun_{};
};

}  // namespace interlude::test
