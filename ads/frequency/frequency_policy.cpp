#include "ads/frequency/frequency_policy.hpp"

#include <algorithm>

namespace interlude::ads {

duration frequency_policy::longest() const noexcept {
  auto longest = std::max(min_gap, duration{0});
  for (const auto& cap : caps) longest = std::max(longest, cap.window);
  return longest;
}

std::string describe(const frequency_cap& cap) {
  return "at most " + std::to_string(cap.max) + " per " + to_string(cap.per) + " in " +
         format_seconds(cap.window) + " s";
}

}  // namespace interlude::ads
