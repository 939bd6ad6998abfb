// From the path of a request to what it asks for, without allocating. The table in
// docs/http-api.md, as code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace interlude::net {

enum class endpoint : std::uint8_t {
  unknown,
  master,          // /v1/{org}/{channel}/master.m3u8
  new_session,     // /v1/{org}/{channel}/session
  cue,             // /v1/{org}/{channel}/cue
  ingest,          // /v1/{org}/{channel}/ingest
  breaks,          // /v1/{org}/{channel}/breaks
  break_stories,   // /v1/{org}/{channel}/breaks/{break}
  media_playlist,  // .../s/{session}/{rendition}.m3u8
  ad_segment,      // .../s/{session}/ad/{break}/{item}/c/{creative}/{track}/{file}
  asset_list,      // .../s/{session}/assets/{break}.json
  asset_master,    // .../s/{session}/asset/{break}/{item}/master.m3u8
  asset_playlist,  // .../s/{session}/asset/{break}/{item}/{rendition}.m3u8
  content,         // .../s/{session}/content/{rendition}/{file}
  tracking,        // .../s/{session}/tracking.json
  debug_story,     // .../s/{session}/debug.json
  channels,        // /v1/channels
  analytics,       // /v1/{org}/analytics
  decision,        // /v1/decision
  creatives,       // /v1/creatives
  creative,        // /v1/creatives/{creative}
  creative_retry,  // /v1/creatives/{creative}/retry
  beacons,         // /v1/beacons
  dead_beacons,    // /v1/beacons/dead
  dead_beacon,     // /v1/beacons/dead/{beacon}
  dead_replay,     // /v1/beacons/dead/replay
  dead_drop,       // /v1/beacons/dead/drop
  live,            // /health/live
  ready,           // /health/ready
  version,         // /version
  metrics,         // /metrics
  page,            // everything else outside of /v1: the player page and its files
};
inline constexpr auto endpoint_count = static_cast<std::size_t>(endpoint::page) + 1;

// Views into the path. Every name has passed is_name(); what a route does not have is empty.
struct route {
  endpoint what = endpoint::unknown;
  std::string_view org, channel, session;
  std::string_view rendition;  // without ".m3u8"
  std::string_view break_id, item;
  std::string_view creative, track, file;
  std::string_view beacon;
};

route parse_route(std::string_view path) noexcept;

// One to 64 characters of [A-Za-z0-9_-]: safe in paths, logs and file names.
bool is_name(std::string_view text) noexcept;

}  // namespace interlude::net
