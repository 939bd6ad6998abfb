// The storage writer: the one detached actor that writes to the node's store.
//
// Writes that are in its mailbox together share one transaction and one fsync; each asker is
// answered when its write is on disk, or told why it is not.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "actors/storage_counters.hpp"
#include "storage/environment.hpp"

namespace interlude {

// Something to do inside of a write transaction. May run more than once; must have no effects
// outside of it.
struct store_write {
  std::function<void(storage::transaction&)> work;
};
struct stored {
  bool on_disk = true;
};

// The same from outside of the actors.
struct store_asked {
  // Told once; that it is not on disk, if the writer ends before.
  class answer {
   public:
    explicit answer(std::function<void(bool on_disk)> tell) : tell_(std::move(tell)) {}
    answer(const answer&) = delete;
    answer& operator=(const answer&) = delete;
    ~answer() { give(false); }
    void give(bool on_disk) {
      if (const auto tell = std::exchange(tell_, nullptr)) tell(on_disk);
    }

   private:
    std::function<void(bool)> tell_;
  };
  store_write write;
  std::shared_ptr<answer> done;
};

using storage_writer_actor =
    caf::typed_actor<caf::replies_to<store_write>::with<stored>, caf::reacts_to<store_asked>>;

storage_writer_actor spawn_storage_writer(
    caf::actor_system& system, std::shared_ptr<storage::environment> env,
    std::shared_ptr<storage_counters> counters = std::make_shared<storage_counters>());

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::store_write)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::stored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::store_asked)
