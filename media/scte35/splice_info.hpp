// A splice_info_section as SCTE 35 2023r1 defines it (section 9.6), field by field under the
// specification's own names.
//
// Nothing of a valid message is lost: what the specification reserves, leaves to others or has
// grown since is kept as it came (the `reserved` members default to all ones, as written by who
// follows it), so encode(decode(m)) is m. Times are ticks of 90 kHz, 33 bits unless said otherwise;
// pts_time is as written, pts_adjustment is not yet added (see adjusted_pts). Value types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "media/core/bits.hpp"
#include "media/core/time.hpp"

namespace interlude::scte35 {

inline constexpr std::uint64_t pts_modulus = std::uint64_t{1} << 33;
inline constexpr std::uint32_t cuei = 0x43554549;  // "CUEI"

// --- commands, 9.7 ---

// 9.8.1. Without a time the splice is to happen at once, or is told elsewhere.
struct splice_time {
  std::optional<std::uint64_t> pts_time;
  std::uint8_t reserved = 0x7F;  // the lower 6 bits where a time is given, else 7
  friend bool operator==(const splice_time&, const splice_time&) = default;
};

// 9.8.2
struct break_duration {
  bool auto_return = false;  // the break ends by itself
  std::uint8_t reserved = 0x3F;
  std::uint64_t duration = 0;
  friend bool operator==(const break_duration&, const break_duration&) = default;
};

struct splice_null {
  friend bool operator==(const splice_null&, const splice_null&) = default;
};
struct bandwidth_reservation {
  friend bool operator==(const bandwidth_reservation&, const bandwidth_reservation&) = default;
};

struct time_signal {
  scte35::splice_time splice_time;
  friend bool operator==(const time_signal&, const time_signal&) = default;
};

// One event of splice_insert or splice_schedule. `When` is how each tells the time: splice_time, or
// seconds of UTC since 1980-01-06 (GPS epoch, 9.7.2.1).
template <class When>
struct splice_component {
  std::uint8_t component_tag = 0;
  When when{};
  friend bool operator==(const splice_component&, const splice_component&) = default;
};

template <class When>
struct splice_event {
  std::uint32_t splice_event_id = 0;
  bool splice_event_cancel_indicator = false;  // nothing of what follows is there
  bool event_id_compliance_flag = true;        // 0: the id obeys the rules of 9.9.4
  bool out_of_network_indicator = false;
  bool program_splice_flag = true;  // the whole programme, at `when`; else its components
  bool splice_immediate_flag = false;
  When when{};
  std::vector<splice_component<When>> components;
  std::optional<scte35::break_duration> break_duration;
  std::uint16_t unique_program_id = 0;
  std::uint8_t avail_num = 0;
  std::uint8_t avails_expected = 0;
  std::uint8_t reserved_after_cancel = 0x7F;
  std::uint8_t reserved_after_flags = 0x1F;
  friend bool operator==(const splice_event&, const splice_event&) = default;
};

using splice_insert = splice_event<splice_time>;  // `when` is not there if splice_immediate_flag
using scheduled_event = splice_event<std::uint32_t>;

struct splice_schedule {
  std::vector<scheduled_event> events;
  friend bool operator==(const splice_schedule&, const splice_schedule&) = default;
};

struct private_command {
  std::uint32_t identifier = 0;
  bytes private_bytes;
  friend bool operator==(const private_command&, const private_command&) = default;
};

// A command type that the specification reserves.
struct unknown_command {
  std::uint8_t splice_command_type = 0;
  bytes content;
  friend bool operator==(const unknown_command&, const unknown_command&) = default;
};

using splice_command = std::variant<splice_null, splice_schedule, splice_insert, time_signal,
                                    bandwidth_reservation, private_command, unknown_command>;

std::uint8_t splice_command_type(const splice_command& command) noexcept;
const char* splice_command_name(const splice_command& command) noexcept;  // "splice_insert"

// --- descriptors, 10 ---

struct avail_descriptor {
  std::uint32_t provider_avail_id = 0;
  friend bool operator==(const avail_descriptor&, const avail_descriptor&) = default;
};

struct dtmf_descriptor {
  std::uint8_t preroll = 0;  // tenths of a second
  std::string dtmf_chars;    // at most 7
  std::uint8_t reserved = 0x1F;
  friend bool operator==(const dtmf_descriptor&, const dtmf_descriptor&) = default;
};

struct time_descriptor {
  std::uint64_t tai_seconds = 0;  // 48 bits
  std::uint32_t tai_ns = 0;
  std::uint16_t utc_offset = 0;
  friend bool operator==(const time_descriptor&, const time_descriptor&) = default;
};

struct audio_component {
  std::uint8_t component_tag = 0;
  std::uint32_t iso_code = 0;  // three letters
  std::uint8_t bit_stream_mode = 0;
  std::uint8_t num_channels = 0;
  bool full_srvc_audio = false;
  friend bool operator==(const audio_component&, const audio_component&) = default;
};

struct audio_descriptor {
  std::vector<audio_component> components;  // at most 15
  std::uint8_t reserved = 0x0F;
  friend bool operator==(const audio_descriptor&, const audio_descriptor&) = default;
};

struct delivery_restrictions {
  bool web_delivery_allowed_flag = true;
  bool no_regional_blackout_flag = true;
  bool archive_allowed_flag = true;
  std::uint8_t device_restrictions = 3;  // 3: none
  friend bool operator==(const delivery_restrictions&, const delivery_restrictions&) = default;
};

struct segmentation_component {
  std::uint8_t component_tag = 0;
  std::uint8_t reserved = 0x7F;
  std::uint64_t pts_offset = 0;
  friend bool operator==(const segmentation_component&, const segmentation_component&) = default;
};

// 10.3.3.1: what kind of name the segment has (Table 22), and the name's bytes.
struct segmentation_upid {
  std::uint8_t type = 0;
  bytes value;
  friend bool operator==(const segmentation_upid&, const segmentation_upid&) = default;
};

// The names inside one of type MID (0x0D); nullopt where it is not made of whole ones.
std::optional<std::vector<segmentation_upid>> upids_of_mid(byte_view value);

struct sub_segments {
  std::uint8_t sub_segment_num = 0;
  std::uint8_t sub_segments_expected = 0;
  friend bool operator==(const sub_segments&, const sub_segments&) = default;
};

struct segmentation_descriptor {
  std::uint32_t segmentation_event_id = 0;
  bool segmentation_event_cancel_indicator = false;  // nothing of what follows is there
  bool segmentation_event_id_compliance_indicator = true;
  bool program_segmentation_flag = true;
  std::optional<delivery_restrictions> restrictions;  // none: delivery_not_restricted_flag
  std::vector<segmentation_component> components;
  std::optional<std::uint64_t> segmentation_duration;  // ticks, 40 bits
  segmentation_upid upid;
  std::uint8_t segmentation_type_id = 0;  // Table 23
  std::uint8_t segment_num = 0;
  std::uint8_t segments_expected = 0;
  std::optional<scte35::sub_segments> sub_segments;
  std::uint8_t reserved_after_cancel = 0x3F;
  std::uint8_t reserved_after_flags = 0x1F;
  friend bool operator==(const segmentation_descriptor&, const segmentation_descriptor&) = default;
};

// Somebody else's, one that the specification does not know, or one whose content is not whole.
struct unknown_descriptor {
  bytes content;
  friend bool operator==(const unknown_descriptor&, const unknown_descriptor&) = default;
};

struct splice_descriptor {
  std::uint8_t splice_descriptor_tag = 0;
  std::uint32_t identifier = cuei;
  std::variant<avail_descriptor, dtmf_descriptor, segmentation_descriptor, time_descriptor,
               audio_descriptor, unknown_descriptor>
      content;
  bytes trailing;  // behind what the specification knows
  friend bool operator==(const splice_descriptor&, const splice_descriptor&) = default;
};

const char* splice_descriptor_name(const splice_descriptor& d) noexcept;

// --- the section, 9.6 ---

struct splice_info_section {
  bool section_syntax_indicator = false;
  bool private_indicator = false;
  std::uint8_t sap_type = 3;
  std::uint8_t protocol_version = 0;
  bool encrypted_packet = false;
  std::uint8_t encryption_algorithm = 0;
  std::uint64_t pts_adjustment = 0;
  std::uint8_t cw_index = 0;
  std::uint16_t tier = 0xFFF;

  // What stands in splice_command_length where that is not the command's length: 0xFFF in messages
  // of before 2013, and other numbers by mistake.
  std::optional<std::uint16_t> written_command_length;
  splice_command command;
  bytes command_trailing;
  std::vector<splice_descriptor> descriptors;
  bytes alignment_stuffing;

  // Of an encrypted section the command and all behind it cannot be read: its type and content, up
  // to CRC_32 (E_CRC_32 is part of it), are kept here and `command` says nothing.
  std::optional<unknown_command> encrypted;

  // What stands in CRC_32 where it does not hold (only decode_leniently lets it pass).
  std::optional<std::uint32_t> wrong_crc;

  friend bool operator==(const splice_info_section&, const splice_info_section&) = default;
};

// pts_time + pts_adjustment in 33 bits (9.6.1: the carry is ignored).
constexpr std::uint64_t adjusted_pts(std::uint64_t pts_time, std::uint64_t adjustment) noexcept {
  return (pts_time + adjustment) % pts_modulus;
}

// Ticks of 90 kHz to microseconds, nearest; and back, exactly, for every tick.
constexpr duration from_ticks(std::uint64_t ticks) noexcept {
  return duration{static_cast<std::int64_t>((ticks * 100 + 4) / 9)};
}
constexpr std::uint64_t to_ticks(duration d) noexcept {
  return (static_cast<std::uint64_t>(d.count()) * 9 + 50) / 100;
}

}  // namespace interlude::scte35
