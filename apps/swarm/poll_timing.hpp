// When a player loads a playlist again: RFC 8216 6.3.4, and what players do after failures.
#pragma once

#include <algorithm>

#include "media/core/time.hpp"

namespace interlude::swarm {

// Counted from when the load began: a target duration after a playlist that has changed (the first
// one too), half of it after one that has not.
constexpr duration wait_after_load(bool changed, duration target) noexcept {
  return changed ? target : target / 2;
}

// Waits between attempts that fail: half a second, doubling up to four.
class back_off {
 public:
  duration next() noexcept {
    const auto wait = wait_;
    wait_ = std::min<duration>(2 * wait_, longest);
    return wait;
  }
  void succeeded() noexcept { wait_ = first; }

 private:
  static constexpr std::chrono::milliseconds first{500}, longest{4000};
  duration wait_ = first;
};

}  // namespace interlude::swarm
