#include "media/scte35/descriptors.hpp"

namespace interlude::scte35 {

namespace {

void write(bit_writer& out, const avail_descriptor& d) {
  out.put(d.provider_avail_id, 32);
}

void write(bit_writer& out, const dtmf_descriptor& d) {
  out.put(d.preroll, 8);
  out.put(d.dtmf_chars.size(), 3);
  out.put(d.reserved, 5);
  for (const char c : d.dtmf_chars) out.put(static_cast<unsigned char>(c), 8);
}

void write(bit_writer& out, const time_descriptor& d) {
  out.put(d.tai_seconds, 48);
  out.put(d.tai_ns, 32);
  out.put(d.utc_offset, 16);
}

void write(bit_writer& out, const audio_descriptor& d) {
  out.put(d.components.size(), 4);
  out.put(d.reserved, 4);
  for (const auto& c : d.components) {
    out.put(c.component_tag, 8);
    out.put(c.iso_code, 24);
    out.put(c.bit_stream_mode, 3);
    out.put(c.num_channels, 4);
    out.flag(c.full_srvc_audio);
  }
}

void write_restrictions(bit_writer& out, const segmentation_descriptor& d) {
  out.flag(!d.restrictions);
  if (!d.restrictions) return out.put(d.reserved_after_flags, 5);
  out.flag(d.restrictions->web_delivery_allowed_flag);
  out.flag(d.restrictions->no_regional_blackout_flag);
  out.flag(d.restrictions->archive_allowed_flag);
  out.put(d.restrictions->device_restrictions, 2);
}

void write(bit_writer& out, const segmentation_descriptor& d) {
  out.put(d.segmentation_event_id, 32);
  out.flag(d.segmentation_event_cancel_indicator);
  out.flag(d.segmentation_event_id_compliance_indicator);
  out.put(d.reserved_after_cancel, 6);
  if (d.segmentation_event_cancel_indicator) return;
  out.flag(d.program_segmentation_flag);
  out.flag(d.segmentation_duration.has_value());
  write_restrictions(out, d);
  if (!d.program_segmentation_flag) {
    out.put(d.components.size(), 8);
    for (const auto& c : d.components) {
      out.put(c.component_tag, 8);
      out.put(c.reserved, 7);
      out.put(c.pts_offset, 33);
    }
  }
  if (d.segmentation_duration) out.put(*d.segmentation_duration, 40);
  out.put(d.upid.type, 8);
  out.put(d.upid.value.size(), 8);
  out.append(d.upid.value);
  out.put(d.segmentation_type_id, 8);
  out.put(d.segment_num, 8);
  out.put(d.segments_expected, 8);
  if (d.sub_segments) {
    out.put(d.sub_segments->sub_segment_num, 8);
    out.put(d.sub_segments->sub_segments_expected, 8);
  }
}

void write(bit_writer& out, const unknown_descriptor& d) {
  out.append(d.content);
}

}  // namespace

bool write_descriptor(bit_writer& out, const splice_descriptor& d) {
  bit_writer content;
  content.put(d.identifier, 32);
  std::visit([&](const auto& c) { write(content, c); }, d.content);
  content.append(d.trailing);
  if (content.size() > 255) return false;
  out.put(d.splice_descriptor_tag, 8);
  out.put(content.size(), 8);
  out.append(content.data());
  return true;
}

}  // namespace interlude::scte35
