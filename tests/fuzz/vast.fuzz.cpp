// Whatever an ad server answers: it is read, or refused; what is read can be shown, unwrapped and
// chosen from.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ads/vast/json.hpp"
#include "ads/vast/parse.hpp"
#include "ads/vast/playable.hpp"
#include "ads/vast/unwrap.hpp"
#include "ads/vmap/vmap.hpp"

using namespace interlude;

namespace {

void unwrap(const vast::vast_response& response) {
  const vast::unwrap_limits limits;
  vast::unwrapping u{"http://ads/", response, limits};
  std::size_t asked = 0;
  for (auto wanted = u.take_requests(); !wanted.empty(); wanted = u.take_requests())
    for (const auto& r : wanted) {
      ++asked;
      if (asked % 5 == 0)
        u.failed(r.number, {vast::error_code::wrapper_timeout, ""});
      else if (asked % 7 != 0)
        u.answered(r.number, response);
    }
  if (asked > limits.max_requests) std::abort();
  u.expire();
  const auto all = u.take();
  std::size_t ads = all.buffet.size();
  for (const auto& slot : all.pod) ads += slot.ads.size();
  if (ads > limits.max_ads) std::abort();
  for (const auto& a : all.buffet) static_cast<void>(vast::choose_media(a.content));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto response = vast::parse_vast(text)) {
    static_cast<void>(vast::to_json(*response));
    unwrap(*response);
  }
  if (const auto response = vmap::parse_vmap(text))
    static_cast<void>(vmap::break_for_now(*response));
  return 0;
}
