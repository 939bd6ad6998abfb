#include "net/event_macros.hpp"

#include <random>

namespace interlude::net {

ads::playing_event macros_of(const vast::ad& ad, std::uint32_t place, duration playhead) {
  ads::playing_event out{playhead, place, ad.serving_id, {}};
  if (const auto* c = vast::linear_creative(ad))
    for (const auto& id : c->universal_ad_ids)
      out.universal_ids.push_back(id.registry + ' ' + id.value);
  return out;
}

std::uint32_t random_number() {
  thread_local std::mt19937 source{std::random_device{}()};
  return static_cast<std::uint32_t>(source());
}

}  // namespace interlude::net
