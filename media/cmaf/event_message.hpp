// Splice messages in fragmented MP4: `emsg` boxes of scheme urn:scte:scte35:2013:bin (ISO/IEC
// 23009-1 5.10.3.3, SCTE 214-3), and the time of the segment they stand in.
//
// Bounded depth and counts; boxes that are damaged end the reading, what was read before them
// stands. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "media/core/bits.hpp"
#include "media/core/time.hpp"

namespace interlude::cmaf {

// Ticks a second of each track, by track id.
using timescales = std::map<std::uint32_t, std::uint32_t>;

// Read off an initialization segment (moov/trak/mdia/mdhd).
timescales read_timescales(byte_view initialization);

struct event_message {
  bytes section;  // a splice_info_section, not decoded
  // On the media time line in version 1; from the segment's start in version 0.
  duration time{0};
  bool from_segment_start = false;
  std::optional<duration> length;  // nullopt: not known (0xFFFFFFFF)
  std::uint32_t id = 0;
};

struct fragment {
  std::optional<duration> start;  // media time of its first sample (moof/traf/tfdt)
  std::vector<event_message> messages;
};

fragment read_fragment(byte_view segment, const timescales& scales);

}  // namespace interlude::cmaf
