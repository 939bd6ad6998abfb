// Whose request it is, when proxies that are trusted stand between.
//
// Each proxy writes down whom it heard: in X-Forwarded-For, or as RFC 7239 says in Forwarded. What
// a stranger wrote there is worth nothing, so the list is read from its end, as long as those who
// vouch for it are trusted. X-Forwarded-For, which nearly all proxies write, is read first; a proxy
// that writes Forwarded alone has to remove what clients send as X-Forwarded-For. Pure.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <vector>

#include "net/address_range.hpp"
#include "net/http_message.hpp"

namespace interlude::net {

// The peer of the socket; where that is trusted, the last address in the list that is not, and if
// all of them are, the first. Nothing if a trusted proxy names somebody, and nobody can say whom:
// garbage, "unknown", an obfuscated name, more than 32 proxies.
std::optional<asio::ip::address> client_address(const request& req,
                                                const std::vector<address_range>& trusted);

}  // namespace interlude::net
