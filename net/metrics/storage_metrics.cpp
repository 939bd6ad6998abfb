// The store, and what waits for the node's actors.
#include "net/metrics/parts.hpp"

namespace interlude::net {

metric_families storage_metrics(const node_context& node) {
  metric_families out;
  if (node.system.store)
    out.push_back(gauge("interlude_store_map_bytes", "How large the store may become just now.",
                        static_cast<double>(node.system.store->map_bytes())));
  const auto& gathered = node.system.gathered;
  const auto& events = node.system.events;
  out.push_back(counter("interlude_analytics_lost_total",
                        "Counts of breaks and ad servers for which there was no room.",
                        gathered ? static_cast<double>(gathered->lost()) : 0.0));
  out.push_back(counter("interlude_events_log_dropped_total",
                        "Events that are not in the files of the events log.",
                        events ? static_cast<double>(events->dropped()) : 0.0));
  if (!node.system.writes) return out;
  const auto& n = *node.system.writes;
  out.push_back(counter("interlude_store_writes_total", "Writes to the store.", n.writes));
  out.push_back(counter("interlude_store_write_failures_total",
                        "Of those, the ones that are not on disk.", n.failures));
  out.push_back(distribution("interlude_store_commit_duration_seconds",
                             "Of commits: many writes together, and the disk's confirmation.",
                             n.commits.read()));
  return out;
}

metric_families mailbox_metrics(const node_context& node) {
  auto f = distribution("interlude_mailbox_messages",
                        "Messages that waited when an actor began with one, as far as it looked.");
  mailbox_histogram::reading channels;
  for (const auto& c : node.gateway.channels()) channels += c->counters.mailbox.read();
  add(f, channels, {{"actor", "channel"}});
  add(f, node.gateway.decisions().counters.mailbox.read(), {{"actor", "decision"}});
  if (node.system.beacons) add(f, node.system.beacons->mailbox.read(), {{"actor", "beacon"}});
  if (node.system.creatives) add(f, node.system.creatives->mailbox.read(), {{"actor", "creative"}});
  if (node.system.writes) add(f, node.system.writes->mailbox.read(), {{"actor", "storage"}});
  return {std::move(f)};
}

}  // namespace interlude::net
