// A URL as the client needs it: checked, and taken apart.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "media/core/result.hpp"

namespace interlude::net {

// Where connections are pooled.
struct client_endpoint {
  bool tls = false;
  std::string host;  // without brackets
  std::string port;
  bool public_only = false;  // see net/address_guard.hpp
  friend auto operator<=>(const client_endpoint&, const client_endpoint&) = default;
};

struct client_url {
  client_endpoint endpoint;
  std::string host_header;  // with brackets and a port that is not the scheme's own
  std::string target;       // path and query, percent-encoding as given
  std::string shown;        // without query: what messages may say
  bool from_stranger = false;
};

// errc::malformed for anything but an http or https URL with a host and without userinfo.
result<client_url> parse_client_url(std::string_view text);
// A Location header against the URL it came from.
result<std::string> follow_location(std::string_view base, std::string_view location);

}  // namespace interlude::net
