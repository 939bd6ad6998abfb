// The beginning of a text that may be of any length.
#pragma once

#include <string>
#include <string_view>

namespace interlude {

// Of more than `most` bytes as many as end with a whole character of UTF-8, and "..." in place of
// the rest.
inline std::string clipped(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string{text};
  auto end = most;
  for (int i = 0; i < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80; ++i)
    --end;
  return std::string{text.substr(0, end)} + "...";
}

}  // namespace interlude
