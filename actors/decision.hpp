// Decision actors: which ads for this break and this audience. They always answer, and in time.
//
// Sharded by decision key (channel, break length, audience), so that equal questions meet in one
// place. In order of preference an answer comes from the channel's house pod; slate and content are
// what the channel falls back on when the answer names nothing.
#pragma once

#include <caf/fwd.hpp>

#include "actors/interfaces.hpp"

namespace interlude {

struct decision_state {
  static inline const char* name = "decision";
  std::size_t shard = 0;
};

// `shard` is its place among its like.
decision_actor::behavior_type decision(decision_actor::stateful_pointer<decision_state> self,
                                       std::size_t shard);

// The shard that answers for a key.
std::size_t decision_shard(std::string_view channel, duration wanted, std::string_view audience,
                           std::size_t shards);

}  // namespace interlude
