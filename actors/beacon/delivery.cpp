#include "actors/beacon/delivery.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

namespace interlude {

using namespace std::chrono_literals;

namespace {

// Beyond it a host is tried once in between: a request may not wait for much longer.
constexpr duration longest_retry_after = 30min;

bool is_temporary(unsigned status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

// RFC 9110 section 5.6.7: the preferred form, and those that are obsolete and to be accepted.
std::optional<instant> read_http_date(std::string_view text) {
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::tm when{};
    std::istringstream in{std::string{text}};
    in.imbue(std::locale::classic());
    in >> std::get_time(&when, form);
    if (!in.fail()) return instant{std::chrono::seconds{::timegm(&when)}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<duration> read_retry_after(std::string_view text, instant now) {
  if (text.empty()) return std::nullopt;
  std::uint32_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_number = read.ptr == text.data() + text.size();
  if (is_number && read.ec == std::errc::result_out_of_range) return longest_retry_after;
  if (is_number && read.ec == std::errc{})
    return std::min<duration>(std::chrono::seconds{seconds}, longest_retry_after);
  const auto date = read_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp<duration>(*date - now, 0s, longest_retry_after);
}

delivery judge_delivery(const result<fetch_response>& answer, instant now) {
  delivery out;
  if (!answer) {
    const auto code = answer.error().code;
    out.why = answer.error().what;
    // Too large is a header that tells no status.
    out.host_failed =
        code == errc::timed_out || code == errc::unavailable || code == errc::too_large;
    out.what = out.host_failed ? delivery_outcome::postponed : delivery_outcome::refused;
    return out;
  }
  if (answer->status < 400) return out;
  out.why = "HTTP " + std::to_string(answer->status);
  out.what = is_temporary(answer->status) ? delivery_outcome::postponed : delivery_outcome::refused;
  out.host_failed = answer->status >= 500;
  if (out.what == delivery_outcome::postponed)
    out.retry_after = read_retry_after(answer->retry_after, now);
  return out;
}

std::optional<instant> next_attempt(const beacon_policy& policy, const beacon_record& record,
                                    const delivery& failure, instant now, double part) {
  if (failure.what == delivery_outcome::refused || record.attempts >= policy.attempts)
    return std::nullopt;
  auto pause = policy.base;
  for (std::uint64_t i = 1; i < record.attempts && pause < policy.cap; ++i) pause *= 2;
  pause = std::min(pause, policy.cap);
  const auto drawn = from_seconds(to_seconds(pause) * std::clamp(part, 0.0, 1.0));
  const auto at = now + std::max(drawn, failure.retry_after.value_or(0s));
  if (at - record.accepted > policy.max_age) return std::nullopt;
  return at;
}

}  // namespace interlude
