// What the swarm has seen, added up: latencies, answers by status, failures by time and channel,
// and every violation. Becomes one JSON document and a summary for people.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "apps/swarm/histogram.hpp"
#include "media/core/time.hpp"

namespace interlude::swarm {

enum class request_kind : std::uint8_t { master, media, ad, content, asset_list, asset };
inline constexpr std::array request_names{"master",  "media",      "ad",
                                          "content", "asset list", "asset"};

// Where something was seen.
struct place {
  std::string channel;
  std::string mode;     // "ssai" or "sgai"
  std::string session;  // its number in this swarm
  std::string rendition;
};

struct violation {
  instant at{};
  place where;
  std::string text;  // the rule that was broken first, as in the invariants
};

class swarm_report {
 public:
  explicit swarm_report(instant begun) : begun_(begun) {}

  void answered(request_kind kind, const std::string& channel, unsigned status, duration latency,
                instant at);
  // Refused, reset, timed out: in a word.
  void failed(request_kind kind, const std::string& channel, const std::string& why, instant at);
  void session_started(const std::string& mode) { ++sessions_[mode]; }
  void playlist_checked() { ++checked_; }
  // `found` as session_watch tells it; returns what is to be printed of it, empty if nothing is
  // new.
  std::string violated(const place& where, const std::vector<std::string>& found, instant at);
  void stood_still(const place& where, duration length, instant until);
  void jumped(const place& where, duration by, instant at);

  std::uint64_t violations() const noexcept { return violations_; }
  std::string json(instant now) const;
  std::string summary(instant now) const;

 private:
  // Many viewers see the same: one entry for each second, channel and kind.
  using moment = std::tuple<std::int64_t, std::string, std::string>;

  void count_failure(const std::string& channel, const std::string& what, instant at);

  instant begun_;
  std::array<histogram, request_names.size()> latencies_;
  std::map<std::tuple<request_kind, unsigned>, std::uint64_t> statuses_;
  std::map<moment, std::uint64_t> failures_;  // second, channel, what
  std::map<moment, std::pair<std::uint64_t, duration>> stalls_;
  std::map<moment, std::pair<std::uint64_t, duration>> jumps_;
  std::map<std::string, std::uint64_t> sessions_;
  std::map<std::string, std::uint64_t> by_rule_;
  std::vector<violation> kept_;
  std::uint64_t violations_ = 0;
  std::uint64_t checked_ = 0;
};

}  // namespace interlude::swarm
