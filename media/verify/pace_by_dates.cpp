#include "media/verify/pace_by_dates.hpp"

#include <algorithm>

namespace interlude::verify {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kept_steps = 8;

}  // namespace

std::string pace_by_dates::steps() const {
  std::string out;
  for (const auto& s : steps_)
    out += "\n  step of " + std::to_string(to_seconds(s.at.by)) + "s at " +
           std::to_string(s.at.number) + ", " + format_iso8601(s.date);
  return out;
}

bool pace_by_dates::is_jump(const shown_segment& s, duration step, duration target) const {
  if (!s.discontinuity) return false;
  // Only ads are rounded; content is as long as it is.
  const bool content = before_->content && !s.is_ad();
  return std::chrono::abs(step) > (content ? duration{250ms} : 2 * target);
}

pace_by_dates::outcome pace_by_dates::append(const shown_segment& s, duration target) {
  outcome out;
  const auto step = before_ ? s.date - before_->end : duration{0};
  if (step != duration{0}) steps_.push_back({{s.number, step}, s.date});
  if (steps_.size() > kept_steps) steps_.erase(steps_.begin());
  if (!before_) {
    forget_drift();
  } else if (is_jump(s, step, target)) {
    out.jump = date_jump{s.number, step};
    forget_drift();
  } else {
    drift_ -= step;
  }
  before_ = position{s.number, s.end(), !s.is_ad()};
  // The dates of ads are not those of the content beneath them.
  if (s.is_ad()) return out;
  lowest_ = std::min(lowest_.value_or(drift_), drift_);
  highest_ = std::max(highest_.value_or(drift_), drift_);
  if (*highest_ - *lowest_ <= 2 * target) return out;
  out.violation = "7e: what was appended less what the channel clock went on moved from " +
                  std::to_string(to_seconds(drift_ == *highest_ ? *lowest_ : *highest_)) + "s to " +
                  std::to_string(to_seconds(drift_)) + "s\n  at " + describe(s) + steps();
  forget_drift();  // said once
  return out;
}

}  // namespace interlude::verify
