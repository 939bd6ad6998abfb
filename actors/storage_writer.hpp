// The storage writer: the one actor that writes to the node's store.
//
// Writes that are in its mailbox together share one transaction and one fsync. A write that comes
// alone is made at once; where many come, there are no more than a hundred commits a second or so,
// and what can wait waits for others a little longer. Each asker is answered when its write is on
// disk, or told why it is not.
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
  // It may share the transaction of what comes within the next moments: nobody waits for it.
  bool can_wait = false;
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

// It waits for the disk: tests, which have a clock of their own, let it share the thread of others.
enum class writer_thread : bool { own, shared };
storage_writer_actor spawn_storage_writer(
    caf::actor_system& system, std::shared_ptr<storage::environment> env,
    std::shared_ptr<storage_counters> counters = std::make_shared<storage_counters>(),
    writer_thread thread = writer_thread::own);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::store_write)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::stored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::store_asked)
