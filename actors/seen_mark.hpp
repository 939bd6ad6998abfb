#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace interlude {

using steady_time = std::chrono::steady_clock::time_point;

// When somebody was last there, to half a second. A plain atomic, written at most twice a second,
// so that a thousand viewers on every core do not fight over it.
class seen_mark {
 public:
  void set(steady_time now) noexcept {
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    if (ms - ms_.load(std::memory_order_relaxed) > 500) ms_.store(ms, std::memory_order_relaxed);
  }
  steady_time at() const noexcept {
    return steady_time{std::chrono::milliseconds{ms_.load(std::memory_order_relaxed)}};
  }

 private:
  std::atomic<std::int64_t> ms_{0};
};

}  // namespace interlude
