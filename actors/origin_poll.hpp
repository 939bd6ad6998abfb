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
#include <string_view>

#include "actors/http_fetcher.hpp"

namespace interlude {

class origin_poll {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // Asking begins, for the first time or after a pause: what was before says nothing about now.
  void begin(time_point now) noexcept {
    active_ = true;
    begun_at_ = judged_from_ = now;
  }
  // Nobody watches any more.
  void rest() noexcept { active_ = false; }
  bool active() const noexcept { return active_; }
  // The request to make; the poll is in flight from then on. Another URL than before is asked
  // without conditions.
  fetch_request start(const std::string& url, std::chrono::milliseconds timeout);
  // Which request is in flight: the answer to an earlier one is of no use.
  std::uint64_t serial() const noexcept { return serial_; }
  // An answer came whose playlist could be used, or that nothing changed (304).
  void succeeded(const fetch_response& response, time_point now, duration target_duration);
  // Whether an answer breaks off in the middle of a line: it is a file that the origin has not
  // finished writing, and half a URI names a segment that is not there. There are origins that
  // never end their last line; theirs are whole, and so is what has been the same for a minute.
  bool breaks_off(std::string_view body, time_point now);
  // There was something new in it.
  void advanced(time_point now) noexcept { advanced_at_ = now; }
  // No answer, or none that could be used. True if that was not known: it is worth a line in the
  // log.
  bool failed(time_point now, std::string what);
  // The playlist is somewhere else from now on, and is asked for at once.
  void moved(time_point now);

  bool in_flight() const noexcept { return in_flight_; }
  bool due(time_point now) const noexcept { return !in_flight_ && now >= next_at_; }
  time_point next_at() const noexcept { return next_at_; }
  void ask_now() noexcept { next_at_ = {}; }
  std::uint32_t failures() const noexcept { return failures_; }
  // Why the latest answer could not be used; empty if it could.
  const std::string& trouble() const noexcept { return trouble_; }
  // Whether the latest answer was a failure, and came at `t` or later.
  bool failed_since(time_point t) const noexcept { return failures_ > 0 && failed_at_ >= t; }
  // When the origin last gave a playlist that could be used.
  time_point good_at() const noexcept { return good_at_; }
  // It is asked for regularly, and has been read since that began.
  bool keeps_fresh() const noexcept { return active_ && good_at_ >= begun_at_; }
  // So long without a good answer, or without anything new, that another origin had better be
  // asked: early enough that what viewers were shown last is not stale yet (3 target durations).
  bool in_trouble(time_point now) const noexcept;

 private:
  bool in_flight_ = false, active_ = false;
  bool ends_lines_ = false;     // this origin's answers do
  std::size_t broken_off_ = 0;  // the hash of an answer that breaks off, since:
  time_point broken_off_since_{};
  std::uint64_t serial_ = 0;
  time_point next_at_{}, begun_at_{}, judged_from_{}, good_at_{}, advanced_at_{}, failed_at_{};
  void forget_request();

  std::uint32_t failures_ = 0;
  std::string trouble_;
  duration target_duration_ = std::chrono::seconds{4};
  std::string url_, etag_, last_modified_;
};

// What is wrong with an answer that should have been a playlist, in words for an operator; empty if
// nothing is.
std::string playlist_problem(const fetch_response& response);

}  // namespace interlude
