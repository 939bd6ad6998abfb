// CRC-32 as MPEG-2 sections carry it (ISO/IEC 13818-1 Annex A): polynomial 0x04C11DB7, not
// reflected, no final inversion. Over a whole section, its own CRC included, it is 0.
#pragma once

#include <cstdint>
#include <span>

namespace interlude {

std::uint32_t crc32_mpeg2(std::span<const std::uint8_t> bytes) noexcept;

}  // namespace interlude
