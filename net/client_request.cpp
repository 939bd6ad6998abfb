#include "net/client_request.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>

namespace interlude::net {

namespace {

using boost::beast::iequals;

constexpr std::array<std::string_view, 8> own_fields{
    "Host", "Connection", "Content-Length", "Transfer-Encoding",
    "TE",   "Trailer",    "Upgrade",        "Expect"};
constexpr std::array<std::string_view, 3> credentials{"Authorization", "Cookie",
                                                      "Proxy-Authorization"};

bool is_one_of(std::string_view name, const auto& names) {
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view other) { return iequals(name, other); });
}

// RFC 9110 5.6.2
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
}

bool is_method(std::string_view text) {
  return !text.empty() && text != "CONNECT" &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// A line break in a value would begin another field, or another request.
bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

bool has_field(const fetch_request& request, std::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [name](const auto& field) { return iequals(field.first, name); });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::optional<std::string> why_not_sendable(const fetch_request& request) {
  if (!is_method(request.method)) return "the method is not one that can be sent";
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return "a header field has a name that is not one";
    if (is_one_of(name, own_fields)) return "the header field " + name + " is not the caller's";
    if (!is_value(value)) return "the header field " + name + " holds a control character";
  }
  return std::nullopt;
}

std::string request_head(const fetch_request& request, const client_url& url,
                         const std::string& user_agent) {
  std::string out;
  out.reserve(512);
  out.append(request.method).append(" ").append(url.target).append(" HTTP/1.1\r\n");
  append_field(out, "Host", url.authority);
  if (!has_field(request, "User-Agent")) append_field(out, "User-Agent", user_agent);
  // A range of an encoded body cannot be decoded by itself.
  if (!has_field(request, "Accept-Encoding") && !has_field(request, "Range"))
    append_field(out, "Accept-Encoding", "gzip");
  for (const auto& [name, value] : request.headers) append_field(out, name, value);
  // RFC 9110 8.6: a method that usually has a body says so even when it is empty.
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
      request.method == "PATCH")
    append_field(out, "Content-Length", std::to_string(request.body.size()));
  return out.append("\r\n");
}

void drop_credentials(fetch_request& request) {
  std::erase_if(request.headers,
                [](const auto& field) { return is_one_of(field.first, credentials); });
}

bool is_idempotent(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" ||
         method == "OPTIONS";
}

}  // namespace interlude::net
