#include "media/stitch/in_band.hpp"

#include <algorithm>
#include <utility>

#include "media/scte35/decode.hpp"

namespace interlude::stitch {

namespace {

// A time further away than this is of another stream, or of before a discontinuity.
constexpr duration farthest = std::chrono::hours{1};

}  // namespace

duration pts_since(std::uint64_t pts, std::uint64_t from) {
  const auto ahead = (pts - from) & (scte35::pts_modulus - 1);
  return ahead < scte35::pts_modulus / 2 ? scte35::from_ticks(ahead)
                                         : -scte35::from_ticks(scte35::pts_modulus - ahead);
}

cue cue_of(const scte35::signal& s, instant at) {
  cue c;
  c.source = cue_source::in_band;
  c.splice_id = s.event_id;
  c.rank = s.rank;
  c.at = at;
  c.planned = s.planned;
  c.waits_for_in = s.waits_for_in;
  c.forbidden = !s.web_delivery_allowed;
  c.what = kind_of(s.kind);
  return c;
}

void in_band_reader::add(const content_segment& segment, byte_view section,
                         std::optional<std::uint64_t> first_pts, instant at_once,
                         std::optional<instant> event_time, in_band_cues& out) {
  const auto message = scte35::decode(section);
  if (!message) {
    ++out.unreadable;
    return;
  }
  for (const auto& s : scte35::signals_of(*message, policy_)) {
    auto at = event_time.value_or(at_once);
    if (s.pts && !event_time) {
      if (!first_pts) {
        ++out.unreadable;
        continue;
      }
      at = segment.start + pts_since(*s.pts, *first_pts);
    }
    if (std::chrono::abs(at - segment.start) > farthest) {
      ++out.unreadable;
      continue;
    }
    out.cues.push_back(cue_of(s, at));
  }
}

void in_band_reader::read_ts(const content_segment& segment, byte_view media, in_band_cues& out) {
  const auto found = ts_.read(media);
  out.bad_packets = found.bad_packets;
  const auto first = out.first_pts = found.first_pts();
  for (const auto& m : found.messages) {
    const auto near =
        m.near_pts && first ? segment.start + pts_since(*m.near_pts, *first) : segment.start;
    add(segment, m.section, first, near, std::nullopt, out);
  }
  if (first && last_first_pts_)
    out.drift = pts_since(*first, *last_first_pts_) - (segment.start - last_start_);
  last_first_pts_ = first;
}

void in_band_reader::read_fragment(const content_segment& segment, byte_view media,
                                   byte_view initialization, in_band_cues& out) {
  const auto found = cmaf::read_fragment(media, cmaf::read_timescales(initialization));
  for (const auto& m : found.messages) {
    std::optional<instant> at;
    if (m.from_segment_start)
      at = segment.start + m.time;
    else if (found.start)
      at = segment.start + (m.time - *found.start);
    add(segment, m.section, std::nullopt, segment.start, at, out);
  }
}

in_band_cues in_band_reader::read(const content_segment& segment, byte_view media,
                                  byte_view initialization) {
  if (segment.discontinuity || (last_msn_ && segment.msn != *last_msn_ + 1)) {
    ts_.reset();
    last_first_pts_.reset();
  }
  in_band_cues out;
  if (!media.empty() && media[0] == ts::sync_byte)
    read_ts(segment, media, out);
  else
    read_fragment(segment, media, initialization, out);
  last_msn_ = segment.msn;
  last_start_ = segment.start;
  return out;
}

}  // namespace interlude::stitch
