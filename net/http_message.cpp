#include "net/http_message.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace interlude::net {

namespace {

constexpr std::size_t kept_capacity = 64 * 1024;

void clear_keeping_memory(std::string& text) {
  if (text.capacity() > kept_capacity)
    std::string().swap(text);
  else
    text.clear();
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::string_view request::header(http::field name) const {
  if (!headers) return {};
  const auto found = headers->find(name);
  return found == headers->end() ? std::string_view{} : std::string_view{found->value()};
}

std::string_view request::header(std::string_view name) const {
  if (!headers) return {};
  const auto found = headers->find(name);
  return found == headers->end() ? std::string_view{} : std::string_view{found->value()};
}

void response::add_header(std::string_view name, std::string_view value) {
  headers.reserve(headers.size() + name.size() + value.size() + 4);
  headers += name;
  headers += ": ";
  std::ranges::remove_copy_if(value, std::back_inserter(headers), is_control);
  headers += "\r\n";
}

void response::clear() {
  shared.reset();
  status = http::status::ok;
  clear_keeping_memory(headers);
  clear_keeping_memory(body);
  body_view = {};
}

std::unique_ptr<body_sink> request_handler::open_body(const request&) {
  return nullptr;
}

response make_response(http::status status, std::string_view content_type, std::string body) {
  response r;
  r.status = status;
  r.add_header("Content-Type", content_type);
  r.body = std::move(body);
  return r;
}

response make_problem(http::status status, std::string_view slug, std::string_view title,
                      std::string_view detail) {
  const boost::json::value problem = {{"type", "urn:interlude:problem:" + std::string(slug)},
                                      {"title", title},
                                      {"status", static_cast<unsigned>(status)},
                                      {"detail", detail}};
  response r = make_response(status, "application/problem+json", boost::json::serialize(problem));
  r.add_header("Cache-Control", "no-store");
  allow_cross_origin(r);
  return r;
}

response make_redirect(http::status status, std::string_view location) {
  response r;
  r.status = status;
  r.add_header("Location", location);
  allow_cross_origin(r);
  return r;
}

void allow_cross_origin(response& r) {
  // Only the CORS-safelisted fields can be read by a page without being named here.
  r.headers +=
      "Access-Control-Allow-Origin: *\r\n"
      "Access-Control-Expose-Headers: Date, ETag, Location, Retry-After, Content-Length, "
      "Content-Range\r\n";
}

}  // namespace interlude::net
