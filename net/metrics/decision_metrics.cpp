// Questions for ads, and the ad servers that are asked.
#include "net/metrics/parts.hpp"

namespace interlude::net {

namespace {

const char* name_of(inquiry_outcome outcome) {
  switch (outcome) {
    case inquiry_outcome::answered:
      return "ads";
    case inquiry_outcome::empty:
      return "empty";
    case inquiry_outcome::empty_vmap:
      return "empty_vmap";
    case inquiry_outcome::timed_out:
      return "timed_out";
    case inquiry_outcome::failed:
      return "failed";
    case inquiry_outcome::unreadable:
      return "unreadable";
    case inquiry_outcome::invalid:
      return "invalid";
    case inquiry_outcome::not_asked:
      return "not_asked";
  }
  return "invalid";
}

MetricFamily decisions(const decision_counters& n) {
  auto f = counter("interlude_decisions_total",
                   "Questions for ads: answered from the cache, fresh or stale, or not (missed).");
  add(f, n.fresh, {{"cache", "fresh"}});
  add(f, n.stale, {{"cache", "stale"}});
  add(f, n.missed, {{"cache", "missed"}});
  return f;
}

MetricFamily outcomes(const decision_counters& n) {
  auto f = counter("interlude_ad_server_answers_total",
                   "What ad servers said to questions, wrappers resolved, by kind of answer.");
  for (std::size_t i = 0; i < n.outcomes.size(); ++i)
    add(f, n.outcomes[i], {{"outcome", name_of(static_cast<inquiry_outcome>(i))}});
  return f;
}

}  // namespace

metric_families decision_metrics(const node_context& node) {
  const auto& n = node.gateway.decisions().counters;
  return {decisions(n),
          counter("interlude_decisions_restored_total",
                  "Decisions that were read again from the store.", n.restored),
          distribution("interlude_decision_duration_seconds",
                       "From a question that the cache could not answer to its answer.",
                       n.answers.read()),
          outcomes(n)};
}

metric_families ad_server_metrics(const node_context& node) {
  if (!node.system.ad_servers) return {};
  auto requests = counter("interlude_ad_server_requests_total",
                          "HTTP requests to ad servers, by host; of hosts that are not "
                          "configured, but named by wrappers, all together.");
  auto errors = counter("interlude_ad_server_errors_total",
                        "Of those, the ones without an answer, or with HTTP 4xx or 5xx.");
  auto took =
      distribution("interlude_ad_server_duration_seconds", "Of HTTP requests to ad servers.");
  for (const auto& [host, n] : node.system.ad_servers->asked().all()) {
    add(requests, n.requests, {{"host", host}});
    add(errors, n.errors, {{"host", host}});
    add(took, n.took.read(), {{"host", host}});
  }
  const auto n = node.system.ad_servers->counters();
  return {std::move(requests),
          std::move(errors),
          std::move(took),
          counter("interlude_ad_server_refused_total",
                  "Requests that were not made: their host was left alone, or too many waited.",
                  static_cast<double>(n.refused)),
          counter("interlude_ad_server_expired_total",
                  "Requests whose turn did not come in time, since too many were under way.",
                  static_cast<double>(n.timed_out)),
          gauge("interlude_ad_server_requests_waiting", "Requests that wait for their turn.",
                static_cast<double>(n.waiting)),
          gauge("interlude_ad_server_hosts_left_alone",
                "Hosts that failed again and again, and are left alone (open breakers).",
                static_cast<double>(n.hosts_left_alone))};
}

}  // namespace interlude::net
