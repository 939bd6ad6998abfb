// What is told of an ad, with its URLs filled for one viewer: as players are handed it, which tell
// of ads themselves.
//
// Where the node tells, only what it cannot see is left to the player (mute, pause, skip, clicks,
// ...), so that nothing is told twice.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "actors/tracked_ads.hpp"
#include "ads/request/ad_request.hpp"

namespace interlude::net {

// Whom ads are shown to.
struct avail_viewer {
  ads::viewer who;
  instant session_start{};
  bool tracks_itself = false;
  std::function<std::uint32_t()> random;  // for [CACHEBUSTING]
};

struct player_event {
  std::string type;        // of VAST or VMAP
  duration position{0};    // in the ad
  bool at_action = false;  // happens when the viewer does something, wherever the ad is
  std::vector<std::string> urls;
};

// Of one ad. Refers to what it is made of.
class player_events {
 public:
  // `start`: when it begins for this viewer. `shown`: how much of its `total` plays, where it is
  // cut.
  player_events(const tracked_ad& ad, instant start, duration total, duration shown,
                const ads::asked_break& asked, const avail_viewer& viewer);

  // In the order in which they are due, those of the viewer's actions last.
  std::vector<player_event> all() const;
  // "breakStart" or "breakEnd" of its break, while the ad plays; no URLs: nobody is told of it.
  player_event of_break(std::string_view type, duration position) const;

  std::string filled(const std::string& url, duration playhead) const;
  std::vector<std::string> filled(const std::vector<std::string>& urls, duration playhead) const;
  instant start() const noexcept { return start_; }
  bool is_cut() const noexcept { return shown_ < total_; }

 private:
  const tracked_ad& ad_;
  instant start_;
  duration total_, shown_;
  const ads::asked_break& asked_;
  const avail_viewer& viewer_;
  ads::playing_event macros_;
};

}  // namespace interlude::net
