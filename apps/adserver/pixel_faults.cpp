#include "apps/adserver/pixel_faults.hpp"

#include <array>
#include <utility>

namespace interlude::adserver {

namespace http = net::http;

namespace {

constexpr std::array names{std::pair{"server_error", pixel_fault::server_error},
                           std::pair{"bad_gateway", pixel_fault::bad_gateway},
                           std::pair{"unavailable", pixel_fault::unavailable},
                           std::pair{"busy", pixel_fault::busy},
                           std::pair{"too_slow", pixel_fault::too_slow},
                           std::pair{"too_early", pixel_fault::too_early},
                           std::pair{"not_http", pixel_fault::not_http},
                           std::pair{"truncated", pixel_fault::truncated},
                           std::pair{"hangs", pixel_fault::hangs},
                           std::pair{"gone", pixel_fault::gone}};

http::status status_of(pixel_fault f) {
  switch (f) {
    case pixel_fault::bad_gateway:
      return http::status::bad_gateway;
    case pixel_fault::unavailable:
      return http::status::service_unavailable;
    case pixel_fault::busy:
      return http::status::too_many_requests;
    case pixel_fault::too_slow:
      return http::status::request_timeout;
    case pixel_fault::too_early:
      return static_cast<http::status>(425);
    case pixel_fault::gone:
      return http::status::not_found;
    default:
      return http::status::internal_server_error;
  }
}

net::response raw(std::string head, std::string body) {
  net::response out;
  out.shared =
      std::make_shared<net::shared_reply>(net::shared_reply{std::move(head), std::move(body)});
  return out;
}

}  // namespace

std::optional<pixel_fault> pixel_fault_of(std::string_view name) {
  for (const auto& [known, fault] : names)
    if (name == known) return fault;
  return std::nullopt;
}

std::string_view to_string(pixel_fault f) {
  for (const auto& [name, fault] : names)
    if (f == fault) return name;
  return "";
}

std::vector<pixel_fault> passing_faults() {
  std::vector<pixel_fault> out;
  for (const auto& [name, fault] : names)
    if (fault != pixel_fault::gone) out.push_back(fault);
  return out;
}

result<bool> pixel_faults::set(double share, std::vector<pixel_fault> kinds) {
  if (!(share >= 0 && share <= 1) || kinds.empty())
    return error{errc::malformed, "share", "a number of 0 to 1 is expected, and at least one kind"};
  const std::lock_guard lock{mutex_};
  kinds_ = std::move(kinds);
  share_ = share;
  owed_ = 0;
  turn_ = 0;
  return true;
}

std::optional<pixel_fault> pixel_faults::next() {
  const std::lock_guard lock{mutex_};
  owed_ += share_;
  if (owed_ < 1) return std::nullopt;
  owed_ -= 1;
  return kinds_[turn_++ % kinds_.size()];
}

double pixel_faults::share() const {
  const std::lock_guard lock{mutex_};
  return share_;
}

net::response faulty_pixel(pixel_fault f) {
  if (f == pixel_fault::not_http) return raw("this is no HTTP\r\n", "");
  if (f == pixel_fault::truncated)
    return raw("HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Length: 43\r\n", "GIF89a");
  auto out = net::make_problem(status_of(f), "ad-server", http::obsolete_reason(status_of(f)),
                               "as ordered");
  if (f == pixel_fault::unavailable || f == pixel_fault::busy) out.add_header("Retry-After", "1");
  return out;
}

}  // namespace interlude::adserver
