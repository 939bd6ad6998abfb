#include "media/stitch/time_schedule.hpp"

#include <charconv>
#include <string>

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

constexpr auto farthest = std::chrono::days{5 * 366};

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct field_range {
  unsigned first = 0, last = 0, step = 1;
};

// "*", "5", "5-9", each with "/2" behind it or not.
std::optional<field_range> read_range(std::string_view text, unsigned low, unsigned high) {
  field_range r{low, high, 1};
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    const auto step = number(text.substr(slash + 1));
    if (!step || *step == 0) return std::nullopt;
    r.step = *step;
    text = text.substr(0, slash);
  }
  if (text != "*") {
    const auto dash = text.find('-');
    const auto first = number(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number(text.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    r.first = *first;
    r.last = dash == std::string_view::npos && r.step > 1 ? high : *last;
  }
  if (r.first < low || r.last > high || r.first > r.last) return std::nullopt;
  return r;
}

template <std::size_t N>
bool read_field(std::string_view text, unsigned low, unsigned high, std::bitset<N>& out) {
  while (true) {
    const auto comma = text.find(',');
    const auto r = read_range(text.substr(0, comma), low, high);
    if (!r) return false;
    for (auto i = r->first; i <= r->last; i += r->step) out.set(i % N);
    if (comma == std::string_view::npos) return true;
    text = text.substr(comma + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return out;
    text = text.substr(begin);
    const auto end = text.find(' ');
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text = text.substr(end);
  }
}

}  // namespace

result<calendar_rule> calendar_rule::parse(std::string_view text) {
  const auto words = words_of(text);
  calendar_rule r;
  const bool good = words.size() == 5 && read_field(words[0], 0, 59, r.minutes_) &&
                    read_field(words[1], 0, 23, r.hours_) && read_field(words[2], 1, 31, r.days_) &&
                    read_field(words[3], 1, 12, r.months_) &&
                    read_field(words[4], 0, 7, r.weekdays_);
  if (!good)
    return error{errc::malformed, std::string{text},
                 "five fields are expected: minute, hour, day of month, month, day of week"};
  r.any_day_ = words[2] == "*";
  r.any_weekday_ = words[4] == "*";
  return r;
}

bool calendar_rule::matches_day(std::chrono::sys_days day) const {
  const std::chrono::year_month_day date{day};
  if (!months_.test(static_cast<unsigned>(date.month()))) return false;
  const bool in_month = days_.test(static_cast<unsigned>(date.day()));
  const bool in_week = weekdays_.test(std::chrono::weekday{day}.c_encoding());
  if (any_day_ || any_weekday_) return in_month && in_week;
  return in_month || in_week;
}

std::optional<instant> calendar_rule::next(instant t) const {
  const auto from = std::chrono::ceil<std::chrono::minutes>(t);
  const auto first_day = std::chrono::floor<std::chrono::days>(from);
  for (auto day = first_day; day <= first_day + farthest; day += std::chrono::days{1}) {
    if (!matches_day(day)) continue;
    for (unsigned hour = 0; hour < 24; ++hour) {
      if (!hours_.test(hour)) continue;
      for (unsigned minute = 0; minute < 60; ++minute) {
        const auto at = day + std::chrono::hours{hour} + std::chrono::minutes{minute};
        if (minutes_.test(minute) && at >= from) return instant{at};
      }
    }
  }
  return std::nullopt;
}

std::optional<instant> timed_breaks::next(instant t) const {
  if (calendar) return calendar->next(t);
  if (every <= 0us) return std::nullopt;
  const auto since = t.time_since_epoch() - offset;
  const auto count = since.count() / every.count() + (since.count() % every.count() > 0 ? 1 : 0);
  return instant{offset + count * every};
}

}  // namespace interlude::stitch
