// What the node is asked and answers; the content that it serves itself.
#include <map>
#include <string_view>

#include "net/metrics/parts.hpp"

namespace interlude::net {

namespace {

// Channels and sessions are left out: this is the kind of question, not the question.
const char* name_of(endpoint what) {
  switch (what) {
    case endpoint::unknown:
      return "unknown";
    case endpoint::master:
      return "master";
    case endpoint::new_session:
      return "session";
    case endpoint::cue:
      return "cue";
    case endpoint::ingest:
      return "ingest";
    case endpoint::breaks:
      return "breaks";
    case endpoint::break_stories:
      return "break_stories";
    case endpoint::media_playlist:
      return "media_playlist";
    case endpoint::ad_segment:
      return "ad_segment";
    case endpoint::asset_list:
      return "asset_list";
    case endpoint::asset_master:
      return "asset_master";
    case endpoint::asset_playlist:
      return "asset_playlist";
    case endpoint::content:
      return "content";
    case endpoint::tracking:
      return "tracking";
    case endpoint::debug_story:
      return "debug";
    case endpoint::channels:
      return "channels";
    case endpoint::decision:
      return "decision";
    case endpoint::creatives:
    case endpoint::creative:
    case endpoint::creative_retry:
      return "creatives";
    case endpoint::beacons:
    case endpoint::dead_beacons:
    case endpoint::dead_beacon:
    case endpoint::dead_replay:
    case endpoint::dead_drop:
      return "beacons";
    case endpoint::analytics:
      return "analytics";
    case endpoint::live:
    case endpoint::ready:
      return "health";
    case endpoint::version:
      return "version";
    case endpoint::metrics:
      return "metrics";
    case endpoint::page:
      return "page";
  }
  return "unknown";
}

MetricFamily requests(const http_counters& counters) {
  auto f = counter("interlude_http_requests_total",
                   "Requests that were answered, by kind of route and class of status.");
  for (std::size_t status = 0; status < http_counters::status_classes.size(); ++status) {
    std::map<std::string_view, std::uint64_t> by_name;
    for (std::size_t i = 0; i < endpoint_count; ++i) {
      const auto what = static_cast<endpoint>(i);
      by_name[name_of(what)] += counters.requests(what, status);
    }
    for (const auto& [name, count] : by_name)
      add(f, static_cast<double>(count),
          {{"route", name}, {"status", http_counters::status_classes[status]}});
  }
  return f;
}

MetricFamily playlist_durations(const http_counters& counters) {
  auto f = distribution("interlude_playlist_duration_seconds",
                        "From a request for a media playlist to its answer, by whether it waited "
                        "for the channel's actor.");
  add(f, counters.playlists(false), {{"waited", "no"}});
  add(f, counters.playlists(true), {{"waited", "yes"}});
  return f;
}

void add_connections(metric_families& out, const server_counters& n) {
  out.push_back(gauge("interlude_http_connections", "Connections that are open.", n.open));
  out.push_back(counter("interlude_http_connections_accepted_total",
                        "Connections that were accepted.", n.accepted));
  out.push_back(counter("interlude_http_connections_refused_total",
                        "Connections beyond http.max_connections, which were refused.", n.refused));
  out.push_back(counter("interlude_http_bad_requests_total",
                        "Requests that were refused before a route was looked at.",
                        n.bad_requests));
  out.push_back(counter("interlude_http_timeouts_total",
                        "Connections whose client did not send or take in time.", n.timeouts));
  out.push_back(counter("interlude_http_handler_failures_total",
                        "Requests that could not be answered: defects of the node.",
                        n.handler_failures));
}

}  // namespace

metric_families http_metrics(const node_context& node) {
  metric_families out{requests(node.counters), playlist_durations(node.counters)};
  if (node.server != nullptr) add_connections(out, *node.server);
  const auto& content = node.content.cache();
  out.push_back(counter("interlude_content_cache_hits_total",
                        "Pieces of content that were answered from memory.",
                        content.counters().hits));
  out.push_back(counter("interlude_content_fetches_total",
                        "Pieces of content that were fetched from origins.",
                        content.counters().fetches));
  out.push_back(counter("interlude_content_fetch_failures_total",
                        "Of those, the ones that could not be had.", content.counters().failures));
  out.push_back(gauge("interlude_content_cache_bytes", "Memory that kept content takes.",
                      static_cast<double>(content.bytes())));
  return out;
}

}  // namespace interlude::net
