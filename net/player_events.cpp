#include "net/player_events.hpp"

#include <algorithm>
#include <map>

#include "ads/tracking/due_events.hpp"
#include "net/event_macros.hpp"

namespace interlude::net {

namespace {

bool is_due(const std::vector<ads::due_event>& due, const vast::tracking& t) {
  return t.event == "progress" ||
         std::any_of(due.begin(), due.end(), [&](const auto& e) { return e.name == t.event; });
}

}  // namespace

player_events::player_events(const tracked_ad& ad, instant start, duration total, duration shown,
                             const ads::asked_break& asked, const avail_viewer& viewer)
    : ad_(ad),
      start_(start),
      total_(total),
      shown_(shown),
      asked_(asked),
      viewer_(viewer),
      macros_(macros_of(ad.content, duration{0})) {
  macros_.by_player = true;
}

std::string player_events::filled(const std::string& url, duration playhead) const {
  auto event = macros_;
  event.playhead = playhead;
  return ads::make_event_request(url, event, viewer_.who, asked_, start_ + playhead,
                                 viewer_.random())
      .url;
}

std::vector<std::string> player_events::filled(const std::vector<std::string>& urls,
                                               duration playhead) const {
  std::vector<std::string> out;
  for (const auto& url : urls) out.push_back(filled(url, playhead));
  return out;
}

std::vector<player_event> player_events::all() const {
  std::vector<player_event> out;
  const auto linear = vast::all_linear(ad_.content);
  const auto due = ads::all_events(ad_.content, total_);
  if (viewer_.tracks_itself)
    for (const auto& e : due)
      if (!e.urls.empty() && (!is_cut() || e.position < shown_))
        out.push_back(
            {e.name.substr(0, e.name.find('-')), e.position, false, filled(e.urls, e.position)});
  std::map<std::string, std::vector<std::string>> others;
  for (const auto& t : linear.events)
    if (!is_due(due, t)) others[t.event].push_back(t.url);
  if (!linear.click_tracking.empty()) others["clickTracking"] = linear.click_tracking;
  for (const auto& [type, urls] : others)
    out.push_back({type, duration{0}, true, filled(urls, duration{0})});
  return out;
}

player_event player_events::of_break(std::string_view type, duration position) const {
  player_event out{std::string{type}, position, false, {}};
  if (!viewer_.tracks_itself) return out;
  for (const auto& t : ad_.break_events)
    if (t.event == type) out.urls.push_back(filled(t.url, position));
  return out;
}

}  // namespace interlude::net
