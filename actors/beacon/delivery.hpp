// What becomes of a tracking request when it has been made. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "actors/beacon/beacon_record.hpp"
#include "actors/http_fetcher.hpp"

namespace interlude {

enum class delivery_outcome : std::uint8_t {
  delivered,  // 2xx; or 3xx that leads nowhere we would follow
  postponed,  // to be tried again: no answer, 408, 425, 429, 5xx
  refused,    // for good: any other 4xx, a URL that cannot be asked
};

struct delivery {
  delivery_outcome what = delivery_outcome::delivered;
  std::string why;                      // not delivered
  std::optional<duration> retry_after;  // as the host says; at most an hour
  bool host_failed = false;             // the host as a whole, rather than this request
};

delivery judge_delivery(const result<fetch_response>& answer, instant now);

// Of a Retry-After field (RFC 9110 section 10.2.3): seconds, or a date.
std::optional<duration> read_retry_after(std::string_view text, instant now);

// When to try again after failure number `attempts`; nullopt: not at all. A random part, from 0 to
// 1, of the pause, which doubles: who failed together does not come back together.
std::optional<instant> next_attempt(const beacon_policy& policy, const beacon_record& record,
                                    const delivery& failure, instant now, double part);

}  // namespace interlude
