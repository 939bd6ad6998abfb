#include "ads/vast/merge.hpp"

#include <algorithm>

namespace interlude::vast {

namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

creative* linear_of(ad& a) noexcept {
  return const_cast<creative*>(linear_creative(a));
}

// An icon of a program that has one already would lie over it.
void add_icons(std::vector<icon>& to, const std::vector<icon>& from) {
  for (const auto& i : from)
    if (std::none_of(to.begin(), to.end(),
                     [&](const icon& own) { return own.program == i.program; }))
      to.push_back(i);
}

void add_linear(linear_ad& to, const linear_ad& from) {
  append(to.events, from.events);
  append(to.click_tracking, from.click_tracking);
  append(to.custom_clicks, from.custom_clicks);
  append(to.interactive, from.interactive);
  if (to.click_through.empty()) to.click_through = from.click_through;
  add_icons(to.icons, from.icons);
}

bool has_companions(const ad& a) noexcept {
  return std::any_of(a.creatives.begin(), a.creatives.end(),
                     [](const creative& c) { return !c.companions.empty(); });
}

}  // namespace

void add_wrapper(ad& to, const ad& from) {
  append(to.impressions, from.impressions);
  append(to.errors, from.errors);
  append(to.viewable_impressions, from.viewable_impressions);
  append(to.verifications, from.verifications);
  append(to.extensions, from.extensions);
  if (!to.price) to.price = from.price;
  if (auto* own = linear_of(to)) add_linear(*own->linear, all_linear(from));
  if (has_companions(to)) return;
  for (const auto& c : from.creatives)
    if (!c.companions.empty()) {
      auto kept = c;
      kept.linear.reset();
      to.creatives.push_back(std::move(kept));
    }
}

const category* blocked_category(const ad& a, const std::vector<category>& blocked) noexcept {
  for (const auto& own : a.categories)
    for (const auto& b : blocked)
      if (own.code == b.code &&
          (own.authority == b.authority || own.authority.empty() || b.authority.empty()))
        return &own;
  return nullptr;
}

}  // namespace interlude::vast
