// When an ad's events are due (VAST 4.3 section 3.14.1), as far as a server can see them from what
// is fetched of its media.
//
// An event is due with the media that covers its position: those of the beginning with the first of
// it, "complete" with the last. What only a player knows of (mute, pause, skip, clicks,
// viewability) is never due here. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ads/vast/vast_response.hpp"

namespace interlude::ads {

// More URLs of one event are not told: wrappers have a few each, and a stranger's answer may have
// thousands.
inline constexpr std::size_t most_urls_of_event = 64;

struct due_event {
  std::string name;      // of VAST; "progress" with its offset in milliseconds: "progress-5000"
  duration position{0};  // in the ad
  std::vector<std::string> urls;  // may be empty: it has happened all the same
};

// The events between `from` and `to` in an ad that plays for `total`, in the order in which they
// are due. "complete" is due where `to` reaches the end.
std::vector<due_event> events_between(const vast::ad& ad, duration from, duration to,
                                      duration total);

// All of them.
std::vector<due_event> all_events(const vast::ad& ad, duration total);

}  // namespace interlude::ads
