#include "actors/beacon/beacon_pool.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>

namespace interlude {

namespace {

struct pool_state {
  static inline const char* name = "beacon_pool";
  std::vector<beacon_shard_actor> shards;

  // They end with it.
  ~pool_state() {
    for (const auto& s : shards) caf::anon_send_exit(s, caf::exit_reason::user_shutdown);
  }
};

using pool_self = beacon_shard_actor::stateful_pointer<pool_state>;

beacon_shard_actor start_shard(pool_self self, const beacon_arguments& arguments,
                               std::size_t number) {
  return caf::actor_cast<beacon_shard_actor>(
      self->spawn<caf::monitored>(make_beacon_shard, arguments, number));
}

beacon_shard_actor::behavior_type beacon_pool(pool_self self, beacon_arguments arguments) {
  for (std::size_t i = 0; i < arguments.shards; ++i)
    self->state.shards.push_back(start_shard(self, arguments, i));
  self->set_down_handler([self, arguments](const caf::down_msg& m) {
    auto& all = self->state.shards;
    const auto it = std::find_if(all.begin(), all.end(), [&](const beacon_shard_actor& s) {
      return s.address() == m.source;
    });
    if (it == all.end()) return;
    spdlog::error("beacons: an actor failed ({}), and is started again",
                  self->system().render(m.reason));
    *it = start_shard(self, arguments, static_cast<std::size_t>(it - all.begin()));
  });
  return {[self](beacons_kept& m) {
            auto& shards = self->state.shards;
            std::vector<beacons_kept> parts(shards.size());
            for (auto& b : m.all) parts[b.place.queue % shards.size()].all.push_back(std::move(b));
            for (std::size_t i = 0; i < parts.size(); ++i)
              if (!parts[i].all.empty()) self->send(shards[i], std::move(parts[i]));
          },
          [self](const beacons_ending& m) {
            const auto left = std::make_shared<std::atomic<std::size_t>>(self->state.shards.size());
            for (const auto& s : self->state.shards)
              self->send(s, beacons_ending{[left, done = m.done] {
                           if (--*left == 0) done();
                         }});
          }};
}

}  // namespace

beacon_shard_actor spawn_beacon_pool(caf::actor_system& system, const beacon_arguments& arguments) {
  return system.spawn(beacon_pool, arguments);
}

}  // namespace interlude
