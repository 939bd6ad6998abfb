#include "media/core/base64.hpp"

#include <array>
#include <cstdint>

namespace interlude {

namespace {

constexpr std::string_view plain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view for_urls =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t invalid = 0xff;

using value_table = std::array<std::uint8_t, 256>;

constexpr value_table values_of(std::string_view alphabet, value_table table) {
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return table;
}

constexpr value_table no_values = [] {
  value_table table{};
  table.fill(invalid);
  return table;
}();
constexpr value_table values_for_urls = values_of(for_urls, no_values);
constexpr value_table values_of_both = values_of(plain, values_for_urls);

std::string encode(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += alphabet[(bits >> (count - 6)) & 0x3f];
  }
  if (count > 0) text += alphabet[(bits << (6 - count)) & 0x3f];
  return text;
}

struct decoded {
  std::string bytes;
  bool set_bits_left = false;
};

std::optional<decoded> decode(std::string_view text, const value_table& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  decoded out;
  out.bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == invalid) return std::nullopt;
    bits = (bits << 6) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.bytes += static_cast<char>((bits >> count) & 0xff);
  }
  out.set_bits_left = (bits & ((1u << count) - 1)) != 0;
  return out;
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  auto text = encode(bytes, plain);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string encode_base64url(std::string_view bytes) {
  return encode(bytes, for_urls);
}

std::optional<std::string> decode_base64url(std::string_view text) {
  auto out = decode(text, values_for_urls);
  if (!out || out->set_bits_left) return std::nullopt;
  return std::move(out->bytes);
}

std::optional<std::string> decode_base64_leniently(std::string_view text) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  auto out = decode(text, values_of_both);
  if (!out) return std::nullopt;
  return std::move(out->bytes);
}

}  // namespace interlude
