// Numbers as keys: big-endian, so that they sort as numbers do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace interlude::storage {

inline constexpr std::size_t number_size = 8;

inline std::string text_of(std::uint64_t number) {
  std::string out(number_size, '\0');
  for (std::size_t i = number_size; i-- > 0; number >>= 8) out[i] = static_cast<char>(number);
  return out;
}

// Of the first eight bytes.
inline std::uint64_t number_of(std::string_view text) {
  std::uint64_t out = 0;
  for (const char c : text.substr(0, number_size)) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

}  // namespace interlude::storage
