#include "media/ts/section_writer.hpp"

#include <algorithm>

#include "media/core/crc32_mpeg2.hpp"
#include "media/ts/ts_packet.hpp"

namespace interlude::ts {

namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t crc_size = 4;
constexpr std::size_t max_program_section = 1021 + 3;  // ISO/IEC 13818-1 2.4.4.8

}  // namespace

bytes packets_of(std::span<const bytes> sections, std::uint16_t pid, std::uint8_t& continuity) {
  bytes payload{0};  // pointer_field: the first section begins at once
  for (const auto& s : sections) payload.insert(payload.end(), s.begin(), s.end());
  bytes out;
  constexpr auto room = packet_size - header_size;
  for (std::size_t at = 0; at < payload.size(); at += room) {
    const auto count = std::min(room, payload.size() - at);
    out.push_back(sync_byte);
    out.push_back(static_cast<std::uint8_t>((at == 0 ? 0x40 : 0) | pid >> 8));
    out.push_back(static_cast<std::uint8_t>(pid));
    out.push_back(static_cast<std::uint8_t>(0x10 | (continuity++ & 0x0F)));
    const auto from = payload.begin() + static_cast<std::ptrdiff_t>(at);
    out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(count));
    out.insert(out.end(), room - count, 0xFF);
  }
  return out;
}

std::optional<bytes> with_cue_stream(byte_view section, std::uint16_t pid) {
  if (section.size() < 16 || section[0] != 0x02 || crc32_mpeg2(section) != 0) return std::nullopt;
  bytes out{section.begin(), section.end() - crc_size};
  bit_writer stream;
  stream.put(0x86, 8);
  stream.put(7, 3);
  stream.put(pid, 13);
  stream.put(15, 4);
  stream.put(6, 12);    // one descriptor:
  stream.put(0x05, 8);  // registration
  stream.put(4, 8);
  stream.put(0x43554549, 32);  // "CUEI"
  out.insert(out.end(), stream.data().begin(), stream.data().end());
  const auto length = out.size() + crc_size - 3;
  if (length + 3 > max_program_section) return std::nullopt;
  out[1] = static_cast<std::uint8_t>((out[1] & 0xF0) | length >> 8);
  out[2] = static_cast<std::uint8_t>(length);
  const auto crc = crc32_mpeg2(out);
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(crc >> shift));
  return out;
}

}  // namespace interlude::ts
