// Time as the whole program speaks of it: microseconds, on the wall clock where a point in time is
// meant.
//
// A microsecond holds every frame duration (33,366.67 us rounds to 0.3 us) without accumulating a
// visible error over a break, and 64 bits of it last 290,000 years. ISO 8601 as RFC 8216bis wants
// it: milliseconds and a zone.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace interlude {

using duration = std::chrono::microseconds;
using instant = std::chrono::sys_time<duration>;

// "2026-11-24T10:00:00.000Z"; rounds to the nearest millisecond.
std::string format_iso8601(instant t);

// Accepts "Z", "+hh:mm", "+hhmm" and "+hh" zones, no zone (read as UTC), and 0 to 9 fractional
// digits.
std::optional<instant> parse_iso8601(std::string_view text);

// Decimal seconds without a float in between: "6.006" -> 6,006,000 us. At most 9 fractional digits
// are read, digits beyond microseconds round to nearest. No sign, no exponent; nullopt for anything
// else or more than 10^9 seconds.
std::optional<duration> parse_seconds(std::string_view text);

// "6.006", "30", "0.033367": as short as exact; at most six fractional digits.
std::string format_seconds(duration d);
void append_seconds(std::string& out, duration d);

constexpr double to_seconds(duration d) noexcept {
  return static_cast<double>(d.count()) / 1e6;
}
constexpr duration from_seconds(double s) noexcept {
  return duration{static_cast<std::int64_t>(s * 1e6 + (s < 0 ? -0.5 : 0.5))};
}

}  // namespace interlude
