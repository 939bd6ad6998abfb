// Latencies by size: buckets that grow by a twentieth, so that any quantile is known to 5 % with a
// fixed amount of memory.
#pragma once

#include <array>
#include <cstdint>

#include "media/core/time.hpp"

namespace interlude::swarm {

class histogram {
 public:
  void add(duration d);
  std::uint64_t count() const noexcept { return count_; }
  duration max() const noexcept { return max_; }
  // The value that a share `q` (0 to 1) of what was added does not exceed; zero if there is none.
  duration quantile(double q) const;

 private:
  std::array<std::uint64_t, 480> buckets_{};
  std::uint64_t count_ = 0;
  duration max_{0};
};

}  // namespace interlude::swarm
