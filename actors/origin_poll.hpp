// When and how one playlist of an origin is asked for: the state of one rendition's polling,
// without a socket or a clock.
//
// One request at a time; every half target duration after an answer (RFC 8216bis 6.3.4 allows no
// more often for an unchanged playlist); conditional where the origin gave a validator; after
// failures with a growing pause, never longer than a target duration, so that a recovered origin is
// seen at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "actors/http_fetcher.hpp"

namespace interlude {

class origin_poll {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // The request to make; the poll is in flight from then on.
  fetch_request start(const std::string& url, std::chrono::milliseconds timeout);
  // An answer came whose playlist could be used, or that nothing changed (304).
  void succeeded(const fetch_response& response, time_point now, duration target_duration);
  // No answer, or none that could be used.
  void failed(time_point now);

  bool in_flight() const noexcept { return in_flight_; }
  bool due(time_point now) const noexcept { return !in_flight_ && now >= next_at_; }
  time_point next_at() const noexcept { return next_at_; }
  void ask_now() noexcept { next_at_ = {}; }
  std::uint32_t failures() const noexcept { return failures_; }
  // Whether the latest answer was a failure, and came at `t` or later.
  bool failed_since(time_point t) const noexcept { return failures_ > 0 && failed_at_ >= t; }

 private:
  bool in_flight_ = false;
  time_point next_at_{};
  std::uint32_t failures_ = 0;
  time_point failed_at_{};
  duration target_duration_ = std::chrono::seconds{4};
  std::string etag_, last_modified_;
};

// What is wrong with an answer that should have been a playlist, in words for an operator; empty if
// nothing is.
std::string playlist_problem(const fetch_response& response);

}  // namespace interlude
