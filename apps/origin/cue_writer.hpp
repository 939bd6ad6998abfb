// Writes the cue tags of one playlist, in the channel's spelling (docs/origin.md).
#pragma once

#include <string>

#include "apps/origin/live_window.hpp"
#include "media/scte35/splice_info.hpp"

namespace interlude::origin {

class cue_writer {
 public:
  cue_writer(const channel_options& c, std::string& out, instant epoch)
      : c_(c), out_(out), epoch_(epoch) {}

  // Tags that stand before a segment.
  void before(const live_segment& s, const live_break& b);
  // A break to come, told on the newest segment.
  void announce(const live_break& b);
  // The end of a break, told when it is known.
  void date_range_in(const live_break& b);

 private:
  bool is_date_range() const;
  bool tells_in_tags() const { return c_.cues != cue_style::none && c_.cues != cue_style::in_band; }
  bool has_in_cue() const { return c_.cues != cue_style::daterange_fixed; }
  bool first_at_or_after(const live_segment& s, instant t) const;
  // A point in time as the playlist's dates have it.
  std::string date_text(instant t) const;
  std::string length_text(const live_break& b) const { return format_seconds(b.end - b.start); }
  scte35::splice_info_section payload(const live_break& b, bool out) const;

  void date_range(const live_break& b);
  void out(const live_break& b);
  void continuation(const live_break& b, duration elapsed);
  void in(const live_break& b);

  const channel_options& c_;
  std::string& out_;
  instant epoch_;
};

}  // namespace interlude::origin
