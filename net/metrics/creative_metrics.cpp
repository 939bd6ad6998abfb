#include "net/metrics/parts.hpp"

namespace interlude::net {

metric_families creative_metrics(const node_context& node) {
  if (!node.system.creatives) return {};
  const auto& n = *node.system.creatives;
  return {
      counter("interlude_creatives_conditioned_total", "Creatives that were made.", n.conditioned),
      counter("interlude_creatives_failed_total",
              "Attempts that failed: not fetched, no media, or ffmpeg failed.", n.failed),
      distribution("interlude_creative_conditioning_duration_seconds",
                   "Of what ffmpeg does for a creative, without fetching its source.",
                   n.conditioning.read()),
      gauge("interlude_creatives_queued", "Jobs that wait.", n.queued),
      gauge("interlude_creatives_under_way", "Jobs that are fetched or conditioned.", n.under_way),
      gauge("interlude_creatives_quarantined",
            "Sources that keep failing, and are not tried for now.", n.quarantined),
      gauge("interlude_creatives_kept", "Creatives on disk.", n.kept),
      gauge("interlude_creatives_disk_bytes", "What they take.", n.bytes)};
}

}  // namespace interlude::net
