#include "media/scte35/decode.hpp"

#include <utility>

#include "media/core/crc32_mpeg2.hpp"
#include "media/core/hex.hpp"
#include "media/scte35/descriptors.hpp"

namespace interlude::scte35 {

namespace {

constexpr std::size_t max_section = 4096;

error malformed(std::string where, std::string what) {
  return {errc::malformed, std::move(where), std::move(what)};
}

bytes copy(byte_view v) {
  return {v.begin(), v.end()};
}

splice_time read_splice_time(bit_reader& in) {
  splice_time t;
  if (in.flag()) {
    t.reserved = in.take_as<std::uint8_t>(6) | 0x40;
    t.pts_time = in.take(33);
  } else {
    t.reserved = in.take_as<std::uint8_t>(7);
  }
  return t;
}

break_duration read_break_duration(bit_reader& in) {
  break_duration d;
  d.auto_return = in.flag();
  d.reserved = in.take_as<std::uint8_t>(6);
  d.duration = in.take(33);
  return d;
}

void read_when(bit_reader& in, splice_insert& e, splice_time& when) {
  if (!e.splice_immediate_flag) when = read_splice_time(in);
}
void read_when(bit_reader& in, scheduled_event&, std::uint32_t& when) {
  when = in.take_as<std::uint32_t>(32);
}

// What splice_insert and an event of splice_schedule share: all but the order of their flags.
template <class Event>
void read_event_content(bit_reader& in, Event& e, bool has_duration) {
  if (e.program_splice_flag) {
    read_when(in, e, e.when);
  } else {
    const auto count = in.take(8);
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      auto& c = e.components.emplace_back();
      c.component_tag = in.take_as<std::uint8_t>(8);
      read_when(in, e, c.when);
    }
  }
  if (has_duration) e.break_duration = read_break_duration(in);
  e.unique_program_id = in.take_as<std::uint16_t>(16);
  e.avail_num = in.take_as<std::uint8_t>(8);
  e.avails_expected = in.take_as<std::uint8_t>(8);
}

splice_insert read_splice_insert(bit_reader& in) {
  splice_insert e;
  e.splice_event_id = in.take_as<std::uint32_t>(32);
  e.splice_event_cancel_indicator = in.flag();
  e.reserved_after_cancel = in.take_as<std::uint8_t>(7);
  if (e.splice_event_cancel_indicator) return e;
  e.out_of_network_indicator = in.flag();
  e.program_splice_flag = in.flag();
  const bool has_duration = in.flag();
  e.splice_immediate_flag = in.flag();
  e.event_id_compliance_flag = in.flag();
  e.reserved_after_flags = in.take_as<std::uint8_t>(3) | 0x18;
  read_event_content(in, e, has_duration);
  return e;
}

scheduled_event read_scheduled_event(bit_reader& in) {
  scheduled_event e;
  e.splice_event_id = in.take_as<std::uint32_t>(32);
  e.splice_event_cancel_indicator = in.flag();
  e.event_id_compliance_flag = in.flag();
  e.reserved_after_cancel = in.take_as<std::uint8_t>(6) | 0x40;
  if (e.splice_event_cancel_indicator) return e;
  e.out_of_network_indicator = in.flag();
  e.program_splice_flag = in.flag();
  const bool has_duration = in.flag();
  e.reserved_after_flags = in.take_as<std::uint8_t>(5);
  read_event_content(in, e, has_duration);
  return e;
}

splice_command read_command(std::uint8_t type, bit_reader& in) {
  switch (type) {
    case 0x00:
      return splice_null{};
    case 0x04: {
      splice_schedule s;
      const auto count = in.take(8);
      for (std::uint64_t i = 0; i < count && in.ok(); ++i)
        s.events.push_back(read_scheduled_event(in));
      return s;
    }
    case 0x05:
      return read_splice_insert(in);
    case 0x06:
      return time_signal{read_splice_time(in)};
    case 0x07:
      return bandwidth_reservation{};
    case 0xFF: {
      private_command c;
      c.identifier = in.take_as<std::uint32_t>(32);
      c.private_bytes = copy(in.rest());
      return c;
    }
    default:
      return unknown_command{type, copy(in.rest())};
  }
}

// Whether the loop of descriptors can stand there: its length, and nothing but stuffing after it.
bool descriptors_fit(byte_view body, std::size_t at) {
  if (at + 2 > body.size()) return false;
  const std::size_t length = static_cast<std::size_t>(body[at] << 8) | body[at + 1];
  return at + 2 + length <= body.size();
}

struct located_command {
  splice_command command;
  std::size_t content = 0;  // bytes that the command itself takes
  std::size_t end = 0;      // where the descriptors begin
};

// `body` begins with the command. Its written length is believed, unless the command does not fit
// into it or leaves the descriptors no place to stand: some encoders write 0xFFF, or a wrong one.
result<located_command> locate_command(std::uint8_t type, std::uint16_t written, byte_view body) {
  if (written <= body.size()) {
    bit_reader bounded{body.first(written)};
    located_command l{read_command(type, bounded), 0, written};
    l.content = bounded.position();
    if (bounded.ok() && descriptors_fit(body, written)) return l;
  }
  bit_reader in{body};
  located_command l{read_command(type, in), 0, 0};
  l.content = l.end = in.position();
  if (!in.ok() || !descriptors_fit(body, l.end))
    return malformed("splice command",
                     std::string{splice_command_name(l.command)} + " is longer than its section");
  return l;
}

std::optional<error> read_body(splice_info_section& s, std::uint8_t type, std::uint16_t written,
                               byte_view body) {
  auto located = locate_command(type, written, body);
  if (!located) return located.error();
  s.command = std::move(located->command);
  s.command_trailing = copy(body.subspan(located->content, located->end - located->content));
  if (written != located->end) s.written_command_length = written;
  bit_reader in{body.subspan(located->end)};
  const auto loop = in.take_bytes(in.take_as<std::size_t>(16));
  auto descriptors = read_descriptors(loop);
  if (!descriptors) return descriptors.error();
  s.descriptors = *std::move(descriptors);
  s.alignment_stuffing = copy(in.rest());
  return std::nullopt;
}

std::uint32_t written_crc(byte_view section) {
  return bit_reader{section.last(4)}.take_as<std::uint32_t>(32);
}

}  // namespace

result<splice_info_section> decode(byte_view message) {
  auto s = decode_leniently(message);
  if (s && s->wrong_crc) return malformed("CRC_32", "it does not hold: damaged on its way");
  return s;
}

result<splice_info_section> decode_leniently(byte_view message) {
  if (message.size() < 3) return malformed("section", "it ends before its length");
  if (message[0] != 0xFC)
    return malformed("table_id", "it is 0x" + to_hex(message.first(1)) + ", not 0xfc");
  splice_info_section s;
  bit_reader in{message};
  in.take(8);
  s.section_syntax_indicator = in.flag();
  s.private_indicator = in.flag();
  s.sap_type = in.take_as<std::uint8_t>(2);
  const auto section_length = in.take_as<std::size_t>(12);
  if (section_length + 3 > max_section)
    return error{errc::too_large, "section_length", "it is more than 4093"};
  if (section_length + 3 > message.size())
    return malformed("section_length", "it is " + std::to_string(section_length) + ", but " +
                                           std::to_string(message.size() - 3) + " bytes follow");
  if (section_length < 17) return malformed("section_length", "it is less than 17");
  message = message.first(section_length + 3);
  if (crc32_mpeg2(message) != 0) s.wrong_crc = written_crc(message);

  s.protocol_version = in.take_as<std::uint8_t>(8);
  if (s.protocol_version != 0)
    return error{errc::unsupported, "protocol_version",
                 "it is " + std::to_string(s.protocol_version) + ", only 0 is defined"};
  s.encrypted_packet = in.flag();
  s.encryption_algorithm = in.take_as<std::uint8_t>(6);
  s.pts_adjustment = in.take(33);
  s.cw_index = in.take_as<std::uint8_t>(8);
  s.tier = in.take_as<std::uint16_t>(12);
  const auto written = in.take_as<std::uint16_t>(12);
  const auto body = message.subspan(in.position(), message.size() - in.position() - 4);
  if (s.encrypted_packet) {
    s.written_command_length = written;
    s.encrypted = unknown_command{body[0], copy(body.subspan(1))};
    return s;
  }
  if (auto failed = read_body(s, body[0], written, body.subspan(1))) return *std::move(failed);
  return s;
}

result<splice_info_section> decode_text(std::string_view message) {
  const auto raw = bytes_of_text(message);
  if (!raw) return raw.error();
  return decode(*raw);
}

}  // namespace interlude::scte35
