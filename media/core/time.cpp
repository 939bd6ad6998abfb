#include "media/core/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace interlude {

namespace {

// Reads exactly `count` digits at `pos`; moves `pos` behind them.
std::optional<int> digits(std::string_view text, std::size_t& pos, std::size_t count) {
  if (pos + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[pos + i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  pos += count;
  return value;
}

bool accept(std::string_view text, std::size_t& pos, char c) {
  if (pos >= text.size() || text[pos] != c) return false;
  ++pos;
  return true;
}

// Reads ".123" into microseconds, rounding to nearest; no dot is zero.
std::optional<duration> fraction(std::string_view text, std::size_t& pos) {
  if (pos >= text.size() || (text[pos] != '.' && text[pos] != ',')) return duration{0};
  ++pos;
  std::int64_t nanos = 0;
  std::size_t count = 0;
  for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, ++count) {
    if (count < 9) nanos = nanos * 10 + (text[pos] - '0');
  }
  for (std::size_t i = count; i < 9; ++i) nanos *= 10;
  return duration{(nanos + 500) / 1000};
}

std::optional<std::chrono::minutes> zone(std::string_view text, std::size_t& pos) {
  if (pos == text.size()) return std::chrono::minutes{0};
  if (accept(text, pos, 'Z') || accept(text, pos, 'z')) return std::chrono::minutes{0};
  const char sign = text[pos];
  if (sign != '+' && sign != '-') return std::nullopt;
  ++pos;
  const auto hours = digits(text, pos, 2);
  if (!hours) return std::nullopt;
  int minutes = 0;
  if (pos < text.size()) {
    accept(text, pos, ':');
    const auto m = digits(text, pos, 2);
    if (!m) return std::nullopt;
    minutes = *m;
  }
  const int total = *hours * 60 + minutes;
  if (*hours > 23 || minutes > 59) return std::nullopt;
  return std::chrono::minutes{sign == '-' ? -total : total};
}

}  // namespace

std::string format_iso8601(instant t) {
  using namespace std::chrono;
  const auto ms = floor<milliseconds>(t + microseconds{500});
  const auto day = floor<days>(ms);
  const year_month_day date{day};
  const hh_mm_ss time{ms - day};
  // The widths are bounded by the types, but the compiler cannot see that.
  std::array<char, 64> out{};
  const int n = std::snprintf(
      out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return {out.data(), static_cast<std::size_t>(n)};
}

std::optional<instant> parse_iso8601(std::string_view text) {
  using namespace std::chrono;
  std::size_t pos = 0;
  const auto y = digits(text, pos, 4);
  if (!y || !accept(text, pos, '-')) return std::nullopt;
  const auto mo = digits(text, pos, 2);
  if (!mo || !accept(text, pos, '-')) return std::nullopt;
  const auto d = digits(text, pos, 2);
  if (!d || !(accept(text, pos, 'T') || accept(text, pos, 't') || accept(text, pos, ' ')))
    return std::nullopt;
  const auto h = digits(text, pos, 2);
  if (!h || !accept(text, pos, ':')) return std::nullopt;
  const auto mi = digits(text, pos, 2);
  if (!mi || !accept(text, pos, ':')) return std::nullopt;
  const auto s = digits(text, pos, 2);
  if (!s) return std::nullopt;
  const auto micros = fraction(text, pos);
  const auto offset = zone(text, pos);
  if (!micros || !offset || pos != text.size()) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)},
                            day{static_cast<unsigned>(*d)}};
  if (!date.ok() || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
  return instant{sys_days{date}} + hours{*h} + minutes{*mi} + seconds{*s} + *micros - *offset;
}

std::optional<duration> parse_seconds(std::string_view text) {
  std::int64_t whole = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (ec != std::errc{} || whole < 0 || whole > 1'000'000'000 || text.front() == '-')
    return std::nullopt;
  auto pos = static_cast<std::size_t>(end - text.data());
  if (pos < text.size() && text[pos] != '.') return std::nullopt;
  const auto micros = fraction(text, pos);
  if (!micros || pos != text.size()) return std::nullopt;
  return std::chrono::seconds{whole} + *micros;
}

void append_seconds(std::string& out, duration d) {
  auto micros = d.count();
  if (micros < 0) {
    out += '-';
    micros = -micros;
  }
  std::array<char, 24> buffer{};
  const auto whole =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), micros / 1'000'000);
  out.append(buffer.data(), whole.ptr);
  if (auto rest = micros % 1'000'000; rest != 0) {
    out += '.';
    for (std::int64_t unit = 100'000; rest != 0; unit /= 10) {
      out += static_cast<char>('0' + rest / unit);
      rest %= unit;
    }
  }
}

std::string format_seconds(duration d) {
  std::string out;
  append_seconds(out, d);
  return out;
}

}  // namespace interlude
