#include "apps/origin/retime_ts.hpp"

namespace interlude::origin {

namespace {

constexpr std::size_t packet_size = 188;
constexpr std::uint64_t clock_mask = 0x1FFFFFFFF;

using bytes = unsigned char*;

bool has_payload(const unsigned char* p) {
  return (p[3] & 0x10) != 0;
}
bool has_adaptation(const unsigned char* p) {
  return (p[3] & 0x20) != 0;
}
std::uint16_t pid_of(const unsigned char* p) {
  return static_cast<std::uint16_t>((p[1] & 0x1F) << 8 | p[2]);
}

std::uint64_t shifted(std::uint64_t clock, std::int64_t offset) {
  return (clock + static_cast<std::uint64_t>(offset)) & clock_mask;
}

// ISO 13818-1 2.4.3.5: 33 bits of base, 6 reserved, 9 of extension.
void shift_pcr(bytes p, std::int64_t offset) {
  const auto base = static_cast<std::uint64_t>(p[0]) << 25 |
                    static_cast<std::uint64_t>(p[1]) << 17 | static_cast<std::uint64_t>(p[2]) << 9 |
                    static_cast<std::uint64_t>(p[3]) << 1 | p[4] >> 7;
  const auto moved = shifted(base, offset);
  p[0] = static_cast<unsigned char>(moved >> 25);
  p[1] = static_cast<unsigned char>(moved >> 17);
  p[2] = static_cast<unsigned char>(moved >> 9);
  p[3] = static_cast<unsigned char>(moved >> 1);
  p[4] = static_cast<unsigned char>((p[4] & 0x7F) | (moved & 1) << 7);
}

// ISO 13818-1 2.4.3.7: 3, 15 and 15 bits with marker bits between.
void shift_timestamp(bytes p, std::int64_t offset) {
  const auto value = static_cast<std::uint64_t>(p[0] >> 1 & 7) << 30 |
                     static_cast<std::uint64_t>(p[1]) << 22 |
                     static_cast<std::uint64_t>(p[2] >> 1) << 15 |
                     static_cast<std::uint64_t>(p[3]) << 7 | p[4] >> 1;
  const auto moved = shifted(value, offset);
  p[0] = static_cast<unsigned char>((p[0] & 0xF1) | (moved >> 30 & 7) << 1);
  p[1] = static_cast<unsigned char>(moved >> 22);
  p[2] = static_cast<unsigned char>((moved >> 15 & 0x7F) << 1 | 1);
  p[3] = static_cast<unsigned char>(moved >> 7);
  p[4] = static_cast<unsigned char>((moved & 0x7F) << 1 | 1);
}

void shift_pes(bytes payload, std::size_t size, std::int64_t offset) {
  if (size < 19 || payload[0] != 0 || payload[1] != 0 || payload[2] != 1) return;
  const auto stream = payload[3];
  const bool audio_or_video = (stream >= 0xC0 && stream <= 0xEF) || stream == 0xBD;
  if (!audio_or_video) return;
  const auto flags = payload[7] >> 6;
  if ((flags & 2) != 0) shift_timestamp(payload + 9, offset);
  if (flags == 3) shift_timestamp(payload + 14, offset);
}

}  // namespace

packet_counts count_packets(const std::string& segment) {
  packet_counts out;
  for (std::size_t at = 0; at + packet_size <= segment.size(); at += packet_size) {
    const auto* p = reinterpret_cast<const unsigned char*>(segment.data() + at);
    if (p[0] == 0x47 && has_payload(p)) ++out[pid_of(p)];
  }
  return out;
}

void retime_ts(std::string& segment, std::int64_t offset, const packet_counts& before) {
  auto counters = before;
  for (std::size_t at = 0; at + packet_size <= segment.size(); at += packet_size) {
    auto* p = reinterpret_cast<bytes>(segment.data() + at);
    if (p[0] != 0x47) continue;
    auto& counter = counters[pid_of(p)];
    std::size_t header = 4;
    if (has_adaptation(p)) {
      const std::size_t length = p[4];
      if (length >= 7 && (p[5] & 0x10) != 0) shift_pcr(p + 6, offset);
      header += 1 + length;
    }
    if (!has_payload(p)) {
      p[3] = static_cast<unsigned char>((p[3] & 0xF0) | ((counter + 15) & 15));
      continue;
    }
    p[3] = static_cast<unsigned char>((p[3] & 0xF0) | (counter & 15));
    ++counter;
    const bool starts = (p[1] & 0x40) != 0;
    if (starts && header < packet_size) shift_pes(p + header, packet_size - header, offset);
  }
}

}  // namespace interlude::origin
