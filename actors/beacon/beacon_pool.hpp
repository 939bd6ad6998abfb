// The pool of beacon actors: starts one again that fails, and hands each what is for its hosts.
#pragma once

#include "actors/beacon/beacon_shard.hpp"

namespace interlude {

beacon_shard_actor spawn_beacon_pool(caf::actor_system& system, const beacon_arguments& arguments);

}  // namespace interlude
