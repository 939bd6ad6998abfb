// How messages are written where there are no bytes.
#include <algorithm>
#include <cctype>

#include "media/core/base64.hpp"
#include "media/core/hex.hpp"
#include "media/scte35/decode.hpp"
#include "media/scte35/encode.hpp"

namespace interlude::scte35 {

namespace {

constexpr std::size_t max_text = 16 * 1024;  // of a section of 4,096 bytes, with room for line ends

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

result<bytes> bytes_of_text(std::string_view text) {
  if (text.size() > max_text)
    return error{errc::too_large, "message", "it is longer than any SCTE-35 message"};
  std::string solid{text};
  std::erase_if(solid, is_space);
  // 0xFC, the first byte of every message, is never "FC" in base64: that would be 0x14.
  const bool marked = solid.starts_with("0x") || solid.starts_with("0X");
  if (marked || solid.starts_with("fc") || solid.starts_with("FC") || solid.starts_with("Fc") ||
      solid.starts_with("fC")) {
    if (auto out = from_hex(std::string_view{solid}.substr(marked ? 2 : 0))) return *std::move(out);
    return error{errc::malformed, "message", "it is not hexadecimal"};
  }
  const auto raw = decode_base64_leniently(solid);
  if (!raw) return error{errc::malformed, "message", "it is neither base64 nor hexadecimal"};
  return bytes{raw->begin(), raw->end()};
}

result<std::string> encode_base64(const splice_info_section& section) {
  const auto raw = encode(section);
  if (!raw) return raw.error();
  return interlude::encode_base64({reinterpret_cast<const char*>(raw->data()), raw->size()});
}

result<std::string> encode_hex(const splice_info_section& section) {
  const auto raw = encode(section);
  if (!raw) return raw.error();
  auto digits = to_hex(*raw);
  std::transform(digits.begin(), digits.end(), digits.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return "0x" + digits;
}

}  // namespace interlude::scte35
