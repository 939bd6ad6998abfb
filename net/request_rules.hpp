// What the server itself demands of a request before a handler sees it, and what it answers on its
// own.
//
// Pure; usable from every thread. Sources: RFC 9110, RFC 9112, the Fetch standard for CORS.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/system/error_code.hpp>
#include <optional>

#include "net/http_message.hpp"

namespace interlude::net {

struct refusal {
  http::status status = http::status::bad_request;
  std::string_view slug;  // of the problem's type
  std::string detail;
};

// nullopt for a request that may be answered.
std::optional<refusal> check_request(const http::header<true, request_fields>& header);

// Why the parser gave up; `target_seen` when the request line was complete by then.
refusal explain_parser_error(boost::system::error_code why, bool target_seen);

response make_refusal(const refusal& r);

// 204 with what a preflight asks for.
void answer_options(response& out);

// Status line and Content-Length. `has_body` tells the statuses that never have one.
void write_head(std::string& head, http::status status, std::size_t body_size);
bool has_body(http::status status);

}  // namespace interlude::net
