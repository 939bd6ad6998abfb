#include "ads/tracking/due_events.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace interlude::ads {

namespace {

struct standard_event {
  const char* name;
  int quarter;  // of the ad that has been played
};

// In the order in which they are due where they are due at a time.
constexpr std::array<standard_event, 8> standard = {{{"impression", 0},
                                                     {"loaded", 0},
                                                     {"creativeView", 0},
                                                     {"start", 0},
                                                     {"firstQuartile", 1},
                                                     {"midpoint", 2},
                                                     {"thirdQuartile", 3},
                                                     {"complete", 4}}};

// Those that have happened whether anybody asked to be told or not.
bool happens_anyway(std::string_view name) {
  return name != "loaded" && name != "creativeView";
}

std::vector<std::string> urls_of(const vast::ad& ad, const vast::linear_ad& linear,
                                 std::string_view event) {
  if (event == "impression") return ad.impressions;
  std::vector<std::string> out;
  for (const auto& t : linear.events)
    if (t.event == event) out.push_back(t.url);
  return out;
}

void add_progress(const vast::linear_ad& linear, duration total, std::vector<due_event>& out) {
  for (const auto& t : linear.events) {
    if (t.event != "progress" || !t.offset) continue;
    const auto position = t.offset->in(total);
    if (position > total) continue;
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(position).count();
    auto name = "progress-" + std::to_string(ms);
    const auto same =
        std::find_if(out.begin(), out.end(), [&](const due_event& e) { return e.name == name; });
    if (same != out.end())
      same->urls.push_back(t.url);
    else
      out.push_back({std::move(name), position, {t.url}});
  }
}

}  // namespace

std::vector<due_event> all_events(const vast::ad& ad, duration total) {
  const auto linear = vast::all_linear(ad);
  std::vector<due_event> out;
  for (const auto& e : standard) {
    auto urls = urls_of(ad, linear, e.name);
    if (!urls.empty() || happens_anyway(e.name))
      out.push_back({e.name, total * e.quarter / 4, std::move(urls)});
  }
  add_progress(linear, total, out);
  for (auto& e : out)
    if (e.urls.size() > most_urls_of_event) e.urls.resize(most_urls_of_event);
  std::stable_sort(out.begin(), out.end(),
                   [](const due_event& a, const due_event& b) { return a.position < b.position; });
  return out;
}

std::vector<due_event> events_between(const vast::ad& ad, duration from, duration to,
                                      duration total) {
  auto out = all_events(ad, total);
  std::erase_if(out, [&](const due_event& e) {
    if (e.position == total) return from >= total || to < total;
    return e.position < from || e.position >= to;
  });
  return out;
}

}  // namespace interlude::ads
