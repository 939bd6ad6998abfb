// Letters of ASCII in lower case, and nothing else: whatever the locale.
#pragma once

#include <string>
#include <string_view>

namespace interlude {

constexpr char lowered(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lowered(std::string_view text) {
  std::string out{text};
  for (auto& c : out) c = lowered(c);
  return out;
}

}  // namespace interlude
