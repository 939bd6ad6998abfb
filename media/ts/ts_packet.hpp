// One packet of an MPEG-2 transport stream (ISO/IEC 13818-1 2.4.3.2).
#pragma once

#include <cstdint>
#include <optional>

#include "media/core/bits.hpp"

namespace interlude::ts {

inline constexpr std::size_t packet_size = 188;
inline constexpr std::uint8_t sync_byte = 0x47;

struct ts_packet {
  std::uint16_t pid = 0;
  bool damaged = false;      // transport_error_indicator
  bool starts_unit = false;  // payload_unit_start_indicator
  bool scrambled = false;
  bool has_payload = false;
  bool discontinuity = false;  // the continuity counter may jump here
  bool random_access = false;
  std::uint8_t continuity = 0;
  byte_view payload;
};

// `data` is one packet; nullopt if it does not begin with the sync byte or its adaptation field is
// longer than it.
std::optional<ts_packet> read_ts_packet(byte_view data) noexcept;

}  // namespace interlude::ts
