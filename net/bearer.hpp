// Bearer tokens of operators (RFC 6750).
#pragma once

#include <string_view>

#include "net/http_message.hpp"

namespace interlude::net {

// False for any request when `secret` is empty. Compared in constant time.
bool is_authorized(const request& req, std::string_view secret);

}  // namespace interlude::net
