// What the handlers of a node share: ways into the system, secrets, settings. Built once in main;
// outlives the server.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/beacon/beacon_sink.hpp"
#include "actors/beacon/beacon_status.hpp"
#include "actors/beacon/event_memory.hpp"
#include "actors/channel_view.hpp"
#include "actors/creative/creative_status.hpp"
#include "actors/creative/media_store.hpp"
#include "actors/decision/debug_book.hpp"
#include "actors/http_fetcher.hpp"
#include "actors/system_counters.hpp"
#include "actors/tracked_ads.hpp"
#include "net/address_range.hpp"
#include "net/content_proxy.hpp"
#include "net/geo_database.hpp"
#include "net/http_server.hpp"
#include "net/metrics/http_counters.hpp"
#include "net/session_token.hpp"

namespace interlude {
class analytics_gateway;
}

namespace interlude::net {

// By what viewers are known.
struct viewer_sources {
  std::vector<address_range> trusted_proxies;
  std::shared_ptr<const geo_database> geo;  // null: nobody's place is known
};

// What is told of ads that play, and to whom it is given.
struct ad_reports {
  ad_reports(std::shared_ptr<beacon_sink> to, tracked_ads& known)
      : beacons(std::move(to)), ads(known) {}

  std::shared_ptr<beacon_sink> beacons;
  tracked_ads& ads;
  event_memory accepted;
  // That happened and were not taken, for want of room or of a disk: they are handed over once more
  // with what comes after them in the ad.
  event_memory refused{100'000};
};

struct node_context {
  channel_gateway& gateway;
  creative_gateway& creatives;
  session_signer signer;
  media_store& media;
  http_fetcher& fetcher;
  content_proxy& content;
  std::string
      public_url;  // scheme and authority for absolute URLs; empty: as the request's Host says
  std::string player_root;              // folder of the player page
  std::string operator_token;           // bearer token of the node's own routes; empty: closed
  std::function<instant()> now;         // wall clock
  std::function<steady_time()> steady;  // what the age of playlists is measured with
  std::function<bool()> ready;          // the node can serve what it is configured for
  http_counters counters;
  std::string decision_token{};  // bearer token of POST /v1/decision; empty: it is closed
  viewer_sources viewers = {};
  // Sessions that were started in debug mode.
  std::shared_ptr<debug_book> debugging = std::make_shared<debug_book>();
  std::shared_ptr<ad_reports> reports{};  // null: nobody is told anything
  beacon_gateway* beacons = nullptr;      // null: there are none to be looked at
  system_counters system{};
  const server_counters* server = nullptr;  // of connections; null: nobody counts them
  analytics_gateway* analytics = nullptr;   // null: nothing is counted
  std::string life = "0";                   // tells this process from those before it
};

}  // namespace interlude::net
