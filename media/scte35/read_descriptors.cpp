#include <algorithm>
#include <array>

#include "media/scte35/descriptors.hpp"

namespace interlude::scte35 {

namespace {

bytes copy(byte_view v) {
  return {v.begin(), v.end()};
}

dtmf_descriptor read_dtmf(bit_reader& in) {
  dtmf_descriptor d;
  d.preroll = in.take_as<std::uint8_t>(8);
  const auto count = in.take(3);
  d.reserved = in.take_as<std::uint8_t>(5);
  const auto digits = in.take_bytes(count);
  d.dtmf_chars.assign(digits.begin(), digits.end());
  return d;
}

time_descriptor read_time(bit_reader& in) {
  time_descriptor d;
  d.tai_seconds = in.take(48);
  d.tai_ns = in.take_as<std::uint32_t>(32);
  d.utc_offset = in.take_as<std::uint16_t>(16);
  return d;
}

audio_descriptor read_audio(bit_reader& in) {
  audio_descriptor d;
  const auto count = in.take(4);
  d.reserved = in.take_as<std::uint8_t>(4);
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    audio_component c;
    c.component_tag = in.take_as<std::uint8_t>(8);
    c.iso_code = in.take_as<std::uint32_t>(24);
    c.bit_stream_mode = in.take_as<std::uint8_t>(3);
    c.num_channels = in.take_as<std::uint8_t>(4);
    c.full_srvc_audio = in.flag();
    d.components.push_back(c);
  }
  return d;
}

// Table 20: which segmentation types may count sub-segments. Messages older than that do not, so
// they are there only if bytes are left for them.
bool may_have_sub_segments(std::uint8_t type) {
  constexpr std::array<std::uint8_t, 8> types{0x30, 0x32, 0x34, 0x36, 0x38, 0x3A, 0x44, 0x46};
  return std::find(types.begin(), types.end(), type) != types.end();
}

void read_restrictions(bit_reader& in, segmentation_descriptor& d) {
  if (in.flag()) {
    d.reserved_after_flags = in.take_as<std::uint8_t>(5);
    return;
  }
  auto& r = d.restrictions.emplace();
  r.web_delivery_allowed_flag = in.flag();
  r.no_regional_blackout_flag = in.flag();
  r.archive_allowed_flag = in.flag();
  r.device_restrictions = in.take_as<std::uint8_t>(2);
}

segmentation_descriptor read_segmentation(bit_reader& in) {
  segmentation_descriptor d;
  d.segmentation_event_id = in.take_as<std::uint32_t>(32);
  d.segmentation_event_cancel_indicator = in.flag();
  d.segmentation_event_id_compliance_indicator = in.flag();
  d.reserved_after_cancel = in.take_as<std::uint8_t>(6);
  if (d.segmentation_event_cancel_indicator) return d;
  d.program_segmentation_flag = in.flag();
  const bool has_duration = in.flag();
  read_restrictions(in, d);
  if (!d.program_segmentation_flag) {
    const auto count = in.take(8);
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      auto& c = d.components.emplace_back();
      c.component_tag = in.take_as<std::uint8_t>(8);
      c.reserved = in.take_as<std::uint8_t>(7);
      c.pts_offset = in.take(33);
    }
  }
  if (has_duration) d.segmentation_duration = in.take(40);
  d.upid.type = in.take_as<std::uint8_t>(8);
  d.upid.value = copy(in.take_bytes(in.take_as<std::size_t>(8)));
  d.segmentation_type_id = in.take_as<std::uint8_t>(8);
  d.segment_num = in.take_as<std::uint8_t>(8);
  d.segments_expected = in.take_as<std::uint8_t>(8);
  if (may_have_sub_segments(d.segmentation_type_id) && in.left() >= 16) {
    auto& s = d.sub_segments.emplace();
    s.sub_segment_num = in.take_as<std::uint8_t>(8);
    s.sub_segments_expected = in.take_as<std::uint8_t>(8);
  }
  return d;
}

splice_descriptor read_descriptor(std::uint8_t tag, byte_view content) {
  splice_descriptor d;
  d.splice_descriptor_tag = tag;
  bit_reader in{content};
  d.identifier = in.take_as<std::uint32_t>(32);
  const auto body = content.subspan(4);
  if (d.identifier != cuei || tag > 0x04) {
    d.content = unknown_descriptor{copy(body)};
    return d;
  }
  switch (tag) {
    case 0x00:
      d.content = avail_descriptor{in.take_as<std::uint32_t>(32)};
      break;
    case 0x01:
      d.content = read_dtmf(in);
      break;
    case 0x02:
      d.content = read_segmentation(in);
      break;
    case 0x03:
      d.content = read_time(in);
      break;
    default:
      d.content = read_audio(in);
      break;
  }
  if (in.ok())
    d.trailing = copy(in.rest());
  else
    d.content = unknown_descriptor{copy(body)};
  return d;
}

}  // namespace

result<std::vector<splice_descriptor>> read_descriptors(byte_view loop) {
  std::vector<splice_descriptor> out;
  bit_reader in{loop};
  while (in.left() > 0) {
    const auto number = std::to_string(out.size() + 1);
    const auto tag = in.take_as<std::uint8_t>(8);
    const auto length = in.take_as<std::size_t>(8);
    const auto content = in.take_bytes(length);
    if (!in.ok() || length < 4)
      return error{errc::malformed, "splice_descriptor " + number,
                   "descriptor_length does not agree with descriptor_loop_length"};
    out.push_back(read_descriptor(tag, content));
  }
  return out;
}

}  // namespace interlude::scte35
