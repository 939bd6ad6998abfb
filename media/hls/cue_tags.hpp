// What the cue tags of a playlist say, whatever their spelling.
//
// Read: EXT-X-CUE-OUT (":30", ":DURATION=30", ":30.0,...", with no value), EXT-X-CUE-OUT-CONT
// ("ElapsedTime=8, Duration=30,SCTE35=..." and "8/30"), EXT-X-CUE-IN,
// EXT-X-CUE:TYPE="SpliceOut|SpliceIn",ID,TIME,DURATION, EXT-OATCLS-SCTE35,
// EXT-X-SCTE35:CUE=,ID=,TIME=,DURATION=,CUE-OUT=,CUE-IN=, EXT-X-SPLICEPOINT-SCTE35, EXT-X-DATERANGE
// with SCTE35-OUT, SCTE35-IN, SCTE35-CMD, EXT-X-ASSET. A tag that cannot be read is counted, never
// an error: a broken cue must not take a channel down. SCTE-35 payloads are carried along
// undecoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/core/time.hpp"
#include "media/hls/media_playlist.hpp"

namespace interlude::hls {

enum class cue_kind : std::uint8_t {
  out,           // a break starts
  continuation,  // a break is under way
  in,            // a break ends
  payload,       // a SCTE-35 message whose tag does not say what it means (OATCLS, SCTE35-CMD, ...)
  asset,         // EXT-X-ASSET: descriptive attributes of the break beside it
};

struct cue_tag {
  cue_kind kind = cue_kind::out;
  tag spelling = tag::cue_out;
  std::uint32_t segment_index =
      0;                   // the segment the tag stands before; segments.size() if none follows
  std::uint32_t line = 0;  // line number, for messages
  std::string id;  // the tag's own ID (DATERANGE ID, EXT-X-CUE ID, ...), empty if it has none
  std::optional<instant> at;        // START-DATE (out) or END-DATE / START-DATE + DURATION (in)
  std::optional<duration> planned;  // DURATION, PLANNED-DURATION, the value of CUE-OUT
  std::optional<duration> elapsed;  // of a continuation
  bool ends_by_itself =
      false;  // a DATERANGE out whose DURATION or END-DATE is known: the break's end is certain
  std::string scte35;  // the payload as written: base64 or 0x hex
};

struct cue_tags {
  std::vector<cue_tag> cues;  // in playlist order; a DATERANGE with OUT and IN gives two
  std::size_t unreadable = 0;
};

cue_tags read_cue_tags(const media_playlist& playlist);

}  // namespace interlude::hls
