#include "net/metrics_handler.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <sstream>
#include <utility>

namespace interlude::net {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(std::string name, std::string help, MetricType type) {
  return {std::move(name), std::move(help), type, {}};
}

void add(MetricFamily& f, double value, std::vector<ClientMetric::Label> labels = {}) {
  ClientMetric m;
  m.label = std::move(labels);
  (f.type == MetricType::Counter ? m.counter.value : m.gauge.value) = value;
  f.metric.push_back(std::move(m));
}

double read(const std::atomic<std::uint64_t>& counter) {
  return static_cast<double>(counter.load(std::memory_order_relaxed));
}

MetricFamily answers(const node_counters& c) {
  auto f = family("interlude_answers_total", "Requests that were answered with what they ask for.",
                  MetricType::Counter);
  for (const auto& [kind, counter] : {std::pair{"playlist", &c.playlists},
                                      {"playlist_waited", &c.playlists_waited},
                                      {"ad_segment", &c.ad_segments},
                                      {"content", &c.content},
                                      {"session", &c.sessions},
                                      {"asset_list", &c.asset_lists}})
    add(f, read(*counter), {{"kind", kind}});
  return f;
}

MetricFamily decisions(const decision_counters& c) {
  auto f = family("interlude_decisions_total",
                  "Questions for ads: answered from the cache, fresh or stale, or not (missed).",
                  MetricType::Counter);
  for (const auto& [cache, counter] :
       {std::pair{"fresh", &c.fresh}, {"stale", &c.stale}, {"missed", &c.missed}})
    add(f, read(*counter), {{"cache", cache}});
  return f;
}

MetricFamily restored(const decision_counters& c) {
  auto f = family("interlude_decisions_restored_total",
                  "Decisions that were read again from the store.", MetricType::Counter);
  add(f, read(c.restored));
  return f;
}

MetricFamily audiences(const channel_gateway& gateway) {
  auto f = family("interlude_audiences", "Audiences of a channel that viewers belong to.",
                  MetricType::Gauge);
  for (const auto& c : gateway.channels())
    add(f, static_cast<double>(c->audiences.size()), {{"channel", c->settings.path()}});
  return f;
}

}  // namespace

response metrics(node_context& node) {
  const auto& cache = node.gateway.decisions().counters;
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(
      out, {answers(node.counters), decisions(cache), restored(cache), audiences(node.gateway)});
  auto r = make_response(http::status::ok, "text/plain; version=0.0.4; charset=utf-8", out.str());
  r.add_header("Cache-Control", "no-store");
  return r;
}

}  // namespace interlude::net
