// Where to look in a transport stream: the PAT's first programme, and of its PMT the video and the
// SCTE-35 streams (ISO/IEC 13818-1 2.4.4, SCTE 35 8.1).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "media/core/bits.hpp"

namespace interlude::ts {

struct program_map {
  std::optional<std::uint16_t> video;
  std::uint8_t video_stream_type = 0;
  // Stream type 0x86. The registration descriptor "CUEI" that should stand beside it is often
  // missing; another one there means another kind of stream.
  std::vector<std::uint16_t> cues;
  friend bool operator==(const program_map&, const program_map&) = default;
};

// `section` is whole. Nullopt where it is another table, damaged, or not in force yet.
std::optional<std::uint16_t> first_program_map_pid(byte_view section);
std::optional<program_map> read_program_map(byte_view section);

}  // namespace interlude::ts
