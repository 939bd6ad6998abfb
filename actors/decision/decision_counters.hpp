// What became of questions for ads, for the metrics. Counted since the start.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "actors/decision/ad_inquiry.hpp"
#include "actors/histogram.hpp"

namespace interlude {

struct decision_counters {
  std::atomic<std::uint64_t> fresh{0}, stale{0}, missed{0}, restored{0};
  duration_histogram answers;  // of those missed: until who asked was answered
  // What each ad server said that was asked, or should have been; by inquiry_outcome.
  std::array<std::atomic<std::uint64_t>, inquiry_outcome_count> outcomes{};
  mailbox_histogram mailbox;
};

}  // namespace interlude
