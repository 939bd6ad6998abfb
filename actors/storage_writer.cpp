#include "actors/storage_writer.hpp"

#include <spdlog/spdlog.h>

#include <caf/all.hpp>
#include <utility>
#include <vector>

namespace interlude {

namespace {

// Sent to itself behind the writes that are already waiting: when it arrives they have all been
// collected.
struct commit_now {};

using writer_self = storage_writer_actor::extend<caf::reacts_to<commit_now>>;

struct writer_state {
  static inline const char* name = "storage_writer";
  std::shared_ptr<storage::environment> env;
  std::vector<std::pair<store_write, caf::typed_response_promise<stored>>> waiting;

  void commit() {
    auto batch = std::exchange(waiting, {});
    const auto done = env->write([&](storage::transaction& t) {
      for (const auto& [write, promise] : batch) write.work(t);
    });
    if (!done) spdlog::error("storage: {}", done.error().message());
    for (auto& [write, promise] : batch) {
      if (done)
        promise.deliver(stored{});
      else
        promise.deliver(caf::make_error(caf::sec::runtime_error, done.error().message()));
    }
  }
};

}  // namespace

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::commit_now)

namespace interlude {

namespace {

writer_self::behavior_type storage_writer(writer_self::stateful_pointer<writer_state> self,
                                          std::shared_ptr<storage::environment> env) {
  self->state.env = std::move(env);
  return {
      [self](const store_write& write) -> caf::result<stored> {
        auto& waiting = self->state.waiting;
        if (waiting.empty())
          caf::anon_send(caf::actor_cast<writer_self>(self->ctrl()), commit_now{});
        auto promise = self->template make_response_promise<stored>();
        waiting.emplace_back(write, promise);
        return promise;
      },
      [self](const commit_now&) { self->state.commit(); },
  };
}

}  // namespace

storage_writer_actor spawn_storage_writer(caf::actor_system& system,
                                          std::shared_ptr<storage::environment> env) {
  return system.spawn<caf::detached>(storage_writer, std::move(env));
}

}  // namespace interlude
