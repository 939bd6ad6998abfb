// How long something took, in buckets that can be added up: of hours, of ad servers, of nodes.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace interlude {

class latency_buckets {
 public:
  // Upper bounds; what takes longer than the last is in one more bucket.
  static constexpr std::array<std::int64_t, 17> bounds_ms = {
      5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000};
  static constexpr std::size_t count = bounds_ms.size() + 1;

  static constexpr std::size_t bucket_of(std::chrono::milliseconds took) noexcept {
    std::size_t i = 0;
    while (i < bounds_ms.size() && took.count() > bounds_ms[i]) ++i;
    return i;
  }

  void add(std::size_t bucket, std::uint64_t times) noexcept {
    if (bucket < count) times_[bucket] += times;
  }
  // Milliseconds that so much of all (0 to 1) took at most, as if what is in a bucket were spread
  // evenly; of the last one its lower bound. nullopt: nothing has been added.
  std::optional<double> quantile(double part) const noexcept {
    std::uint64_t all = 0;
    for (const auto n : times_) all += n;
    if (all == 0) return std::nullopt;
    const auto rank = part * static_cast<double>(all);
    double before = 0;
    for (std::size_t i = 0; i < bounds_ms.size(); ++i) {
      const auto here = static_cast<double>(times_[i]);
      const auto low = i == 0 ? 0.0 : static_cast<double>(bounds_ms[i - 1]);
      if (here > 0 && before + here >= rank)
        return low + (static_cast<double>(bounds_ms[i]) - low) * (rank - before) / here;
      before += here;
    }
    return static_cast<double>(bounds_ms.back());
  }

 private:
  std::array<std::uint64_t, count> times_{};
};

}  // namespace interlude
