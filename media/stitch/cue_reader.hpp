// Cues of a playlist on the channel clock: what its tags say, and what the SCTE-35 messages in them
// say (stitching rules, section 2).
//
// Where a tag and its message speak of the same thing the message knows more: event, nesting,
// whether the break waits for its IN cue, whether it may be filled at all. A message that does not
// decode is counted, and the tag stands alone. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "media/hls/media_playlist.hpp"
#include "media/scte35/signals.hpp"
#include "media/stitch/channel_clock.hpp"
#include "media/stitch/schedule.hpp"

namespace interlude::stitch {

struct read_cues_result {
  std::vector<cue> cues;       // in playlist order
  std::size_t unreadable = 0;  // tags and messages
};

// `clock` has just been refreshed with `playlist`.
read_cues_result read_cues(const hls::media_playlist& playlist, const rendition_clock& clock,
                           const scte35::signal_policy& policy);

}  // namespace interlude::stitch
