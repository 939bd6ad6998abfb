#include "apps/swarm/session_watch.hpp"

#include <algorithm>
#include <functional>

#include "media/hls/attribute_list.hpp"

namespace interlude::swarm {

namespace {

constexpr std::int64_t remembered = 200;  // numbers behind the window
constexpr int behind_edge = 3;            // segments from the end where players begin

// A playlist gains a segment every 1.5 target durations, and a player looks every one.
constexpr int patience = 3;

std::string uri_of_map(const std::string& line) {
  const auto colon = line.find(':');
  if (colon == std::string::npos) return {};
  return std::string{
      hls::attribute_list{std::string_view{line}.substr(colon + 1)}.text("URI").value_or("")};
}

}  // namespace

session_watch::session_watch() : invariants_{{.remembered = remembered, .edge_known = false}} {}

void session_watch::list_fetches(followed& f, const std::vector<verify::shown_segment>& shown,
                                 sight& out) const {
  if (f.fetched < 0) f.fetched = shown.back().number - behind_edge;
  for (const auto& s : shown) {
    if (s.number <= f.fetched) continue;
    f.fetched = s.number;
    if (!s.is_ad()) {
      out.content.push_back(s.uri);
      continue;
    }
    if (!s.map.empty() && s.map != f.map) out.ads.push_back(uri_of_map(s.map));
    f.map = s.map;
    out.ads.push_back(s.uri);
  }
}

sight session_watch::see(const std::string& rendition, const std::string& text, instant now) {
  sight out;
  auto parsed = hls::parse_media_playlist(text);
  if (!parsed) {
    out.violations.push_back("8: not a playlist: " + parsed.error().message() + "\n" + text);
    return out;
  }
  out.target = parsed->target_duration;
  const auto hash = std::hash<std::string>{}(text);
  const auto [latest, first] = latest_.try_emplace(rendition, hash);
  out.changed = first || latest->second != hash;
  latest->second = hash;
  const bool returned = !followed_.contains(rendition);
  auto& f = followed_[rendition];
  if (returned) f.grown = now;
  if (!out.changed && !returned) return out;
  out.violations = invariants_.check(rendition, *parsed, now);
  if (parsed->segments.empty()) return out;
  out.jumps = invariants_.take_jumps();
  const auto& shown = invariants_.last(rendition);
  const auto end = shown.back().end();
  if (shown.back().number > f.fetched && f.fetched >= 0) {
    if (now - f.grown > patience * out.target) out.stood_still = now - f.grown;
    f.grown = now;
  }
  list_fetches(f, shown, out);
  std::vector<std::string> fresh;
  for (auto& v : date_ranges_.check(rendition, *parsed, fresh))
    out.violations.push_back(std::move(v) + "\nnow:\n" + text);
  for (const auto& id : fresh)
    if (const auto* range = date_ranges_.find(id); range && !range->text("X-ASSET-LIST").empty())
      out.breaks.push_back({id, range->text("X-ASSET-LIST"), range->start - end});
  return out;
}

}  // namespace interlude::swarm
