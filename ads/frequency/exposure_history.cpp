#include "ads/frequency/exposure_history.hpp"

#include <algorithm>

#include "media/core/stable_hash.hpp"

namespace interlude::ads {

namespace {

duration between(instant a, instant b) noexcept {
  return a < b ? b - a : a - b;
}

}  // namespace

std::uint64_t exposure::key(cap_scope scope) const noexcept {
  switch (scope) {
    case cap_scope::creative:
      return creative;
    case cap_scope::campaign:
      return campaign;
    case cap_scope::advertiser:
      return advertiser;
  }
  return 0;
}

std::uint64_t count_key(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const auto hash = stable_hash(text);
  return hash == 0 ? 1 : hash;
}

std::uint64_t exposure_history::count(const exposure& next,
                                      const frequency_cap& cap) const noexcept {
  const auto key = next.key(cap.per);
  if (key == 0) return 0;
  return static_cast<std::uint64_t>(std::count_if(all_.begin(), all_.end(), [&](const auto& e) {
    return e.key(cap.per) == key && between(e.at, next.at) < cap.window;
  }));
}

std::optional<std::string> exposure_history::why_not(const exposure& next,
                                                     const frequency_policy& policy) const {
  const frequency_cap gap{cap_scope::creative, 1, policy.min_gap};
  if (count(next, gap) > 0)
    return "not again within " + format_seconds(policy.min_gap) + " s (min_gap)";
  for (const auto& cap : policy.caps)
    if (next.key(cap.per) != 0 && count(next, cap) >= cap.max) return describe(cap);
  return std::nullopt;
}

void exposure_history::add(const exposure& e) {
  const auto place = std::upper_bound(all_.begin(), all_.end(), e,
                                      [](const auto& a, const auto& b) { return a.at < b.at; });
  all_.insert(place, e);
  if (all_.size() > max_exposures) all_.erase(all_.begin());
}

bool exposure_history::take_back(const exposure& e) {
  const auto it = std::find(all_.begin(), all_.end(), e);
  if (it == all_.end()) return false;
  all_.erase(it);
  return true;
}

void exposure_history::prune(instant now, duration keep) {
  std::erase_if(all_, [&](const auto& e) { return between(e.at, now) > keep; });
}

}  // namespace interlude::ads
