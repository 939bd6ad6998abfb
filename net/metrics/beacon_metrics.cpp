// Tracking requests, and the outbox in which they wait.
#include <algorithm>

#include "net/metrics/parts.hpp"

namespace interlude::net {

namespace {

double overdue(const beacon_counters& n, instant now) {
  const auto oldest = n.due.oldest();
  return oldest ? std::max(to_seconds(now - *oldest), 0.0) : 0.0;
}

void add_outbox(metric_families& out, const storage::outbox& box) {
  out.push_back(gauge("interlude_outbox_capacity_entries",
                      "Tracking requests that may wait (beacons.max_waiting).",
                      static_cast<double>(box.options().max_entries)));
  // A store that cannot be read tells nothing.
  if (const auto size = box.size())
    out.push_back(gauge("interlude_outbox_entries", "Tracking requests that wait on disk.",
                        static_cast<double>(*size)));
  if (const auto size = box.dead_size())
    out.push_back(gauge("interlude_outbox_dead_letters",
                        "Tracking requests that were given up, and are kept.",
                        static_cast<double>(*size)));
}

}  // namespace

metric_families beacon_metrics(const node_context& node) {
  metric_families out;
  if (node.system.outbox) add_outbox(out, *node.system.outbox);
  if (!node.system.beacons) return out;
  const auto& n = *node.system.beacons;
  const auto count = [&](const char* name, const char* help, const auto& value) {
    out.push_back(counter(name, help, value));
  };
  count("interlude_beacons_accepted_total", "Tracking requests that were taken, on disk.",
        n.accepted);
  count(
      "interlude_beacons_refused_total",
      "Tracking requests that are lost: the outbox is full, the disk fails, or they are too long.",
      n.refused);
  count("interlude_beacon_events_refused_total",
        "Events that could not be kept, those that nobody is told of among them.",
        n.events_refused);
  count("interlude_beacons_delivered_total", "Tracking requests that arrived.", n.delivered);
  count("interlude_beacons_retries_total", "Attempts that failed and will be repeated.", n.retries);
  count("interlude_beacons_dead_total", "Tracking requests that were given up.", n.dead);
  count("interlude_beacons_replayed_total",
        "Of those that were given up: sent again at an operator's word.", n.replayed);
  count("interlude_beacons_dropped_total",
        "Of those that were given up: deleted at an operator's word.", n.dropped);
  count("interlude_beacon_redirects_dropped_total",
        "Redirects of hosts that had been told, not followed since too many were.", n.not_followed);
  count("interlude_beacon_dead_letters_forgotten_total",
        "Of those that were given up: forgotten, to make room for newer ones.", n.forgotten);
  count("interlude_beacon_events_duplicate_total", "Events that had been told before.",
        n.duplicates);
  count("interlude_beacon_events_out_of_order_total",
        "Events without those that come before them, which do not count.", n.out_of_order);
  out.push_back(
      gauge("interlude_beacons_under_way", "Tracking requests that are being made.", n.under_way));
  out.push_back(gauge("interlude_beacon_hosts_left_alone",
                      "Hosts that failed again and again, and are left alone (open breakers).",
                      n.hosts_left_alone));
  out.push_back(gauge("interlude_beacon_oldest_due_age_seconds",
                      "Since the tracking request that waits longest has been due; 0: none is.",
                      overdue(n, node.now())));
  return out;
}

}  // namespace interlude::net
