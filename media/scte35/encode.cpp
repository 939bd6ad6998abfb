#include "media/scte35/encode.hpp"

#include <algorithm>
#include <utility>

#include "media/core/crc32_mpeg2.hpp"
#include "media/scte35/descriptors.hpp"

namespace interlude::scte35 {

namespace {

constexpr std::size_t max_section_length = 4093;

error too_large(std::string where, std::string what) {
  return {errc::too_large, std::move(where), std::move(what)};
}

void write(bit_writer& out, const splice_time& t) {
  out.flag(t.pts_time.has_value());
  if (!t.pts_time) return out.put(t.reserved, 7);
  out.put(t.reserved, 6);
  out.put(*t.pts_time, 33);
}

void write(bit_writer& out, const break_duration& d) {
  out.flag(d.auto_return);
  out.put(d.reserved, 6);
  out.put(d.duration, 33);
}

void write_when(bit_writer& out, const splice_insert& e, const splice_time& when) {
  if (!e.splice_immediate_flag) write(out, when);
}
void write_when(bit_writer& out, const scheduled_event&, std::uint32_t when) {
  out.put(when, 32);
}

template <class Event>
void write_event_content(bit_writer& out, const Event& e) {
  if (e.program_splice_flag) {
    write_when(out, e, e.when);
  } else {
    out.put(e.components.size(), 8);
    for (const auto& c : e.components) {
      out.put(c.component_tag, 8);
      write_when(out, e, c.when);
    }
  }
  if (e.break_duration) write(out, *e.break_duration);
  out.put(e.unique_program_id, 16);
  out.put(e.avail_num, 8);
  out.put(e.avails_expected, 8);
}

void write(bit_writer& out, const splice_insert& e) {
  out.put(e.splice_event_id, 32);
  out.flag(e.splice_event_cancel_indicator);
  out.put(e.reserved_after_cancel, 7);
  if (e.splice_event_cancel_indicator) return;
  out.flag(e.out_of_network_indicator);
  out.flag(e.program_splice_flag);
  out.flag(e.break_duration.has_value());
  out.flag(e.splice_immediate_flag);
  out.flag(e.event_id_compliance_flag);
  out.put(e.reserved_after_flags, 3);
  write_event_content(out, e);
}

void write(bit_writer& out, const scheduled_event& e) {
  out.put(e.splice_event_id, 32);
  out.flag(e.splice_event_cancel_indicator);
  out.flag(e.event_id_compliance_flag);
  out.put(e.reserved_after_cancel, 6);
  if (e.splice_event_cancel_indicator) return;
  out.flag(e.out_of_network_indicator);
  out.flag(e.program_splice_flag);
  out.flag(e.break_duration.has_value());
  out.put(e.reserved_after_flags, 5);
  write_event_content(out, e);
}

void write(bit_writer& out, const splice_schedule& s) {
  out.put(s.events.size(), 8);
  for (const auto& e : s.events) write(out, e);
}

void write(bit_writer&, const splice_null&) {}
void write(bit_writer&, const bandwidth_reservation&) {}
void write(bit_writer& out, const time_signal& t) {
  write(out, t.splice_time);
}
void write(bit_writer& out, const private_command& c) {
  out.put(c.identifier, 32);
  out.append(c.private_bytes);
}
void write(bit_writer& out, const unknown_command& c) {
  out.append(c.content);
}

// Counts and lengths that their field cannot hold.
const char* excess_of(const splice_command& command) {
  if (const auto* insert = std::get_if<splice_insert>(&command))
    return insert->components.size() > 255 ? "more than 255 components" : nullptr;
  const auto* schedule = std::get_if<splice_schedule>(&command);
  if (!schedule) return nullptr;
  if (schedule->events.size() > 255) return "more than 255 events";
  const bool crowded = std::any_of(schedule->events.begin(), schedule->events.end(),
                                   [](const auto& e) { return e.components.size() > 255; });
  return crowded ? "more than 255 components" : nullptr;
}

const char* excess_of(const splice_descriptor& d) {
  if (const auto* dtmf = std::get_if<dtmf_descriptor>(&d.content))
    return dtmf->dtmf_chars.size() > 7 ? "more than 7 DTMF characters" : nullptr;
  if (const auto* audio = std::get_if<audio_descriptor>(&d.content))
    return audio->components.size() > 15 ? "more than 15 audio components" : nullptr;
  return nullptr;
}

result<bytes> encode_descriptors(const std::vector<splice_descriptor>& descriptors) {
  bit_writer out;
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    const auto where = "splice_descriptor " + std::to_string(i + 1);
    if (const auto* excess = excess_of(descriptors[i])) return too_large(where, excess);
    if (!write_descriptor(out, descriptors[i])) return too_large(where, "more than 255 bytes");
  }
  return out.take();
}

// All from tier up to CRC_32.
result<bytes> encode_body(const splice_info_section& s) {
  bit_writer out;
  out.put(s.tier, 12);
  if (s.encrypted) {
    out.put(s.written_command_length.value_or(0xFFF), 12);
    out.put(s.encrypted->splice_command_type, 8);
    out.append(s.encrypted->content);
    return out.take();
  }
  if (const auto* excess = excess_of(s.command))
    return too_large(splice_command_name(s.command), excess);
  const auto descriptors = encode_descriptors(s.descriptors);
  if (!descriptors) return descriptors.error();
  bit_writer command;
  std::visit([&](const auto& c) { write(command, c); }, s.command);
  command.append(s.command_trailing);
  if (command.size() + descriptors->size() > max_section_length)
    return too_large("splice_info_section", "more than 4,093 bytes");
  out.put(s.written_command_length.value_or(static_cast<std::uint16_t>(command.size())), 12);
  out.put(splice_command_type(s.command), 8);
  out.append(command.data());
  out.put(descriptors->size(), 16);
  out.append(*descriptors);
  out.append(s.alignment_stuffing);
  return out.take();
}

}  // namespace

result<bytes> encode(const splice_info_section& s) {
  const auto body = encode_body(s);
  if (!body) return body.error();
  constexpr std::size_t before_body = 7, crc = 4;
  const auto section_length = before_body + body->size() + crc;
  if (section_length > max_section_length)
    return too_large("splice_info_section", "more than 4,093 bytes");
  bit_writer out;
  out.put(0xFC, 8);
  out.flag(s.section_syntax_indicator);
  out.flag(s.private_indicator);
  out.put(s.sap_type, 2);
  out.put(section_length, 12);
  out.put(s.protocol_version, 8);
  out.flag(s.encrypted_packet);
  out.put(s.encryption_algorithm, 6);
  out.put(s.pts_adjustment, 33);
  out.put(s.cw_index, 8);
  out.append(*body);
  out.put(s.wrong_crc.value_or(crc32_mpeg2(out.data())), 32);
  return out.take();
}

}  // namespace interlude::scte35
