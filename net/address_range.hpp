// A block of IP addresses, as in 10.0.0.0/8, 2001:db8::/32, or one address. Pure.
//
// IPv4 addresses that come mapped into IPv6 (::ffff:10.0.0.1) are what they stand for.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string_view>

#include "media/core/result.hpp"

namespace interlude::net {

class address_range {
 public:
  // errc::malformed for what is no range, or has bits set behind its prefix.
  static result<address_range> parse(std::string_view text);
  bool contains(const boost::asio::ip::address& address) const noexcept;

 private:
  using bytes = boost::asio::ip::address_v6::bytes_type;

  bool v4_ = false;
  bytes first_{};        // of IPv4, mapped
  unsigned length_ = 0;  // of the prefix, in bits of the mapped form
};

// The text of one address and nothing else: no port, no brackets, no zone. Mapped IPv4 becomes
// IPv4.
std::optional<boost::asio::ip::address> parse_address(std::string_view text);

// What a mapped address stands for; others as they are.
boost::asio::ip::address unmapped(const boost::asio::ip::address& address) noexcept;

}  // namespace interlude::net
