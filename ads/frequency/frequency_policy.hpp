// How often one viewer may see the same.
//
// A cap counts the exposures of one creative, campaign or advertiser in a window that slides: no
// stretch of time as long as the window holds more than `max` of them. A gap is the time before a
// creative may repeat. Value types.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::ads {

enum class cap_scope : std::uint8_t { creative, campaign, advertiser };

constexpr const char* to_string(cap_scope scope) noexcept {
  switch (scope) {
    case cap_scope::creative:
      return "creative";
    case cap_scope::campaign:
      return "campaign";
    case cap_scope::advertiser:
      return "advertiser";
  }
  return "unknown";
}

struct frequency_cap {
  cap_scope per = cap_scope::creative;
  std::uint64_t max = 1;
  duration window = std::chrono::hours{24};
};

struct frequency_policy {
  std::vector<frequency_cap> caps;
  duration min_gap{0};

  bool limits_nothing() const noexcept { return caps.empty() && min_gap <= duration{0}; }
  // For how long an exposure matters.
  duration longest() const noexcept;
};

// As refusals name them: "at most 2 per campaign in 3600 s".
std::string describe(const frequency_cap& cap);

}  // namespace interlude::ads
