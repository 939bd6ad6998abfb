#include "media/core/crc32_mpeg2.hpp"

#include <array>

namespace interlude {

namespace {

constexpr auto make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i << 24;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 0x80000000u) != 0 ? (value << 1) ^ 0x04C11DB7u : value << 1;
    table[i] = value;
  }
  return table;
}

constexpr auto table = make_table();

}  // namespace

std::uint32_t crc32_mpeg2(std::span<const std::uint8_t> bytes) noexcept {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const auto byte : bytes) crc = (crc << 8) ^ table[(crc >> 24) ^ byte];
  return crc;
}

}  // namespace interlude
