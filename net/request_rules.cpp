#include "net/request_rules.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <charconv>

namespace interlude::net {

namespace {

using http::status;

constexpr std::size_t max_target = 8 * 1024;
constexpr std::string_view allowed_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

// What the server implements at all; which of them a route takes is the handler's to say.
bool is_implemented(http::verb method) {
  switch (method) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::post:
    case http::verb::put:
    case http::verb::patch:
    case http::verb::delete_:
    case http::verb::options:
      return true;
    default:
      return false;
  }
}

bool is_origin_form(std::string_view target) {
  if (target.empty() || target.front() != '/') return false;
  return std::ranges::none_of(target, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\' || c == '#';
  });
}

refusal target_too_long() {
  return {status::uri_too_long, "target", "the request target is too long"};
}

}  // namespace

std::optional<refusal> check_request(const http::header<true, request_fields>& header) {
  if (header.method() == http::verb::unknown)
    return refusal{status::not_implemented, "method", "this method is not implemented"};
  if (!is_implemented(header.method()))
    return refusal{status::method_not_allowed, "method", "this method is not allowed"};
  const std::string_view target = header.target();
  if (target.size() > max_target) return target_too_long();
  const bool asterisk = target == "*" && header.method() == http::verb::options;
  if (!asterisk && !is_origin_form(target))
    return refusal{status::bad_request, "target", "the request target is not a plain path"};
  // RFC 9112 3.2: exactly one Host, or a cache in between may disagree with us about what was asked
  // for.
  if (header.version() >= 11 && header.count(http::field::host) != 1)
    return refusal{status::bad_request, "host", "HTTP/1.1 asks for exactly one Host field"};
  return std::nullopt;
}

refusal explain_parser_error(boost::system::error_code why, bool target_seen) {
  if (why == http::error::body_limit)
    return {status::payload_too_large, "body", "the request body is too large"};
  if (why != http::error::header_limit) return {status::bad_request, "malformed", why.message()};
  if (!target_seen) return target_too_long();
  return {status::request_header_fields_too_large, "header", "the request header is too large"};
}

response make_refusal(const refusal& r) {
  response out = make_problem(r.status, r.slug, http::obsolete_reason(r.status), r.detail);
  // RFC 9110 15.5.6: a 405 says what would have been allowed.
  if (r.status == status::method_not_allowed) out.add_header("Allow", allowed_methods);
  return out;
}

void answer_options(response& out) {
  out.status = status::no_content;
  out.add_header("Allow", allowed_methods);
  out.add_header("Access-Control-Allow-Origin", "*");
  out.add_header("Access-Control-Allow-Methods", allowed_methods);
  // The wildcard does not cover Authorization (Fetch, CORS-preflight fetch).
  out.add_header("Access-Control-Allow-Headers", "*, Authorization");
  out.add_header("Access-Control-Max-Age", "86400");
}

bool has_body(http::status s) {
  return s != status::no_content && s != status::not_modified;
}

void write_head(std::string& head, http::status s, std::size_t body_size) {
  char number[20];
  const auto append = [&](std::uint64_t value) {
    const auto end = std::to_chars(std::begin(number), std::end(number), value).ptr;
    head.append(number, end);
  };
  head = "HTTP/1.1 ";
  append(static_cast<unsigned>(s));
  head += ' ';
  head += http::obsolete_reason(s);
  head += "\r\n";
  if (!has_body(s)) return;
  head += "Content-Length: ";
  append(body_size);
  head += "\r\n";
}

}  // namespace interlude::net
