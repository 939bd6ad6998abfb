// What the sink of pixels does wrong: a share of the requests fails, with each kind of failure in
// turn. What fails has not arrived.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "net/http_message.hpp"

namespace interlude::adserver {

enum class pixel_fault : std::uint8_t {
  server_error,  // 500
  bad_gateway,   // 502
  unavailable,   // 503, come back in a second
  busy,          // 429, likewise
  too_slow,      // 408
  too_early,     // 425
  not_http,      // an answer that is none
  truncated,     // an answer that ends in the middle; the connection goes on
  hangs,         // no answer
  gone,          // 404: nobody should come again
};

// Null: there is none of that name ("server_error").
std::optional<pixel_fault> pixel_fault_of(std::string_view name);
std::string_view to_string(pixel_fault f);
// All after which a request is worth repeating.
std::vector<pixel_fault> passing_faults();

// Thread-safe.
class pixel_faults {
 public:
  // `share` of 0 to 1. Errors: another share.
  result<bool> set(double share, std::vector<pixel_fault> kinds);
  // What happens to the next request: nullopt, it arrives.
  std::optional<pixel_fault> next();
  double share() const;

 private:
  mutable std::mutex mutex_;
  std::vector<pixel_fault> kinds_ = passing_faults();
  double share_ = 0, owed_ = 0;
  std::size_t turn_ = 0;
};

// For all but `hangs`.
net::response faulty_pixel(pixel_fault f);

}  // namespace interlude::adserver
