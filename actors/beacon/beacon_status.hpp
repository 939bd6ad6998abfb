// What operators see of tracking requests that wait or were given up, and may do about the latter.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/beacon/beacon_counters.hpp"
#include "actors/beacon/beacon_record.hpp"

namespace interlude {

// One host (and scheme) that requests wait for.
struct waiting_host {
  std::string host;           // and port
  std::uint64_t waiting = 0;  // requests; not counted beyond 1000
  // Of the one that is due first:
  instant due{};
  std::uint64_t attempts = 0;
  std::string problem;
};

struct beacon_overview {
  std::uint64_t waiting = 0, max_waiting = 0;
  std::uint64_t dead = 0, max_dead = 0;
  std::optional<duration> late;     // since when the first of all is due; nullopt: none is
  std::vector<waiting_host> hosts;  // at most 100, those first that have been due longest
  bool more_hosts = false;
};

// A request that was given up.
struct dead_beacon {
  std::string name;  // 32 hexadecimal digits; sorts by when it was given up
  instant given_up{};
  std::optional<beacon_record> record;  // nullopt: it cannot be read
};

// Which of them; those that cannot be read match only when nothing is demanded.
struct dead_filter {
  std::string channel;  // "org/channel"; empty: any
  std::string host;     // with its port or without, in lower case; empty: any
};

struct dead_page {
  std::vector<dead_beacon> beacons;  // in the order of their names
  std::string next;                  // ask for what comes after this; empty: that is all
};

enum class dead_change : std::uint8_t { replay, drop };

struct dead_selection {
  std::vector<std::string> names;  // none: all that match
  dead_filter filter;
  std::string after;             // a name; only what comes after it
  std::optional<instant> until;  // only what was given up by then; nullopt: by now
};

struct dead_outcome {
  std::uint64_t done = 0;        // are to be sent again, or deleted
  std::uint64_t missing = 0;     // of the names: nothing is, or no longer
  std::uint64_t unreadable = 0;  // cannot be sent, and stay
  bool full = false;             // no room in the outbox: the others stay; the same again, later
  std::string next;              // there may be more: after this; empty: that was all
  instant until{};               // what was given up later was left alone
};

// Ways into the beacon desk for an HTTP thread: all return at once; `done` is called exactly once
// from any thread. errc::unavailable when the node is stopping, or has too many such questions;
// errc::internal when the store fails.
class beacon_gateway {
 public:
  virtual ~beacon_gateway() = default;
  virtual void look_at_beacons(std::function<void(result<beacon_overview>)> done) = 0;
  virtual void list_dead(dead_filter filter, std::string after, std::size_t limit,
                         std::function<void(result<dead_page>)> done) = 0;
  // errc::not_found if there is none.
  virtual void find_dead(std::string name, std::function<void(result<dead_beacon>)> done) = 0;
  // Replayed, they stand in the outbox again as if they had just been accepted.
  virtual void change_dead(dead_change what, dead_selection which,
                           std::function<void(result<dead_outcome>)> done) = 0;
  virtual const beacon_counters& beacon_counts() const = 0;
  // Why new tracking requests are refused at the moment; empty: they are taken. Never blocks.
  virtual std::string why_refused() = 0;
};

// The same as messages of the desk.
struct overview_wanted {
  std::function<void(result<beacon_overview>)> done;
};
struct dead_wanted {
  dead_filter filter;
  std::string after;
  std::size_t limit = 100;
  std::function<void(result<dead_page>)> done;
};
struct one_dead_wanted {
  std::string name;
  std::function<void(result<dead_beacon>)> done;
};
struct dead_change_wanted {
  dead_change what = dead_change::replay;
  dead_selection which;
  std::function<void(result<dead_outcome>)> done;
};

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::overview_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::dead_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::one_dead_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::dead_change_wanted)
