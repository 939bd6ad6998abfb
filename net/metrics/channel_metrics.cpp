// Channels: what is read from their origins, who watches, what their breaks play.
#include <algorithm>

#include "net/metrics/parts.hpp"

namespace interlude::net {

namespace {

using steady_seconds = std::chrono::duration<double>;

// Until it has been read for the first time, and while somebody watches.
bool is_polled(const channel_view& c) {
  const auto p = c.load();
  return !p || !p->description ||
         std::any_of(p->renditions.begin(), p->renditions.end(),
                     [](const published_rendition& r) { return r.polled; });
}

double age_of_good_read(const channel_view& c, steady_time now) {
  const auto age = now - c.counters.origin_good_at.load(std::memory_order_relaxed);
  return std::max(steady_seconds{age}.count(), 0.0);
}

}  // namespace

metric_families origin_metrics(const node_context& node) {
  auto reads = counter("interlude_origin_reads_total", "Playlists that were asked of origins.");
  auto failures = counter("interlude_origin_read_failures_total",
                          "Of those, the ones that did not come, or could not be used.");
  auto age = gauge("interlude_origin_last_good_read_age_seconds",
                   "Since a playlist was last read; before the first one, since the start.");
  auto polled = gauge("interlude_origin_polled",
                      "1 while the origin is asked regularly: somebody watches, or it has not been "
                      "read yet.");
  duration_histogram::reading took;
  for (const auto& c : node.gateway.channels()) {
    const auto path = c->settings.path();
    add(reads, c->counters.origin_reads, {{"channel", path}});
    add(failures, c->counters.origin_failures, {{"channel", path}});
    add(age, age_of_good_read(*c, node.steady()), {{"channel", path}});
    add(polled, is_polled(*c) ? 1 : 0, {{"channel", path}});
    took += c->counters.origin_took.read();
  }
  return {std::move(reads), std::move(failures), std::move(age), std::move(polled),
          distribution("interlude_origin_read_duration_seconds",
                       "Of requests for playlists that were answered.", took)};
}

metric_families viewer_metrics(const node_context& node) {
  auto sessions =
      counter("interlude_sessions_started_total", "Sessions that were started, by channel.");
  auto audiences = gauge("interlude_audiences", "Audiences of a channel that viewers belong to.");
  for (const auto& c : node.gateway.channels()) {
    const auto path = c->settings.path();
    add(sessions, c->counters.sessions, {{"channel", path}});
    add(audiences, static_cast<double>(c->audiences.size()), {{"channel", path}});
  }
  return {std::move(sessions), std::move(audiences)};
}

metric_families break_metrics(const node_context& node) {
  auto breaks = counter("interlude_breaks_total", "Breaks for which something was planned.");
  auto planned = counter("interlude_planned_seconds_total",
                         "How long breaks are that were planned, by what fills them.");
  for (const auto& c : node.gateway.channels()) {
    const auto path = c->settings.path();
    const auto& n = c->counters;
    add(breaks, n.breaks, {{"channel", path}});
    for (std::size_t i = 0; i < n.planned_milliseconds.size(); ++i)
      add(planned, static_cast<double>(n.planned_milliseconds[i].load()) / 1000,
          {{"channel", path}, {"fill", break_fill_names[i]}});
  }
  return {std::move(breaks), std::move(planned)};
}

metric_families plan_metrics(const node_context& node) {
  auto plans = counter("interlude_plans_total",
                       "Plans, one for each break or pre-roll and audience, by the best that is "
                       "in them.");
  for (const auto& c : node.gateway.channels()) {
    const auto path = c->settings.path();
    const auto& n = c->counters.plans;
    for (std::size_t i = 0; i < n.size(); ++i)
      add(plans, n[i], {{"channel", path}, {"tier", plan_tier_names[i]}});
  }
  return {std::move(plans)};
}

}  // namespace interlude::net
