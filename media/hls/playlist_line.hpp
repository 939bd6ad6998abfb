// One line of a playlist and the tags Interlude knows by name.
#pragma once

#include <cstdint>
#include <string_view>

namespace interlude::hls {

enum class tag : std::uint8_t {
  uri,      // not a tag: the URI line of a segment or a variant
  comment,  // "# ..." and empty lines
  unknown,  // "#EXT..." that is not listed here; kept verbatim
  extm3u,
  version,
  independent_segments,
  start,
  define,
  // media playlist
  target_duration,
  media_sequence,
  discontinuity_sequence,
  endlist,
  playlist_type,
  i_frames_only,
  part_inf,
  server_control,
  // media segment
  inf,
  byterange,
  discontinuity,
  key,
  map,
  program_date_time,
  gap,
  bitrate,
  part,
  // media metadata
  date_range,
  skip,
  preload_hint,
  rendition_report,
  // cues, in every spelling seen in the field
  cue_out,
  cue_out_cont,
  cue_in,
  cue,
  oatcls_scte35,
  scte35,
  splicepoint_scte35,
  asset,
  cue_span,
  // multivariant playlist
  media,
  stream_inf,
  i_frame_stream_inf,
  session_data,
  session_key,
  content_steering,
};

constexpr bool is_cue(tag t) noexcept {
  return t >= tag::cue_out && t <= tag::cue_span;
}

struct playlist_line {
  tag kind = tag::comment;
  std::uint32_t number = 0;  // counted from 1
  std::string_view text;     // the whole line without its line end
  std::string_view value;    // what follows "#EXT-X-NAME:", empty if nothing does
};

// Names the line's tag and splits off its value.
playlist_line classify_line(std::string_view text, std::uint32_t number) noexcept;

}  // namespace interlude::hls
