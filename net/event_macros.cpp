#include "net/event_macros.hpp"

#include <random>

namespace interlude::net {

ads::playing_event macros_of(const vast::ad& ad, duration playhead) {
  ads::playing_event out{playhead, ad.sequence, ad.serving_id, {}};
  if (const auto* c = vast::linear_creative(ad))
    for (const auto& id : c->universal_ad_ids)
      out.universal_ids.push_back(id.registry + ' ' + id.value);
  return out;
}

std::uint32_t random_number() {
  thread_local std::mt19937 source{std::random_device{}()};
  return static_cast<std::uint32_t>(source());
}

std::function<std::uint32_t()> numbers_of(const std::string& text) {
  return [source = std::mt19937{static_cast<std::mt19937::result_type>(std::hash<std::string>{}(
              text))}]() mutable { return static_cast<std::uint32_t>(source()); };
}

}  // namespace interlude::net
