// Which addresses a stranger may send us to.
//
// Ad servers name wrappers, media and pixels, and whoever writes into their answers could have the
// node fetch from the network it stands in: its own machine, a router, a cloud's metadata service.
// Public are addresses that anybody can reach (IANA's special-purpose registries, RFC 6890 and its
// updates); IPv6 forms that carry an IPv4 address are judged by that. Pure.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace interlude::net {

bool is_public(const boost::asio::ip::address& address) noexcept;

}  // namespace interlude::net
