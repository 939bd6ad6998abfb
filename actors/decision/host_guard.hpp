// Stands before the HTTP client and sees to it that no ad server is asked too much, and none that
// is down: a decorator, one for all decision actors.
//
// Per host (authority of the URL), a bounded number of requests is under way; others wait in a
// bounded queue, and their timeout runs. There is no timer here: who waits too long is answered
// errc::timed_out when the next thing happens on that host, which is at the latest when a request
// under way runs into its own timeout; who asked keeps a deadline of their own.
//
// After some failures in a row (no answer, or 5xx) the host is left alone for a while: requests are
// refused at once (errc::unavailable), those that wait too. Then one is let through, and what comes
// of it decides. A timeout says nothing of the host when part of the time was spent waiting here.
//
// Thread-safe. Callbacks come from the thread of whoever made them due, without a lock held.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/decision/ad_server_counters.hpp"
#include "actors/http_fetcher.hpp"

namespace interlude {

struct host_guard_options {
  std::uint64_t max_concurrent = 64;  // per host
  std::uint64_t max_waiting = 1000;   // per host
  std::uint64_t max_hosts = 4096;     // that are remembered; idle ones go first
  std::uint64_t breaker_failures = 5;
  std::chrono::milliseconds breaker_pause{10'000};
  std::vector<std::string> counted{};  // URLs of hosts that are counted each for itself
};

struct host_guard_counters {
  std::uint64_t refused = 0;    // since the start: the host was left alone, or too many waited
  std::uint64_t timed_out = 0;  // since the start: while they waited
  std::uint64_t waiting = 0;    // now
  std::uint64_t hosts_left_alone = 0;  // now; also those that are being tried again
};

class host_guard : public http_fetcher {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // `inner` is asked for what is let through.
  static std::shared_ptr<host_guard> make(
      std::shared_ptr<http_fetcher> inner, host_guard_options options,
      std::function<time_point()> clock = std::chrono::steady_clock::now);

  virtual host_guard_counters counters() const = 0;
  // Of what was let through.
  virtual const ad_server_book& asked() const = 0;
};

}  // namespace interlude
