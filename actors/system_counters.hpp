// Where the parts of a node count, for the metrics. Null: there is no such part.
//
// What channels count is in their views, what decisions count beside their cache.
#pragma once

#include <memory>

#include "actors/analytics/event_log.hpp"
#include "actors/analytics/gathered_counts.hpp"
#include "actors/beacon/beacon_counters.hpp"
#include "actors/creative/creative_counters.hpp"
#include "actors/decision/host_guard.hpp"
#include "actors/storage_counters.hpp"
#include "storage/outbox.hpp"

namespace interlude {

struct system_counters {
  std::shared_ptr<const beacon_counters> beacons{};
  std::shared_ptr<const storage::outbox> outbox{};
  std::shared_ptr<const creative_counters> creatives{};
  std::shared_ptr<const host_guard> ad_servers{};
  std::shared_ptr<const storage_counters> writes{};
  std::shared_ptr<const storage::environment> store{};
  std::shared_ptr<const gathered_counts> gathered{};
  std::shared_ptr<const event_log> events{};
};

}  // namespace interlude
