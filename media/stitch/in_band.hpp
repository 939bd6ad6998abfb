// Cues in the media itself: splice messages of a transport stream or of `emsg` boxes, put on the
// channel clock.
//
// A segment's first picture and its place on the channel clock give the map from the media's time
// to the channel's (stitching rules, section 1); each segment gives it anew, so nothing
// accumulates. Segments must come in order; a discontinuity or a gap starts the stream anew. Pure;
// one owner.
#pragma once

#include <optional>
#include <vector>

#include "media/cmaf/event_message.hpp"
#include "media/scte35/signals.hpp"
#include "media/stitch/content.hpp"
#include "media/stitch/schedule.hpp"
#include "media/ts/ts_reader.hpp"

namespace interlude::stitch {

struct in_band_cues {
  std::vector<cue> cues;  // in the order of the stream
  std::size_t unreadable =
      0;  // messages that do not decode, or whose time is no time of this stream
  std::size_t bad_packets = 0;
  // Of the segment's first picture, in a transport stream.
  std::optional<std::uint64_t> first_pts;
  // By how much the media went on more than the dates did since the segment before.
  std::optional<duration> drift;
};

// `pts` - `from` on a clock of 33 bits and 90 kHz: whichever way round is shorter.
duration pts_since(std::uint64_t pts, std::uint64_t from);
// What a signal in the media is as a cue at this point of the channel clock.
cue cue_of(const scte35::signal& s, instant at);

class in_band_reader {
 public:
  explicit in_band_reader(scte35::signal_policy policy) : policy_(std::move(policy)) {}

  // `media` is the segment, `initialization` its EXT-X-MAP (empty: none); both in the clear.
  in_band_cues read(const content_segment& segment, byte_view media, byte_view initialization);

 private:
  void read_ts(const content_segment& segment, byte_view media, in_band_cues& out);
  void read_fragment(const content_segment& segment, byte_view media, byte_view initialization,
                     in_band_cues& out);
  // The signals of one message; `at_once` is where an immediate one happens.
  void add(const content_segment& segment, byte_view section,
           std::optional<std::uint64_t> first_pts, instant at_once,
           std::optional<instant> event_time, in_band_cues& out);

  scte35::signal_policy policy_;
  ts::ts_reader ts_;
  std::optional<std::int64_t> last_msn_;
  std::optional<std::uint64_t> last_first_pts_;
  instant last_start_{};
};

}  // namespace interlude::stitch
