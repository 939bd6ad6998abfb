#include "net/address_range.hpp"

#include <algorithm>
#include <charconv>

namespace interlude::net {

namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t longest_address = 45;  // eight groups, the last two as IPv4
constexpr unsigned mapped_bits = 96;

ip::address_v6::bytes_type bytes_of(const ip::address& a) noexcept {
  return (a.is_v4() ? ip::make_address_v6(ip::v4_mapped, a.to_v4()) : a.to_v6()).to_bytes();
}

std::optional<unsigned> prefix_length(std::string_view text, unsigned most) {
  unsigned length = 0;
  const auto* end = text.data() + text.size();
  const auto [at, ec] = std::from_chars(text.data(), end, length);
  if (ec != std::errc{} || at != end || length > most) return std::nullopt;
  return length;
}

// Whether the first `length` bits are the same.
bool same_prefix(const ip::address_v6::bytes_type& a, const ip::address_v6::bytes_type& b,
                 unsigned length) noexcept {
  const auto whole = length / 8, rest = length % 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

}  // namespace

std::optional<ip::address> parse_address(std::string_view text) {
  const auto belongs = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' ||
           c == ':';
  };
  if (text.empty() || text.size() > longest_address ||
      !std::all_of(text.begin(), text.end(), belongs))
    return std::nullopt;
  boost::system::error_code ec;
  const auto address = ip::make_address(std::string{text}, ec);
  if (ec) return std::nullopt;
  return unmapped(address);
}

ip::address unmapped(const ip::address& address) noexcept {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  const auto b = address.to_v6().to_bytes();
  return ip::address_v4{{b[12], b[13], b[14], b[15]}};
}

result<address_range> address_range::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  // 128 bits of what was written as IPv6, though it may be a mapped address.
  const bool written_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  const unsigned before = written_v4 ? mapped_bits : 0;
  const auto length = slash == std::string_view::npos
                          ? std::optional{128 - before}
                          : prefix_length(text.substr(slash + 1), 128 - before);
  if (!address || !length)
    return error{errc::malformed, std::string{text.substr(0, 64)},
                 "an address or a range of addresses is expected, as in 10.0.0.0/8"};
  address_range out;
  out.v4_ = address->is_v4();
  out.first_ = bytes_of(*address);
  out.length_ = *length + before;
  auto cut = out.first_;
  for (unsigned bit = out.length_; bit < 128; ++bit)
    cut[bit / 8] = static_cast<unsigned char>(cut[bit / 8] & ~(0x80u >> bit % 8));
  if (cut != out.first_)
    return error{errc::malformed, std::string{text},
                 "the range does not begin where its prefix ends: " +
                     unmapped(ip::address_v6{cut}).to_string() + " is expected before the /"};
  return out;
}

bool address_range::contains(const ip::address& address) const noexcept {
  const auto plain = unmapped(address);
  return plain.is_v4() == v4_ && same_prefix(bytes_of(plain), first_, length_);
}

}  // namespace interlude::net
