#include "net/route.hpp"

#include <algorithm>

namespace interlude::net {

namespace {

// Takes the next part of a path: "/a/b" gives "a" and leaves "/b".
std::string_view take(std::string_view& path) noexcept {
  if (path.empty() || path.front() != '/') return {};
  path.remove_prefix(1);
  const auto end = std::min(path.find('/'), path.size());
  const auto part = path.substr(0, end);
  path.remove_prefix(end);
  return part;
}

bool strip_suffix(std::string_view& text, std::string_view suffix) noexcept {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// A file of a conditioned creative or of content: "12.ts", "init.mp4".
bool is_file(std::string_view text) noexcept {
  const auto dot = text.find('.');
  return dot != std::string_view::npos && is_name(text.substr(0, dot)) &&
         is_name(text.substr(dot + 1));
}

route ad_segment(route r, std::string_view rest) noexcept {
  r.break_id = take(rest);
  r.item = take(rest);
  const auto root = take(rest);
  r.creative = take(rest);
  r.track = take(rest);
  r.file = take(rest);
  if (rest.empty() && root == "c" && is_name(r.break_id) && is_name(r.item) &&
      is_name(r.creative) && is_name(r.track) && is_file(r.file))
    r.what = endpoint::ad_segment;
  return r;
}

route content(route r, std::string_view rest) noexcept {
  r.rendition = take(rest);
  r.file = take(rest);
  if (rest.empty() && is_name(r.rendition) && is_file(r.file)) r.what = endpoint::content;
  return r;
}

route asset(route r, std::string_view rest) noexcept {
  r.break_id = take(rest);
  r.item = take(rest);
  r.rendition = take(rest);
  if (!rest.empty() || !is_name(r.break_id) || !is_name(r.item) ||
      !strip_suffix(r.rendition, ".m3u8"))
    return r;
  if (r.rendition == "master")
    r.what = endpoint::asset_master;
  else if (is_name(r.rendition))
    r.what = endpoint::asset_playlist;
  return r;
}

// What follows /v1/{org}/{channel}/s/{session}.
route session_route(route r, std::string_view rest) noexcept {
  auto part = take(rest);
  if (rest.empty()) {
    if (part == "tracking.json")
      r.what = endpoint::tracking;
    else if (part == "debug.json")
      r.what = endpoint::debug_story;
    else if (strip_suffix(part, ".m3u8") && is_name(part)) {
      r.what = endpoint::media_playlist;
      r.rendition = part;
    }
    return r;
  }
  if (part == "ad") return ad_segment(r, rest);
  if (part == "asset") return asset(r, rest);
  if (part == "content") return content(r, rest);
  if (part == "assets") {
    part = take(rest);
    if (rest.empty() && strip_suffix(part, ".json") && is_name(part)) {
      r.what = endpoint::asset_list;
      r.break_id = part;
    }
  }
  return r;
}

// What follows /v1/creatives/. A channel's path is never so short, or ends so.
route creative_route(std::string_view rest) noexcept {
  route r;
  r.creative = take(rest);
  if (!is_name(r.creative)) return r;
  if (rest.empty()) r.what = endpoint::creative;
  if (rest == "/retry") r.what = endpoint::creative_retry;
  return r;
}

// What follows /v1/beacons/. Neither does a channel's path end so.
route beacon_route(std::string_view rest) noexcept {
  route r;
  if (take(rest) != "dead") return r;
  if (rest.empty()) {
    r.what = endpoint::dead_beacons;
    return r;
  }
  r.beacon = take(rest);
  if (!rest.empty() || !is_name(r.beacon)) return r;
  r.what = r.beacon == "replay"    ? endpoint::dead_replay
           : r.beacon == "drop"    ? endpoint::dead_drop
           : r.beacon.size() == 32 ? endpoint::dead_beacon
                                   : endpoint::unknown;
  return r;
}

// What follows /v1/{org}/{channel}/breaks.
route breaks_route(route r, std::string_view rest) noexcept {
  if (rest.empty()) {
    r.what = endpoint::breaks;
    return r;
  }
  r.break_id = take(rest);
  if (rest.empty() && is_name(r.break_id)) r.what = endpoint::break_stories;
  return r;
}

route channel_route(std::string_view rest) noexcept {
  route r;
  r.org = take(rest);
  if (rest.empty()) {
    if (r.org == "channels") r.what = endpoint::channels;
    if (r.org == "decision") r.what = endpoint::decision;
    if (r.org == "creatives") r.what = endpoint::creatives;
    if (r.org == "beacons") r.what = endpoint::beacons;
    return r;
  }
  if (r.org == "beacons")
    if (const auto own = beacon_route(rest); own.what != endpoint::unknown) return own;
  if (rest == "/analytics" && is_name(r.org)) {
    r.what = endpoint::analytics;
    return r;
  }
  if (r.org == "creatives")
    if (const auto own = creative_route(rest); own.what != endpoint::unknown) return own;
  r.channel = take(rest);
  if (!is_name(r.org) || !is_name(r.channel)) return {};
  const auto part = take(rest);
  if (part == "s") {
    r.session = take(rest);
    return session_route(r, rest);
  }
  if (part == "breaks") return breaks_route(r, rest);
  if (!rest.empty()) return r;
  if (part == "master.m3u8")
    r.what = endpoint::master;
  else if (part == "session")
    r.what = endpoint::new_session;
  else if (part == "cue")
    r.what = endpoint::cue;
  else if (part == "ingest")
    r.what = endpoint::ingest;
  return r;
}

}  // namespace

bool is_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

route parse_route(std::string_view path) noexcept {
  if (path.starts_with("/v1/")) return channel_route(path.substr(3));
  route r;
  if (path == "/health/live")
    r.what = endpoint::live;
  else if (path == "/health/ready")
    r.what = endpoint::ready;
  else if (path == "/version")
    r.what = endpoint::version;
  else if (path == "/metrics")
    r.what = endpoint::metrics;
  else if (path != "/v1" && !path.starts_with("/health"))
    r.what = endpoint::page;
  return r;
}

}  // namespace interlude::net
