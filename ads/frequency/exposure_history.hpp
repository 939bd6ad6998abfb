// What a viewer has seen, and whether more of it would be too much.
//
// Exposures may lie ahead: a break is decided before it begins. So they count on both sides of the
// moment asked about, which keeps every window, wherever it lies, within its cap, and makes a clock
// that jumps back forget nothing. Bounded: of more than `max_exposures` the oldest are forgotten.
// Pure; one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ads/frequency/frequency_policy.hpp"

namespace interlude::ads {

// An ad that plays at a time. What is counted is known by a number (count_key); 0: not known, and
// not counted.
struct exposure {
  instant at{};
  std::uint64_t creative = 0, campaign = 0, advertiser = 0;

  std::uint64_t key(cap_scope scope) const noexcept;
  friend bool operator==(const exposure&, const exposure&) = default;
};

// The number that stands for a creative's key, a campaign or an advertiser, today and after an
// update (64-bit FNV-1a). Of an empty text 0, of others never.
std::uint64_t count_key(std::string_view text) noexcept;

class exposure_history {
 public:
  static constexpr std::size_t max_exposures = 1000;

  // How many of the same (0 if the cap does not know what it is) are nearer to it than the window.
  std::uint64_t count(const exposure& next, const frequency_cap& cap) const noexcept;
  // Why it may not play now; nothing if it may.
  std::optional<std::string> why_not(const exposure& next, const frequency_policy& policy) const;

  void add(const exposure& e);
  // Takes one back that was added; false if there is none like it (any more).
  bool take_back(const exposure& e);
  // Forgets what lies further than `keep` from now, before or ahead.
  void prune(instant now, duration keep);

  // The oldest first.
  std::span<const exposure> exposures() const noexcept { return all_; }
  friend bool operator==(const exposure_history&, const exposure_history&) = default;

 private:
  std::vector<exposure> all_;
};

}  // namespace interlude::ads
