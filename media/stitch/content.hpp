// The content of a channel as the stitcher sees it: segments on the channel clock, numbered once
// and for all.
//
// A content_segment is made when the origin first shows it and never changes afterwards (invariant
// 7a of the stitching rules: the same number means the same URI, duration, discontinuity number,
// date, key and map). Immutable, shared.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::stitch {

struct content_segment {
  std::int64_t msn = 0;  // the channel's numbering: the origin's, carried on across resets
  std::int64_t dsn = 0;  // likewise
  instant start{};       // on the channel clock
  duration length{0};
  bool discontinuity =
      false;           // the origin put EXT-X-DISCONTINUITY before it, or its numbering broke here
  bool dated = false;  // the origin wrote its EXT-X-PROGRAM-DATE-TIME
  std::string identity;  // the URI's path: what stays when hosts and query tokens change
  // Whole lines, each ending in '\n'.
  std::string lines;      // kept tags, EXTINF and the absolute URI; neither of the tags below
  std::string cue_lines;  // the cue tags that stood here, for channels that pass them on
  std::string key_lines;  // the EXT-X-KEY tags in force, IV explicit; empty: clear
  std::string map_line;   // the EXT-X-MAP in force; empty: none

  instant end() const noexcept { return start + length; }
};

using segment_ptr = std::shared_ptr<const content_segment>;

// What one rendition's origin playlist came to at its last change. `segments` reaches further back
// than the origin's own window (at least three target durations), so that a stitched window never
// runs short.
struct rendition_window {
  std::vector<segment_ptr> segments;  // consecutive MSNs, oldest first; never empty
  instant window_start{};             // start of the first segment the origin still lists
  duration target_duration{0};        // of the first playlist ever read: it must never change
  int version = 1;
  bool independent_segments = false;
  bool ended = false;      // EXT-X-ENDLIST
  std::string start_line;  // EXT-X-START, with its line end, or empty
  std::vector<std::string>
      date_ranges;             // EXT-X-DATERANGE tags that are no cue, verbatim, with line ends
  std::uint64_t revision = 0;  // grows with every change

  instant edge() const noexcept { return segments.back()->end(); }
  // The segment with this number, or null.
  const content_segment* find(std::int64_t msn) const noexcept {
    const auto first = segments.front()->msn;
    if (msn < first || msn >= first + static_cast<std::int64_t>(segments.size())) return nullptr;
    return segments[static_cast<std::size_t>(msn - first)].get();
  }
};

using window_ptr = std::shared_ptr<const rendition_window>;

}  // namespace interlude::stitch
