#include "media/scte35/json.hpp"

#include <boost/json/array.hpp>
#include <string>

#include "media/core/hex.hpp"
#include "media/scte35/encode.hpp"

namespace interlude::scte35 {

namespace json = boost::json;

namespace {

double seconds(std::uint64_t ticks) {
  return to_seconds(from_ticks(ticks));
}

std::string hex(byte_view v) {
  return "0x" + to_hex(v);
}

// Whole bytes without leading zeros: "0x0a", "0x4005426b".
std::string hex_number(std::uint64_t value) {
  bytes out;
  for (; value > 0; value >>= 8) out.insert(out.begin(), static_cast<std::uint8_t>(value));
  if (out.empty()) out.push_back(0);
  return hex(out);
}

// Four characters where they can be shown, else a number.
std::string identifier(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift);
  for (const char c : text)
    if (c < 0x20 || c > 0x7E) return hex_number(value);
  return text;
}

json::object to_json(const splice_time& t) {
  json::object o{{"time_specified_flag", t.pts_time.has_value()}};
  if (t.pts_time) o["pts_time"] = seconds(*t.pts_time);
  return o;
}

void add_when(json::object& o, const splice_insert& e, const splice_time& when) {
  if (e.splice_immediate_flag) return;
  for (auto& [name, value] : to_json(when)) o[name] = value;
}
void add_when(json::object& o, const scheduled_event&, std::uint32_t when) {
  o["utc_splice_time"] = when;
}

template <class Event>
json::object event_json(const Event& e) {
  json::object o{{"splice_event_id", e.splice_event_id},
                 {"splice_event_cancel_indicator", e.splice_event_cancel_indicator}};
  if (e.splice_event_cancel_indicator) return o;
  o["out_of_network_indicator"] = e.out_of_network_indicator;
  o["program_splice_flag"] = e.program_splice_flag;
  o["duration_flag"] = e.break_duration.has_value();
  if constexpr (std::is_same_v<Event, splice_insert>)
    o["splice_immediate_flag"] = e.splice_immediate_flag;
  o["event_id_compliance_flag"] = e.event_id_compliance_flag;
  if (e.program_splice_flag) {
    add_when(o, e, e.when);
  } else {
    json::array components;
    for (const auto& c : e.components) {
      json::object one{{"component_tag", c.component_tag}};
      add_when(one, e, c.when);
      components.push_back(std::move(one));
    }
    o["component_count"] = e.components.size();
    o["components"] = std::move(components);
  }
  if (e.break_duration) {
    o["break_duration"] = seconds(e.break_duration->duration);
    o["break_auto_return"] = e.break_duration->auto_return;
  }
  o["unique_program_id"] = e.unique_program_id;
  o["avail_num"] = e.avail_num;
  o["avails_expected"] = e.avails_expected;
  return o;
}

json::object to_json(const splice_insert& e) {
  return event_json(e);
}
json::object to_json(const splice_schedule& s) {
  json::array events;
  for (const auto& e : s.events) events.push_back(event_json(e));
  return {{"splice_count", s.events.size()}, {"events", std::move(events)}};
}
json::object to_json(const time_signal& t) {
  return to_json(t.splice_time);
}
json::object to_json(const splice_null&) {
  return {};
}
json::object to_json(const bandwidth_reservation&) {
  return {};
}
json::object to_json(const private_command& c) {
  return {{"identifier", identifier(c.identifier)}, {"private_byte", hex(c.private_bytes)}};
}
json::object to_json(const unknown_command& c) {
  return {{"content", hex(c.content)}};
}

void add(json::object& o, const avail_descriptor& d) {
  o["provider_avail_id"] = d.provider_avail_id;
}

void add(json::object& o, const dtmf_descriptor& d) {
  o["preroll"] = d.preroll / 10.0;
  o["dtmf_count"] = d.dtmf_chars.size();
  o["DTMF_char"] = d.dtmf_chars;
}

void add(json::object& o, const time_descriptor& d) {
  o["TAI_seconds"] = d.tai_seconds;
  o["TAI_ns"] = d.tai_ns;
  o["UTC_offset"] = d.utc_offset;
}

void add(json::object& o, const audio_descriptor& d) {
  json::array components;
  for (const auto& c : d.components)
    components.push_back(json::object{{"component_tag", c.component_tag},
                                      {"ISO_code", identifier(c.iso_code << 8 | 0x20).substr(0, 3)},
                                      {"Bit_Stream_Mode", c.bit_stream_mode},
                                      {"Num_Channels", c.num_channels},
                                      {"Full_Srvc_Audio", c.full_srvc_audio}});
  o["audio_count"] = d.components.size();
  o["components"] = std::move(components);
}

void add_flags(json::object& o, const segmentation_descriptor& d) {
  o["program_segmentation_flag"] = d.program_segmentation_flag;
  o["segmentation_duration_flag"] = d.segmentation_duration.has_value();
  o["delivery_not_restricted_flag"] = !d.restrictions;
  if (d.restrictions) {
    o["web_delivery_allowed_flag"] = d.restrictions->web_delivery_allowed_flag;
    o["no_regional_blackout_flag"] = d.restrictions->no_regional_blackout_flag;
    o["archive_allowed_flag"] = d.restrictions->archive_allowed_flag;
    o["device_restrictions"] = d.restrictions->device_restrictions;
  }
  if (d.program_segmentation_flag) return;
  json::array components;
  for (const auto& c : d.components)
    components.push_back(
        json::object{{"component_tag", c.component_tag}, {"pts_offset", seconds(c.pts_offset)}});
  o["component_count"] = d.components.size();
  o["components"] = std::move(components);
}

void add(json::object& o, const segmentation_descriptor& d) {
  o["segmentation_event_id"] = hex_number(d.segmentation_event_id);
  o["segmentation_event_cancel_indicator"] = d.segmentation_event_cancel_indicator;
  o["segmentation_event_id_compliance_indicator"] = d.segmentation_event_id_compliance_indicator;
  if (d.segmentation_event_cancel_indicator) return;
  add_flags(o, d);
  if (d.segmentation_duration) o["segmentation_duration"] = seconds(*d.segmentation_duration);
  o["segmentation_upid_type"] = d.upid.type;
  o["segmentation_upid_type_name"] = segmentation_upid_type_name(d.upid.type);
  o["segmentation_upid_length"] = d.upid.value.size();
  o["segmentation_upid"] = to_json(d.upid);
  o["segmentation_type_id"] = d.segmentation_type_id;
  o["segmentation_type_name"] = segmentation_type_name(d.segmentation_type_id);
  o["segment_num"] = d.segment_num;
  o["segments_expected"] = d.segments_expected;
  if (!d.sub_segments) return;
  o["sub_segment_num"] = d.sub_segments->sub_segment_num;
  o["sub_segments_expected"] = d.sub_segments->sub_segments_expected;
}

void add(json::object& o, const unknown_descriptor& d) {
  o["private_byte"] = hex(d.content);
}

json::object to_json(const splice_descriptor& d) {
  json::object o{{"splice_descriptor_tag", d.splice_descriptor_tag},
                 {"name", splice_descriptor_name(d)},
                 {"identifier", identifier(d.identifier)}};
  std::visit([&](const auto& content) { add(o, content); }, d.content);
  if (!d.trailing.empty()) o["trailing"] = hex(d.trailing);
  return o;
}

void add_body(json::object& o, const splice_info_section& s) {
  o["splice_command_type"] = splice_command_type(s.command);
  const auto* name = splice_command_name(s.command);
  o["splice_command"] = name;
  for (auto& [key, value] : std::visit([](const auto& c) { return to_json(c); }, s.command))
    o[key] = value;
  json::array descriptors;
  for (const auto& d : s.descriptors) descriptors.push_back(to_json(d));
  o["splice_descriptors"] = std::move(descriptors);
  if (!s.alignment_stuffing.empty()) o["alignment_stuffing"] = hex(s.alignment_stuffing);
}

}  // namespace

json::object to_json(const splice_info_section& s) {
  json::object o{{"table_id", "0xfc"},
                 {"section_syntax_indicator", s.section_syntax_indicator},
                 {"private_indicator", s.private_indicator},
                 {"sap_type", s.sap_type},
                 {"section_length", 0},  // below
                 {"protocol_version", s.protocol_version},
                 {"encrypted_packet", s.encrypted_packet},
                 {"encryption_algorithm", s.encryption_algorithm},
                 {"pts_adjustment", seconds(s.pts_adjustment)},
                 {"cw_index", hex_number(s.cw_index)},
                 {"tier", hex_number(s.tier)}};
  const auto raw = encode(s);
  if (raw) {
    o["section_length"] = raw->size() - 3;
    o["splice_command_length"] = (((*raw)[11] & 0x0F) << 8) | (*raw)[12];
  }
  if (s.encrypted) {
    o["splice_command_type"] = s.encrypted->splice_command_type;
    o["encrypted"] = hex(s.encrypted->content);
  } else {
    add_body(o, s);
  }
  if (raw) {
    o["CRC_32"] = hex(byte_view{*raw}.last(4));
    o["CRC_32_valid"] = !s.wrong_crc;
  }
  return o;
}

}  // namespace interlude::scte35
