// What a request to the ad server orders, and the VAST that answers it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude::adserver {

// An ad of its set.
struct ad_media {
  std::string name;  // is_plain()
  duration length{0};
};

// What is wrong with an answer.
enum class fault : std::uint8_t {
  none,
  slow,        // it comes after `delay`
  never,       // it does not come
  no_ad,       // VAST without an ad
  no_content,  // 204
  not_xml,
  truncated,
  loop,      // a wrapper that leads to itself
  failing,   // 500
  huge,      // ten megabytes
  bomb,      // entities that would fill the memory
  encoding,  // bytes that are no UTF-8
};
std::optional<fault> fault_of(std::string_view name);
const char* to_string(fault f);

struct order {
  duration length{0};        // of the break
  std::uint64_t number = 0;  // which of the ads comes first
  std::string break_id;      // told with each pixel, if there is one
  int wrappers = 0;
  bool pod = true;  // sequence numbers, or ads that stand alone
  fault wrong = fault::none;
  duration delay{0};
};

// Letters, digits, _ and -.
bool is_plain(std::string_view name);

// From the query of /vast: d (seconds), n, id, wrappers (0 to 20), pod (0, 1), fault, delay
// (seconds). Errors: errc::malformed, naming the parameter.
result<order> read_order(std::string_view query);

// Ads, in their order from the n-th on, as long as they fit; each at most once. Their pixels and
// media are at `base`, as in "http://127.0.0.1:8082".
std::string vast_for(const order& o, const std::vector<ad_media>& ads, const std::string& base);

}  // namespace interlude::adserver
