// Where tracking requests go: whoever has one to make hands it over and is done with it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "media/core/time.hpp"

namespace interlude {

// How often a request is repeated that failed for the time being.
struct beacon_policy {
  duration base = std::chrono::seconds{1};  // the first pause is from nothing to this; then doubled
  duration cap = std::chrono::minutes{5};
  std::uint64_t attempts = 8;
  duration max_age = std::chrono::hours{1};  // since it was accepted
};

// A tracking request, with what people want to know of it.
struct beacon {
  std::string url;  // its macros filled
  std::vector<std::pair<std::string, std::string>> headers;
  std::string channel;  // "org/channel": whose policy counts
  std::string event, ad, break_id, session;
};

// What is counted of an event (actors/analytics).
struct counted_event {
  std::string channel;  // "org/channel"
  std::string session;  // its public id
  std::string break_id, ad, creative;
  std::string event;       // of VAST; "progress-5000" with its offset
  std::string tier;        // "ads", "service", "house"; "unknown": it is not known any more
  bool by_player = false;  // its pixels are the player's; else this node's
  duration shown{0};       // what has played of the ad since the event before it
};

// What happened once: requests that are made all, or none of them.
struct beacon_event {
  std::string key;  // what has the same key is the same event; empty: it has happened in any case
  // Without what has this key it does not happen at all; empty: it needs nothing else.
  std::string after{};
  std::vector<beacon> beacons{};
  std::optional<counted_event> counted{};  // nothing: it is not
};

struct acceptance {
  bool kept = true;  // false: there is no room, or the disk fails
  // Of events that have happened: on disk now, or before.
  std::vector<std::string> keys{};
};

class beacon_sink {
 public:
  virtual ~beacon_sink() = default;
  // From any thread; never blocks. `done` is called once, from any thread.
  virtual void accept(std::vector<beacon_event> events, std::function<void(acceptance)> done) = 0;
};

}  // namespace interlude
