#include "actors/decision.hpp"

#include <caf/all.hpp>
#include <functional>
#include <string>

#include "ads/house_pod.hpp"

namespace interlude {

decision_actor::behavior_type decision(decision_actor::stateful_pointer<decision_state> self,
                                       std::size_t shard) {
  self->state.shard = shard;
  return {
      [](const decision_wanted& question) {
        return decision_made{ads::house_pod(question.house_ads, question.ordinal)};
      },
  };
}

std::size_t decision_shard(std::string_view channel, duration wanted, std::string_view audience,
                           std::size_t shards) {
  std::string key{channel};
  key.append("\n").append(audience).append("\n").append(std::to_string(wanted.count() / 100'000));
  return std::hash<std::string>{}(key) % shards;
}

}  // namespace interlude
