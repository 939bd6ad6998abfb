// Counts values between fixed bounds, for the metrics. Of a fixed size, with relaxed atomics: to
// add a value takes no lock and no memory. Thread-safe; a reading may lack what is being added.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace interlude {

// Upper bounds, ascending: a value that equals one is below it.
template <std::size_t N>
struct bucket_bounds {
  std::array<std::uint64_t, N> upper;
  double per_unit;  // of values, in what is told of them: 1e9, and nanoseconds are told in seconds

  constexpr std::size_t size() const noexcept { return N; }
};

// From 0.1 ms to two minutes, in nanoseconds.
inline constexpr bucket_bounds<18> duration_bounds{
    {100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000, 25'000'000, 50'000'000,
     100'000'000, 250'000'000, 500'000'000, 1'000'000'000, 2'500'000'000, 5'000'000'000,
     10'000'000'000, 30'000'000'000, 120'000'000'000},
    1e9};
// Of queues.
inline constexpr bucket_bounds<8> length_bounds{{0, 1, 3, 10, 30, 100, 1'000, 10'000}, 1};

template <const auto& Bounds>
struct histogram_reading {
  std::array<std::uint64_t, Bounds.size() + 1> counts{};  // up to each bound from the one before
  std::uint64_t sum = 0;                                  // of the values

  histogram_reading& operator+=(const histogram_reading& other) noexcept {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    sum += other.sum;
    return *this;
  }
  std::uint64_t total() const noexcept {
    std::uint64_t n = 0;
    for (const auto c : counts) n += c;
    return n;
  }
};

template <const auto& Bounds>
class histogram {
 public:
  using reading = histogram_reading<Bounds>;

  void add(std::uint64_t value) noexcept {
    const auto& upper = Bounds.upper;
    const auto bound = std::lower_bound(upper.begin(), upper.end(), value) - upper.begin();
    counts_[static_cast<std::size_t>(bound)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }
  void add(std::chrono::nanoseconds took) noexcept {
    add(static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)));
  }
  reading read() const noexcept {
    reading out;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      out.counts[i] = counts_[i].load(std::memory_order_relaxed);
    out.sum = sum_.load(std::memory_order_relaxed);
    return out;
  }

 private:
  std::array<std::atomic<std::uint64_t>, Bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_{0};
};

using duration_histogram = histogram<duration_bounds>;
// How many messages waited when an actor began with one: only the actor itself may ask its mailbox.
using mailbox_histogram = histogram<length_bounds>;

}  // namespace interlude
