#include "media/ts/program_map.hpp"

#include <algorithm>
#include <array>

#include "media/core/crc32_mpeg2.hpp"

namespace interlude::ts {

namespace {

constexpr std::uint32_t cuei = 0x43554549;

// The fields that PAT and PMT begin with, and what is between them and the CRC.
std::optional<byte_view> body_of(byte_view section, std::uint8_t table_id) {
  constexpr std::size_t header = 8, crc = 4;
  if (section.size() < header + crc || section[0] != table_id || crc32_mpeg2(section) != 0)
    return std::nullopt;
  const bool current = (section[5] & 1) != 0;
  if (!current) return std::nullopt;
  return section.subspan(header, section.size() - header - crc);
}

bool is_video(std::uint8_t stream_type) {
  constexpr std::array<std::uint8_t, 4> types{0x02, 0x1B, 0x24, 0x10};  // MPEG-2, AVC, HEVC, MPEG-4
  return std::find(types.begin(), types.end(), stream_type) != types.end();
}

// The registration among these descriptors (2.6.8): "CUEI" if any says so, else the first.
std::optional<std::uint32_t> registration(byte_view descriptors) {
  std::optional<std::uint32_t> found;
  bit_reader in{descriptors};
  while (in.left() >= 16) {
    const auto tag = in.take(8);
    const auto content = in.take_bytes(in.take_as<std::size_t>(8));
    if (tag != 0x05 || content.size() < 4) continue;
    const auto format = bit_reader{content}.take_as<std::uint32_t>(32);
    if (!found || format == cuei) found = format;
  }
  return found;
}

}  // namespace

std::optional<std::uint16_t> first_program_map_pid(byte_view section) {
  const auto body = body_of(section, 0x00);
  if (!body) return std::nullopt;
  bit_reader in{*body};
  while (in.left() >= 32) {
    const auto program = in.take(16);
    in.take(3);
    const auto pid = in.take_as<std::uint16_t>(13);
    if (program != 0) return pid;  // 0 is the network's
  }
  return std::nullopt;
}

std::optional<program_map> read_program_map(byte_view section) {
  const auto body = body_of(section, 0x02);
  if (!body) return std::nullopt;
  program_map out;
  bit_reader in{*body};
  in.take(3 + 13 + 4);  // PCR_PID
  const auto of_program = registration(in.take_bytes(in.take_as<std::size_t>(12)));
  while (in.left() >= 40) {
    const auto stream_type = in.take_as<std::uint8_t>(8);
    in.take(3);
    const auto pid = in.take_as<std::uint16_t>(13);
    in.take(4);
    const auto own = registration(in.take_bytes(in.take_as<std::size_t>(12)));
    if (!in.ok()) return std::nullopt;
    if (is_video(stream_type) && !out.video) {
      out.video = pid;
      out.video_stream_type = stream_type;
    }
    if (stream_type == 0x86 && own.value_or(of_program.value_or(cuei)) == cuei)
      out.cues.push_back(pid);
  }
  return out;
}

}  // namespace interlude::ts
