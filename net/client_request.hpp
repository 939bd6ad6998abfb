// The bytes of a request, and the checks that keep what a caller passes from becoming other bytes.
#pragma once

#include <optional>
#include <string>

#include "actors/http_fetcher.hpp"
#include "net/client_url.hpp"

namespace interlude::net {

// Why the request cannot be sent: a method or a header field that is not one, or a field that is
// the client's own business (Host, Connection, everything that frames a body).
std::optional<std::string> why_not_sendable(const fetch_request& request);

// Request line and header fields, with the empty line; the body follows as it is.
// User-Agent and Accept-Encoding are the caller's if given.
std::string request_head(const fetch_request& request, const client_url& url,
                         const std::string& user_agent);

// RFC 9110 15.4: what was meant for one origin must not reach another by redirect.
void drop_credentials(fetch_request& request);

// RFC 9110 9.2.2: may be sent again without knowing whether the first one was acted on.
bool is_idempotent(const std::string& method);

}  // namespace interlude::net
