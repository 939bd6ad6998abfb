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

constexpr duration longest_retry_after = 1h;

bool is_temporary(unsigned status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

// The preferred form of RFC 9110 section 5.6.7; no other is sent any more.
std::optional<instant> read_http_date(std::string_view text) {
  std::tm when{};
  std::istringstream in{std::string{text}};
  in.imbue(std::locale::classic());
  in >> std::get_time(&when, "%a, %d %b %Y %H:%M:%S GMT");
  if (in.fail()) return std::nullopt;
  return instant{std::chrono::seconds{::timegm(&when)}};
}

}  // namespace

std::optional<duration> read_retry_after(std::string_view text, instant now) {
  if (text.empty()) return std::nullopt;
  std::uint32_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec == std::errc{} && read.ptr == text.data() + text.size())
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
    out.host_failed = code == errc::timed_out || code == errc::unavailable;
    // What is too large to be read has been answered all the same.
    if (code == errc::too_large)
      out.what = delivery_outcome::delivered;
    else
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
