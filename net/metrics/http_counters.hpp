// What was answered, and how long media playlists took, for the metrics. Counted since the start.
//
// Threads count apart, each in memory of its own, so that no request waits for another's cache
// line; who reads adds up.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "actors/histogram.hpp"
#include "net/http_message.hpp"
#include "net/route.hpp"

namespace interlude::net {

class http_counters {
 public:
  static constexpr std::array status_classes{"2xx", "3xx", "4xx", "5xx"};

  void answered(endpoint what, const response& out) noexcept {
    const auto status = out.shared ? 200u : static_cast<unsigned>(out.status);
    const auto place = status < 200 ? 0 : std::min<std::size_t>(status / 100 - 2, 3);
    mine().requests[static_cast<std::size_t>(what)][place].fetch_add(1, std::memory_order_relaxed);
  }
  // `waited`: for its channel's actor.
  void playlist_took(std::chrono::nanoseconds time, bool waited) noexcept {
    (waited ? mine().waited : mine().at_once).add(time);
  }

  std::uint64_t requests(endpoint what, std::size_t status_class) const noexcept;
  duration_histogram::reading playlists(bool waited) const noexcept;

 private:
  struct alignas(64) part {
    std::array<std::array<std::atomic<std::uint64_t>, status_classes.size()>, endpoint_count>
        requests{};
    duration_histogram at_once, waited;
  };
  // More threads than that share some.
  static constexpr std::size_t part_count = 16;

  part& mine() noexcept { return parts_[number_of_this_thread() % part_count]; }
  static std::size_t number_of_this_thread() noexcept {
    static std::atomic<std::size_t> next{0};
    thread_local const std::size_t number = next.fetch_add(1, std::memory_order_relaxed);
    return number;
  }

  std::array<part, part_count> parts_{};
};

inline std::uint64_t http_counters::requests(endpoint what,
                                             std::size_t status_class) const noexcept {
  std::uint64_t n = 0;
  for (const auto& p : parts_)
    n += p.requests[static_cast<std::size_t>(what)][status_class].load(std::memory_order_relaxed);
  return n;
}

inline duration_histogram::reading http_counters::playlists(bool waited) const noexcept {
  duration_histogram::reading out;
  for (const auto& p : parts_) out += (waited ? p.waited : p.at_once).read();
  return out;
}

}  // namespace interlude::net
