#include "net/address_guard.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace interlude::net {

namespace {

struct v4_block {
  std::uint32_t first;
  unsigned length;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array special_v4 = {
    v4_block{v4(0, 0, 0, 0), 8},         // this network
    v4_block{v4(10, 0, 0, 0), 8},        // private
    v4_block{v4(100, 64, 0, 0), 10},     // shared, behind carriers
    v4_block{v4(127, 0, 0, 0), 8},       // this machine
    v4_block{v4(169, 254, 0, 0), 16},    // link-local, and the metadata of clouds
    v4_block{v4(168, 63, 129, 16), 32},  // a cloud's own services, though of public space
    v4_block{v4(172, 16, 0, 0), 12},     // private
    v4_block{v4(192, 0, 0, 0), 24},      // protocol assignments
    v4_block{v4(192, 0, 2, 0), 24},      // documentation
    v4_block{v4(192, 88, 99, 0), 24},    // former 6to4 relays
    v4_block{v4(192, 168, 0, 0), 16},    // private
    v4_block{v4(198, 18, 0, 0), 15},     // benchmarks
    v4_block{v4(198, 51, 100, 0), 24},   // documentation
    v4_block{v4(203, 0, 113, 0), 24},    // documentation
    v4_block{v4(224, 0, 0, 0), 4},       // multicast
    v4_block{v4(240, 0, 0, 0), 4},       // reserved, and broadcast
};

constexpr bool is_public_v4(std::uint32_t address) noexcept {
  return std::none_of(special_v4.begin(), special_v4.end(), [&](const v4_block& b) {
    return (address ^ b.first) >> (32 - b.length) == 0;
  });
}

using v6_bytes = boost::asio::ip::address_v6::bytes_type;

std::uint32_t v4_at(const v6_bytes& b, std::size_t at) noexcept {
  return v4(b[at], b[at + 1], b[at + 2], b[at + 3]);
}

bool starts_with(const v6_bytes& b, std::initializer_list<std::uint8_t> prefix) noexcept {
  return std::equal(prefix.begin(), prefix.end(), b.begin());
}

bool is_public_v6(const v6_bytes& b) noexcept {
  // ::ffff:a.b.c.d and 64:ff9b::a.b.c.d lead to a.b.c.d; 2002:abcd:: did.
  if (starts_with(b, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return is_public_v4(v4_at(b, 12));
  if (starts_with(b, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}))
    return is_public_v4(v4_at(b, 12));
  if (starts_with(b, {0x20, 0x02})) return is_public_v4(v4_at(b, 2));
  // What is public today is 2000::/3, less Teredo and its neighbours and documentation.
  const bool global = (b[0] & 0xE0) == 0x20;
  const bool protocols = starts_with(b, {0x20, 0x01}) && b[2] < 2;
  const bool documentation =
      starts_with(b, {0x20, 0x01, 0x0D, 0xB8}) || starts_with(b, {0x3F, 0xFF});
  return global && !protocols && !documentation;
}

}  // namespace

bool is_public(const boost::asio::ip::address& address) noexcept {
  return address.is_v4() ? is_public_v4(address.to_v4().to_uint())
                         : is_public_v6(address.to_v6().to_bytes());
}

}  // namespace interlude::net
