// Whatever a player calls consent: it is read, or it is none; and what cannot be read is no
// consent.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ads/consent/consent_of.hpp"

using namespace interlude;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  ads::consent c;
  c.gdpr_applies = true;
  c.tcf = text;
  const auto said = ads::parse_tcf(text);
  if (!said && ads::reason_to_withhold(c) == nullptr) std::abort();
  c.gdpr_applies = false;
  c.us_privacy = text;
  if (!text.empty() && !ads::parse_us_privacy(text) && ads::reason_to_withhold(c) == nullptr)
    std::abort();
  const auto read = ads::consent_of({{"gdpr", text}, {"gpp_sid", text}}, text);
  const bool says_no = text.empty() || text == "0" || text == "false";
  if (read && !says_no && ads::reason_to_withhold(*read) == nullptr) std::abort();
  return 0;
}
