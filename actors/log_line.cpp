#include "actors/log_line.hpp"

#include <algorithm>

#include "media/core/clipped.hpp"

namespace interlude {

namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"_-.:/,+@#"}.find(c) != std::string_view::npos;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out.append({'\\', c});
  } else if (code < 0x20 || code == 0x7f) {
    out.append("\\u00").append({digits[code >> 4], digits[code & 0xf]});
  } else {
    out += c;
  }
}

}  // namespace

log_line& log_line::add(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  const auto shown = clipped(value, longest_value);
  if (!text_.empty()) text_ += ' ';
  text_.append(name).append("=");
  if (std::all_of(shown.begin(), shown.end(), is_bare)) {
    text_ += shown;
    return *this;
  }
  text_ += '"';
  for (const char c : shown) append_escaped(text_, c);
  text_ += '"';
  return *this;
}

}  // namespace interlude
