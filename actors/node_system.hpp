// The actors of one node, and the ways into them for everybody else: implements channel_gateway,
// creative_gateway and beacon_gateway.
//
// Owns the actor system: CAF's scheduler with the policy "sharing" and as many threads as cores
// (measured: it answers faster than "stealing" and is idle when there is nothing to do).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/analytics/analytics_desk.hpp"
#include "actors/beacon/beacon_status.hpp"
#include "actors/beacon/outbox_beacons.hpp"
#include "actors/channel_view.hpp"
#include "actors/creative/creative_actor.hpp"
#include "actors/creative/media_store.hpp"
#include "actors/decision/debug_book.hpp"
#include "actors/http_fetcher.hpp"
#include "actors/system_counters.hpp"
#include "actors/tracked_ads.hpp"
#include "media/core/result.hpp"
#include "storage/environment.hpp"

namespace interlude {

struct beacon_options {
  storage::outbox_options outbox;
  std::shared_ptr<http_fetcher> fetcher;                           // null: that of the others
  std::uint64_t tracked_bytes = std::uint64_t{256} * 1024 * 1024;  // of ads on the air
  host_limits limits;
  std::chrono::milliseconds timeout{5'000};  // of a request
};

struct decision_options {
  std::uint64_t cache_bytes = std::uint64_t{256} * 1024 * 1024;  // in the store
  std::size_t cache_entries = 20'000;                            // in memory
};

struct node_system_options {
  std::string data;            // folder
  creative_options creatives;  // root is set from data
  decision_options decisions;
  beacon_options beacons;
  analytics_options analytics;
  std::vector<channel_settings> channels;
  std::shared_ptr<http_fetcher> fetcher;
  host_guard_options ad_requests;
  std::size_t threads = 0;  // 0: one per core
};

class node_system : public channel_gateway, public creative_gateway, public beacon_gateway {
 public:
  static result<std::unique_ptr<node_system>> start(node_system_options options);

  // The secret with which sessions are signed: made once and kept in the store.
  virtual result<std::string> session_secret() = 0;
  virtual media_store& media() = 0;
  // Sessions in debug mode, of all channels.
  virtual std::shared_ptr<debug_book> debugging() = 0;
  virtual system_counters counters() const = 0;
  // Where tracking requests go.
  virtual std::shared_ptr<beacon_sink> beacons() = 0;
  virtual const storage::outbox& outbox() const = 0;
  virtual tracked_ads& tracked() = 0;
  virtual analytics_gateway& analytics() = 0;
  // Every channel has had an answer from its origin, good or bad, so that what can be served is.
  virtual bool ready() const = 0;
  // No tracking request is begun any more; returns when those under way have been answered and that
  // is on disk, or the time is up. Before the fetcher is stopped.
  virtual void finish_beacons(std::chrono::milliseconds grace) = 0;
  // Ends all actors; every waiting call is answered before it returns.
  virtual void stop() = 0;
};

}  // namespace interlude
