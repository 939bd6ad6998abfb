// What is counted of breaks and ad servers, until it is written: in memory, so that a decision
// costs no commit. A kill loses what came since the last write; what is billed is not counted here.
// Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/analytics/tally.hpp"

namespace interlude {

class gathered_counts {
 public:
  // Of counters between two writes; beyond that nothing is counted but how much was lost.
  explicit gathered_counts(std::size_t most = 100'000) : most_(most) {}

  void add(std::vector<tally> all);
  // All that there is; it is not here any more.
  std::vector<tally> take();
  std::uint64_t lost() const;

 private:
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, tally> counts_;
  std::uint64_t lost_ = 0;
};

}  // namespace interlude
