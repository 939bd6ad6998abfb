// Whether tracking requests are taken, as a load balancer is to see it: not with each one that is
// refused, but for as long as those that come next would be.
//
// A full outbox has to have some room again, and a store that failed to have worked for a while, so
// that viewers are not sent to and fro. Time is an argument. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "media/core/time.hpp"

namespace interlude {

enum class intake : std::uint8_t { open, full, store_fails };

class beacon_intake {
 public:
  // Since the last failure.
  static constexpr duration long_enough = std::chrono::seconds{5};
  // A store that nobody writes to is tried as often.
  static constexpr duration between_trials = std::chrono::seconds{1};

  explicit beacon_intake(std::uint64_t max_waiting) : max_waiting_(max_waiting) {}

  void found_no_room() {
    const std::lock_guard lock{guard_};
    full_ = true;
  }
  void store_answered(bool on_disk, instant now) {
    const std::lock_guard lock{guard_};
    works_again_ = on_disk;
    being_tried_ = false;
    if (on_disk) return;
    fails_ = true;
    failed_at_ = now;
  }
  // True: the caller tries whether the store can be written to, and says what it answered.
  bool wants_trial(instant now) {
    const std::lock_guard lock{guard_};
    if (!fails_ || works_again_ || being_tried_ || now - failed_at_ < between_trials) return false;
    being_tried_ = true;
    return true;
  }
  // `waiting`: how many there are in the outbox.
  intake look(std::uint64_t waiting, instant now) {
    const std::lock_guard lock{guard_};
    if (waiting >= max_waiting_)
      full_ = true;
    else if (waiting <= max_waiting_ - max_waiting_ / 20)
      full_ = false;
    if (fails_ && works_again_ && now - failed_at_ >= long_enough) fails_ = false;
    if (fails_) return intake::store_fails;
    return full_ ? intake::full : intake::open;
  }

 private:
  std::mutex guard_;
  std::uint64_t max_waiting_;
  bool full_ = false;
  bool fails_ = false, works_again_ = false, being_tried_ = false;
  instant failed_at_{};
};

}  // namespace interlude
