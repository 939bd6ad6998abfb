#include "actors/storage_writer.hpp"

#include <spdlog/spdlog.h>

#include <caf/all.hpp>
#include <chrono>
#include <utility>
#include <vector>

namespace interlude {

namespace {

// Sent to itself behind the writes that are already waiting: when it arrives they have all been
// collected.
struct commit_now {
  std::uint64_t generation = 0;  // of the plan
};

using steady = std::chrono::steady_clock;
constexpr std::chrono::milliseconds between_commits{8};
constexpr std::chrono::milliseconds longest_wait{16};  // of what can wait

using writer_self = storage_writer_actor::extend<caf::reacts_to<commit_now>>;

}  // namespace

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::commit_now)

namespace interlude {

namespace {

struct writer_state {
  static inline const char* name = "storage_writer";
  enum class planned { never, later, now };
  std::shared_ptr<storage::environment> env;
  std::shared_ptr<storage_counters> counters;
  std::vector<std::pair<store_write, std::function<void(const result<bool>&)>>> waiting;
  planned next = planned::never;
  std::uint64_t generation = 0;
  steady::time_point committed{};  // when that last began

  void add(writer_self::pointer self, store_write write,
           std::function<void(const result<bool>&)> then) {
    plan(self, write.can_wait ? planned::later : planned::now);
    waiting.emplace_back(std::move(write), std::move(then));
  }
  void plan(writer_self::pointer self, planned when) {
    if (next >= when) return;
    next = when;
    const auto me = caf::actor_cast<writer_self>(self->ctrl());
    const auto least = when == planned::later ? longest_wait : between_commits;
    const auto pause =
        std::chrono::ceil<std::chrono::milliseconds>(committed + least - self->clock().now());
    if (pause.count() > 0)
      self->delayed_send(me, pause, commit_now{++generation});
    else
      caf::anon_send(me, commit_now{++generation});
  }
  void commit(writer_self::pointer self) {
    next = planned::never;
    committed = self->clock().now();
    auto batch = std::exchange(waiting, {});
    const auto begun = steady::now();
    const auto done = env->write([&](storage::transaction& t) {
      for (const auto& [write, then] : batch) write.work(t);
    });
    counters->commits.add(steady::now() - begun);
    counters->writes.fetch_add(batch.size(), std::memory_order_relaxed);
    if (!done) counters->failures.fetch_add(batch.size(), std::memory_order_relaxed);
    if (!done) spdlog::error("storage: {}", done.error().message());
    for (auto& [write, then] : batch) then(done);
  }
};

writer_self::behavior_type storage_writer(writer_self::stateful_pointer<writer_state> self,
                                          std::shared_ptr<storage::environment> env,
                                          std::shared_ptr<storage_counters> counters) {
  self->state.env = std::move(env);
  self->state.counters = std::move(counters);
  // What has been handed over is written.
  self->set_exit_handler([self](const caf::exit_msg& m) {
    if (!self->state.waiting.empty()) self->state.commit(self);
    self->quit(m.reason);
  });
  return {
      [self](const store_write& write) -> caf::result<stored> {
        auto promise = self->template make_response_promise<stored>();
        self->state.add(self, write, [promise](const result<bool>& done) mutable {
          if (done)
            promise.deliver(stored{});
          else
            promise.deliver(caf::make_error(caf::sec::runtime_error, done.error().message()));
        });
        return promise;
      },
      [self](const store_asked& m) {
        self->state.add(self, m.write,
                        [done = m.done](const result<bool>& d) { done->give(d.has_value()); });
      },
      [self](const commit_now& m) {
        if (m.generation != self->state.generation) return;  // planned anew for sooner
        self->state.counters->mailbox.add(self->mailbox().size());
        self->state.commit(self);
      },
  };
}

}  // namespace

storage_writer_actor spawn_storage_writer(caf::actor_system& system,
                                          std::shared_ptr<storage::environment> env,
                                          std::shared_ptr<storage_counters> counters,
                                          writer_thread thread) {
  if (thread == writer_thread::shared)
    return system.spawn(storage_writer, std::move(env), std::move(counters));
  return system.spawn<caf::detached>(storage_writer, std::move(env), std::move(counters));
}

}  // namespace interlude
