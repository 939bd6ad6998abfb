// Puts splice signals that come apart from the content on the channel clock.
//
// Such a stream has the time stamps of the encoder that made the content, and nothing else in
// common with it. A segment of the content whose first time stamp is known is an anchor between the
// two clocks, until the next discontinuity; anchors are taken again every minute, so that drift
// does not add up. A time further than ten minutes from the live edge is of another stretch of the
// stream: it waits for the anchor that makes sense of it, half a minute at most. What has no time,
// or happens at once, happens at the live edge; until that is known, it waits as well. Pure; one
// owner.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "media/scte35/signals.hpp"
#include "media/stitch/content.hpp"
#include "media/stitch/schedule.hpp"

namespace interlude::stitch {

struct clock_anchor {
  std::uint64_t pts = 0;  // of the segment's first picture; 90 kHz, 33 bits
  instant at{};           // the segment's start
  std::int64_t dsn = 0;
};

struct placed_signals {
  std::vector<cue> cues;
  std::size_t waiting = 0;  // of those just given, how many wait for an anchor
  std::size_t lost = 0;     // have waited in vain, or found no room
};

class signal_placer {
 public:
  static constexpr std::size_t max_waiting = 64;

  // `edge` is the live edge of the content, nullopt if it is not known or long ago; `now` any clock
  // that goes on.
  placed_signals place(std::span<const scte35::signal> signals, std::optional<instant> edge,
                       instant now);
  // What has waited, with the anchor of now.
  placed_signals place_waiting(instant edge, instant now);

  void set_anchor(const clock_anchor& a) { anchor_ = a; }
  // Whether the first time stamp of `latest`, the content's newest segment, should be found out.
  bool wants_anchor(const content_segment& latest) const;
  bool has_waiting() const noexcept { return !waiting_.empty(); }

 private:
  struct waiting_signal {
    scte35::signal signal;
    instant since{};
  };

  std::optional<instant> time_of(const scte35::signal& s, instant edge) const;

  std::optional<clock_anchor> anchor_;
  std::deque<waiting_signal> waiting_;  // oldest first
};

}  // namespace interlude::stitch
