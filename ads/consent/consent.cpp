#include "ads/consent/consent.hpp"

#include <algorithm>

#include "media/core/base64.hpp"
#include "media/core/bits.hpp"

namespace interlude::ads {

namespace {

constexpr std::size_t longest_string = 16 * 1024;

// Purposes count from the first bit on.
std::bitset<24> take_purposes(bit_reader& in) {
  std::bitset<24> out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = in.flag();
  return out;
}

}  // namespace

result<tcf_consent> parse_tcf(std::string_view text) {
  if (text.size() > longest_string) return error{errc::too_large, "", "the TC string is too long"};
  const auto core = text.substr(0, text.find('.'));
  // Six bits a letter: what is left over of the last byte is for padding, and may be anything.
  const auto raw = decode_base64_leniently(core);
  if (!raw) return error{errc::malformed, "", "the TC string is not base64url"};
  bit_reader in{{reinterpret_cast<const std::uint8_t*>(raw->data()), raw->size()}};
  if (const auto version = in.take(6); in.ok() && version != 2)
    return error{errc::unsupported, "", "a TC string of version " + std::to_string(version)};
  tcf_consent c;
  c.created_ds = in.take_as<std::int64_t>(36);
  c.updated_ds = in.take_as<std::int64_t>(36);
  c.cmp_id = in.take_as<int>(12);
  in.take(12);  // version of the CMP
  in.take(6);   // screen
  in.take(12);  // language
  c.vendor_list_version = in.take_as<int>(12);
  c.policy_version = in.take_as<int>(6);
  in.take(2);   // service specific, non-standard texts
  in.take(12);  // special features
  c.purposes = take_purposes(in);
  c.legitimate_interest = take_purposes(in);
  if (!in.ok()) return error{errc::malformed, "", "the TC string breaks off"};
  return c;
}

result<us_privacy> parse_us_privacy(std::string_view text) {
  const auto is_answer = [](char c) { return c == 'Y' || c == 'N' || c == '-'; };
  std::string upper{text.substr(0, 5)};
  std::replace(upper.begin(), upper.end(), 'y', 'Y');
  std::replace(upper.begin(), upper.end(), 'n', 'N');
  if (upper.size() != 4 || !std::all_of(upper.begin() + 1, upper.end(), is_answer))
    return error{errc::malformed, "", "not a US privacy string, as in 1YNN"};
  if (upper[0] != '1')
    return error{errc::unsupported, "", "a US privacy string of another version"};
  return us_privacy{upper[1], upper[2], upper[3]};
}

const char* reason_to_withhold(const consent& c) {
  constexpr unsigned store_and_access = 1, select_basic_ads = 2;
  if (c.limits_tracking) return "the device limits ad tracking";
  if (!c.us_privacy.empty()) {
    const auto said = parse_us_privacy(c.us_privacy);
    if (!said) return "the US privacy string cannot be read";
    if (said->opted_out == 'Y') return "the viewer opted out of the sale of personal data";
  }
  if (!c.tcf.empty() && c.gdpr_applies.value_or(true)) {
    const auto said = parse_tcf(c.tcf);
    if (!said) return "the TC string cannot be read";
    if (!said->allows(store_and_access) || !said->allows(select_basic_ads))
      return "there is no consent to purposes 1 and 2";
  } else if (c.gdpr_applies.value_or(false)) {
    return "the GDPR applies, and no consent is known";
  }
  return nullptr;
}

}  // namespace interlude::ads
