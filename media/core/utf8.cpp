#include "media/core/utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace interlude {

namespace {

// RFC 3629 section 4: how many bytes follow the first, and the bounds of the second.
struct lead {
  std::size_t following = 0;
  std::uint8_t least = 0x80, most = 0xBF;
};

constexpr bool read_lead(std::uint8_t byte, lead& out) noexcept {
  if (byte < 0x80)
    out = {};
  else if (byte >= 0xC2 && byte <= 0xDF)
    out = {1, 0x80, 0xBF};
  else if (byte >= 0xE0 && byte <= 0xEF)
    out = {2, static_cast<std::uint8_t>(byte == 0xE0 ? 0xA0 : 0x80),
           static_cast<std::uint8_t>(byte == 0xED ? 0x9F : 0xBF)};
  else if (byte >= 0xF0 && byte <= 0xF4)
    out = {3, static_cast<std::uint8_t>(byte == 0xF0 ? 0x90 : 0x80),
           static_cast<std::uint8_t>(byte == 0xF4 ? 0x8F : 0xBF)};
  else
    return false;
  return true;
}

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size();) {
    lead l;
    if (!read_lead(static_cast<std::uint8_t>(bytes[i]), l) || bytes.size() - i <= l.following)
      return false;
    for (std::size_t k = 1; k <= l.following; ++k) {
      const auto byte = static_cast<std::uint8_t>(bytes[i + k]);
      if (byte < (k == 1 ? l.least : 0x80) || byte > (k == 1 ? l.most : 0xBF)) return false;
    }
    i += l.following + 1;
  }
  return true;
}

}  // namespace interlude
