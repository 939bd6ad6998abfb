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
struct commit_now {};

using writer_self = storage_writer_actor::extend<caf::reacts_to<commit_now>>;

}  // namespace

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::commit_now)

namespace interlude {

namespace {

struct writer_state {
  static inline const char* name = "storage_writer";
  std::shared_ptr<storage::environment> env;
  std::shared_ptr<storage_counters> counters;
  std::vector<std::pair<store_write, std::function<void(const result<bool>&)>>> waiting;

  void add(writer_self::pointer self, store_write write,
           std::function<void(const result<bool>&)> then) {
    if (waiting.empty()) caf::anon_send(caf::actor_cast<writer_self>(self->ctrl()), commit_now{});
    waiting.emplace_back(std::move(write), std::move(then));
  }
  void commit() {
    auto batch = std::exchange(waiting, {});
    const auto begun = std::chrono::steady_clock::now();
    const auto done = env->write([&](storage::transaction& t) {
      for (const auto& [write, then] : batch) write.work(t);
    });
    counters->commits.add(std::chrono::steady_clock::now() - begun);
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
      [self](const commit_now&) {
        self->state.counters->mailbox.add(self->mailbox().size());
        self->state.commit();
      },
  };
}

}  // namespace

storage_writer_actor spawn_storage_writer(caf::actor_system& system,
                                          std::shared_ptr<storage::environment> env,
                                          std::shared_ptr<storage_counters> counters) {
  return system.spawn<caf::detached>(storage_writer, std::move(env), std::move(counters));
}

}  // namespace interlude
