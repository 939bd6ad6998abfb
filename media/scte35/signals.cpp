#include "media/scte35/signals.hpp"

#include <algorithm>

namespace interlude::scte35 {

namespace {

std::optional<std::uint64_t> adjusted(const splice_time& t, const splice_info_section& s) {
  if (!t.pts_time) return std::nullopt;
  return adjusted_pts(*t.pts_time, s.pts_adjustment);
}

// A splice in component mode is as early as its earliest component: all are one break here.
std::optional<std::uint64_t> time_of(const splice_insert& e, const splice_info_section& s) {
  if (e.splice_immediate_flag) return std::nullopt;
  if (e.program_splice_flag) return adjusted(e.when, s);
  for (const auto& c : e.components)
    if (const auto t = adjusted(c.when, s)) return t;
  return std::nullopt;
}

signal signal_of(const splice_insert& e, const splice_info_section& s) {
  signal out;
  out.event_id = "splice-" + std::to_string(e.splice_event_id);
  if (e.splice_event_cancel_indicator) {
    out.kind = signal_kind::cancel;
    return out;
  }
  out.kind = e.out_of_network_indicator ? signal_kind::out : signal_kind::in;
  out.pts = time_of(e, s);
  if (e.out_of_network_indicator && e.break_duration && e.break_duration->duration > 0) {
    out.planned = from_ticks(e.break_duration->duration);
    out.waits_for_in = !e.break_duration->auto_return;
  }
  return out;
}

signal_rank rank_of(std::uint8_t type) {
  switch (type) {
    case 0x22:
      return signal_rank::whole_break;
    case 0x44:
    case 0x46:
      return signal_rank::ad_block;
    case 0x34:
    case 0x36:
      return signal_rank::opportunity;
    default:
      return signal_rank::advertisement;
  }
}

// Program start, end and breakaway: what ran before them is over.
bool is_boundary(std::uint8_t type) {
  return type == 0x10 || type == 0x11 || type == 0x13;
}

std::optional<signal> signal_of(const segmentation_descriptor& d, const signal_policy& policy) {
  const auto starts = [&](std::uint8_t type) {
    const auto& types = policy.segmentation_types;
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  signal out;
  out.event_id = "segmentation-" + std::to_string(d.segmentation_event_id);
  if (d.segmentation_event_cancel_indicator) {
    out.kind = signal_kind::cancel;
    return out;
  }
  const auto type = d.segmentation_type_id;
  if (is_boundary(type)) {
    out.kind = signal_kind::boundary;
    out.segmentation_type = type;
    return out;
  }
  // Starts are even, each end is one more.
  out.segmentation_type = static_cast<std::uint8_t>(type & ~1u);
  if (!starts(out.segmentation_type)) return std::nullopt;
  out.kind = type == out.segmentation_type ? signal_kind::out : signal_kind::in;
  out.rank = rank_of(out.segmentation_type);
  if (d.segmentation_duration && *d.segmentation_duration > 0)
    out.planned = from_ticks(*d.segmentation_duration);
  out.web_delivery_allowed = !d.restrictions || d.restrictions->web_delivery_allowed_flag;
  out.upid = d.upid;
  return out;
}

bool is_for_us(const splice_info_section& s, const signal_policy& policy) {
  return !policy.tier || s.tier == 0xFFF || s.tier == *policy.tier;
}

}  // namespace

std::vector<signal> signals_of(const splice_info_section& s, const signal_policy& policy) {
  std::vector<signal> out;
  if (s.encrypted || !is_for_us(s, policy)) return out;
  const auto* insert = std::get_if<splice_insert>(&s.command);
  if (insert) out.push_back(signal_of(*insert, s));
  const auto* timed = std::get_if<time_signal>(&s.command);
  if (!insert && !timed) return out;
  for (const auto& d : s.descriptors) {
    const auto* segmentation = std::get_if<segmentation_descriptor>(&d.content);
    if (!segmentation) continue;
    auto found = signal_of(*segmentation, policy);
    if (!found) continue;
    if (insert) {
      // Beside a splice_insert it describes the same event; it starts none of its own.
      out.front().web_delivery_allowed &= found->web_delivery_allowed;
      if (out.front().upid.value.empty()) out.front().upid = found->upid;
      continue;
    }
    found->pts = adjusted(timed->splice_time, s);
    out.push_back(*std::move(found));
  }
  return out;
}

}  // namespace interlude::scte35
