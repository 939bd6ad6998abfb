// One channel of the live origin: what it is made of, and what is wrong with it today.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude::origin {

enum class cue_style : std::uint8_t {
  none,
  cue_out,          // CUE-OUT:30, CUE-OUT-CONT with attributes, CUE-IN
  cue_out_slash,    // CUE-OUT:DURATION=30, CUE-OUT-CONT:8/30
  cue_out_bare,     // CUE-OUT without duration: the break ends with its CUE-IN
  daterange,        // SCTE35-OUT with PLANNED-DURATION, announced ahead; SCTE35-IN
  daterange_fixed,  // SCTE35-OUT with DURATION, no IN
  daterange_cmd,    // SCTE35-CMD beside CUE-OUT and CUE-IN
  oatcls,           // EXT-OATCLS-SCTE35 beside CUE-OUT
  scte35,           // EXT-X-SCTE35 with CUE-OUT=YES, CONT and CUE-IN=YES
  splicepoint,      // EXT-X-SPLICEPOINT-SCTE35 beside CUE-OUT
  cue,              // EXT-X-CUE:TYPE="SpliceOut"
  asset,            // EXT-X-ASSET beside CUE-OUT
  in_band,          // splice_insert in the media, nothing in the playlist
};

enum class dates : std::uint8_t { all, first, none };
enum class garbage : std::uint8_t { none, html, truncated, huge, binary };

// From segment `from` on, dates are `by` seconds further.
struct date_step {
  std::int64_t from = 0;
  double by = 0;
  friend bool operator==(const date_step&, const date_step&) = default;
};

// What the control URL changes. Numbers of segments are the channel's own (see live_window.hpp).
struct faults {
  double in_shift = 0;  // seconds by which IN cues are late (early: negative)
  bool in_missing = false;
  bool out_repeated = false;  // every segment of a break carries the OUT again
  double cue_offset = 0;      // seconds by which breaks begin off a segment boundary
  origin::dates dates = origin::dates::all;
  std::uint64_t discontinuity_every = 0;      // segments; 0: never
  std::int64_t discontinuity_every_from = 0;  // counted in segments from this one on
  std::vector<std::int64_t> discontinuities;  // before these segments
  std::vector<std::int64_t> resets;    // numbering begins anew with these segments, ascending
  std::vector<date_step> clock_jumps;  // ascending; they add up
  std::string lagging;                 // rendition that is `lag` segments behind
  std::uint64_t lag = 0;
  std::string vanished;  // rendition that is not there
  // Until these points in time:
  std::optional<instant> errors_until, stall_until, garbage_until;
  std::optional<instant> frozen_at;  // the playlist stands still since then
  unsigned error_status = 503;
  double error_probability = 0;  // of any playlist request, at all times
  double stall = 5;              // seconds by which answers are late
  origin::garbage garbage = origin::garbage::html;
};

struct channel_options {
  std::string name = "ts";
  bool fmp4 = false;
  bool demuxed_audio = false;
  int rate_num = 25, rate_den = 1;
  double segment = 3;         // seconds, rounded to whole frames
  std::uint64_t window = 10;  // segments
  double break_every = 90;
  double break_length = 30;
  cue_style cues = cue_style::cue_out;
  double announce = 8;  // seconds by which daterange cues come ahead
  bool encrypted = false;
  bool explicit_iv = false;
  bool subtitles = false;
  std::uint64_t seed = 1;
  faults today;

  std::int64_t frames_per_segment() const;
  duration segment_duration() const;
  // Point in time that lies `segments` segments after the start, without accumulating rounding.
  duration after(std::int64_t segments) const;
};

result<cue_style> parse_cue_style(std::string_view text);

}  // namespace interlude::origin
