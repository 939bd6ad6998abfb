#include "net/connection_context.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <ctime>

#include "net/http_connection.hpp"

namespace interlude::net {

namespace {

std::chrono::milliseconds tick_length_for(const server_options& o) {
  const auto shortest =
      std::min({o.header_timeout, o.body_timeout, o.idle_timeout, o.write_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds{5}, std::chrono::milliseconds{1000});
}

// RFC 9110 5.6.7: always GMT, always English, whatever the locale.
std::string make_date_line() {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm t{};
  gmtime_r(&now, &t);
  char line[64];
  const int size = std::snprintf(line, sizeof line, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n",
                                 days[t.tm_wday], t.tm_mday, months[t.tm_mon], t.tm_year + 1900,
                                 t.tm_hour, t.tm_min, t.tm_sec);
  return {line, static_cast<std::size_t>(size)};
}

}  // namespace

connection_context::connection_context(const server_options& o, request_handler& h,
                                       server_counters& c)
    : options(o),
      handler(h),
      counters(c),
      tick_length(tick_length_for(o)),
      date_line(make_date_line()) {}

tick connection_context::after(std::chrono::milliseconds timeout) const {
  // Rounded up, and one more because the current tick has partly gone by.
  return now + static_cast<tick>((timeout + tick_length * 2).count() - 1) /
                   static_cast<tick>(tick_length.count());
}

void connection_context::advance_clock() {
  ++now;
  date_line = make_date_line();
}

namespace {

// A session's token tells who the viewer is, and opens the session: /v1/{org}/{channel}/s/{token}.
std::string without_token(std::string_view path) {
  std::size_t begin = 0;
  for (int i = 0; i < 4 && begin != path.npos; ++i) begin = path.find('/', begin + 1);
  if (begin == path.npos || !path.substr(0, begin).ends_with("/s")) return std::string{path};
  const auto end = std::min(path.find('/', begin + 1), path.size());
  return std::string{path.substr(0, begin)} + "/..." + std::string{path.substr(end)};
}

}  // namespace

void connection_context::log_failure(std::string_view path, std::string_view what) {
  if (now < next_log_) {
    ++unlogged_failures_;
    return;
  }
  spdlog::error("no answer to {}: {} ({} failures before this one were not logged)",
                without_token(path), what, unlogged_failures_);
  unlogged_failures_ = 0;
  next_log_ = after(std::chrono::seconds{1});
}

}  // namespace interlude::net
