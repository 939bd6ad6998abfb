// Breaks by the clock, for feeds that tell none: every so often, or by a calendar.
//
// All times are UTC on the channel clock; an interval counts from midnight, 1970-01-01, so that it
// is the same whenever the node is started. Pure.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude::stitch {

// Five fields as cron has them: minute, hour, day of month, month, day of week (0 to 7, Sunday is
// both). A field is "*", numbers, ranges and steps: "0,30", "9-17", "*/15", "10-50/20". Where both
// days are given, either will do.
class calendar_rule {
 public:
  static result<calendar_rule> parse(std::string_view text);

  // The first matching minute that begins at or after `t`; nullopt if none does within five years
  // (the 30th of February).
  std::optional<instant> next(instant t) const;

 private:
  bool matches_day(std::chrono::sys_days day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;  // of the month
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = true, any_weekday_ = true;
};

// One of `every` and `calendar`.
struct timed_breaks {
  duration every{0};
  duration offset{0};  // of an interval: how long after its begin
  std::optional<calendar_rule> calendar;
  duration length{0};

  std::optional<instant> next(instant t) const;
};

}  // namespace interlude::stitch
