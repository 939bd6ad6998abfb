#include "net/routes.hpp"

#include <chrono>
#include <utility>

#include "net/ad_handlers.hpp"
#include "net/analytics_handler.hpp"
#include "net/beacon_handlers.hpp"
#include "net/break_handlers.hpp"
#include "net/content_handler.hpp"
#include "net/control_handlers.hpp"
#include "net/creative_handlers.hpp"
#include "net/debug_handler.hpp"
#include "net/decision_handler.hpp"
#include "net/ingest_handler.hpp"
#include "net/metrics_handler.hpp"
#include "net/playlist_handler.hpp"
#include "net/route.hpp"
#include "net/session_handler.hpp"
#include "net/tracking_handler.hpp"

namespace interlude::net {

namespace {

bool refuse_method(std::string_view allowed, response& out) {
  out = make_problem(http::status::method_not_allowed, "method", "The method is not allowed here",
                     "allowed are " + std::string{allowed});
  out.add_header("Allow", allowed);
  return true;
}

bool refused_but_delete(const request& req, response& out) {
  return req.method != http::verb::delete_ && refuse_method("DELETE, OPTIONS", out);
}

bool refused_method(const request& req, endpoint what, response& out) {
  if (what == endpoint::creative) return refused_but_delete(req, out);
  const bool takes_get = what != endpoint::new_session && what != endpoint::ingest &&
                         what != endpoint::decision && what != endpoint::creative_retry &&
                         what != endpoint::dead_replay && what != endpoint::dead_drop;
  const bool takes_post = !takes_get || what == endpoint::cue;
  if (req.method == http::verb::post ? takes_post : takes_get && req.method == http::verb::get)
    return false;
  return refuse_method(!takes_get   ? "POST, OPTIONS"
                       : takes_post ? "GET, HEAD, POST, OPTIONS"
                                    : "GET, HEAD, OPTIONS",
                       out);
}

// What is answered to a body that was taken as it came.
class counted_body final : public body_sink {
 public:
  counted_body(http_counters& counters, endpoint what, std::unique_ptr<body_sink> taken_by)
      : counters_(counters), what_(what), inner_(std::move(taken_by)) {}
  bool wants_more() const override { return inner_->wants_more(); }
  void take(std::string_view bytes) override { inner_->take(bytes); }
  awaitable<response> finish() override {
    auto out = co_await inner_->finish();
    counters_.answered(what_, out);
    co_return out;
  }

 private:
  http_counters& counters_;
  const endpoint what_;
  const std::unique_ptr<body_sink> inner_;
};

}  // namespace

bool node_routes::answer_now(const request& req, response& out) {
  const auto begun = std::chrono::steady_clock::now();
  const auto r = parse_route(req.path);
  if (!route_now(r, req, out)) return false;
  node_.counters.answered(r.what, out);
  if (r.what == endpoint::media_playlist)
    node_.counters.playlist_took(std::chrono::steady_clock::now() - begun, false);
  return true;
}

bool node_routes::route_now(const route& r, const request& req, response& out) {
  if (refused_method(req, r.what, out)) return true;
  switch (r.what) {
    case endpoint::media_playlist:
      return playlist_now(node_, r, req, out);
    case endpoint::ad_segment:
      return ad_segment_now(node_, r, req, out);
    case endpoint::content:
      return content_now(node_, r, req, out);
    case endpoint::tracking:
      return out = tracking(node_, r, req), true;
    case endpoint::debug_story:
      return out = debug_story(node_, r), true;
    case endpoint::cue:
      if (req.method == http::verb::post) return false;
      return out = cue_status(node_, r, req), true;
    case endpoint::ingest:
      return out = empty_ingest(node_, r, req), true;
    case endpoint::decision:
      return decision_now(node_, req, out);
    case endpoint::channels:
      return out = channels(node_), true;
    case endpoint::live:
      return out = health_live(), true;
    case endpoint::ready:
      return out = health_ready(node_), true;
    case endpoint::version:
      return out = version(), true;
    case endpoint::page:
      return out = page(node_, req.path), true;
    case endpoint::unknown:
      out = make_problem(http::status::not_found, "not-found", "Nothing here",
                         "see docs/http-api.md for the routes");
      return true;
    default:
      return false;
  }
}

std::unique_ptr<body_sink> node_routes::open_body(const request& req) {
  if (req.method != http::verb::post) return nullptr;
  const auto r = parse_route(req.path);
  if (r.what != endpoint::ingest) return nullptr;
  return std::make_unique<counted_body>(node_.counters, r.what, open_ingest(node_, r, req));
}

awaitable<response> node_routes::answer(const request& req) {
  const auto begun = std::chrono::steady_clock::now();
  const auto r = parse_route(req.path);
  auto out = co_await route_later(r, req);
  node_.counters.answered(r.what, out);
  if (r.what == endpoint::media_playlist)
    node_.counters.playlist_took(std::chrono::steady_clock::now() - begun, true);
  co_return out;
}

awaitable<response> node_routes::route_later(const route& r, const request& req) {
  switch (r.what) {
    case endpoint::media_playlist:
      co_return co_await playlist_when_ready(node_, r, req);
    case endpoint::ad_segment:
      co_return co_await ad_segment_when_told(node_, r, req);
    case endpoint::content:
      co_return co_await content_when_ready(node_, r, req);
    case endpoint::asset_list:
      co_return co_await asset_list(node_, r, req);
    case endpoint::asset_master:
    case endpoint::asset_playlist:
      co_return co_await asset_playlist(node_, r, req);
    case endpoint::decision:
      co_return co_await decision_when_ready(node_, req);
    case endpoint::cue:
      co_return co_await cue(node_, r, req);
    case endpoint::breaks:
      co_return co_await list_breaks(node_, r, req);
    case endpoint::break_stories:
      co_return co_await tell_break(node_, r, req);
    case endpoint::analytics:
      co_return co_await report_analytics(node_, r, req);
    case endpoint::creatives:
      co_return co_await list_creatives(node_, req);
    case endpoint::creative:
      co_return co_await remove_creative(node_, r, req);
    case endpoint::creative_retry:
      co_return co_await retry_creative(node_, r, req);
    case endpoint::beacons:
      co_return co_await look_at_beacons(node_, req);
    case endpoint::dead_beacons:
      co_return co_await list_dead(node_, req);
    case endpoint::dead_beacon:
      co_return co_await show_dead(node_, r, req);
    case endpoint::dead_replay:
      co_return co_await change_dead(node_, dead_change::replay, req);
    case endpoint::dead_drop:
      co_return co_await change_dead(node_, dead_change::drop, req);
    case endpoint::metrics:
      co_return co_await metrics(node_);
    default:
      co_return co_await start_session(node_, keys_, r, req);
  }
}

}  // namespace interlude::net
