// What a viewer allows, as their player passes it on: a TCF v2 string (IAB Europe), a US privacy
// string (CCPA), a GPP string.
//
// The node hands all three to ad servers as they came, and asks one question of its own: whether it
// may hand over what names the viewer (address, device ids, user agent, place). It may not where
// one of them says no, and not where the GDPR applies and no consent is known. GPP strings are not
// opened: where nothing else is said, they are for the ad server to read. Pure.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"

namespace interlude::ads {

// The core segment of a TC string, as far as it is needed (Transparency and Consent Framework v2.2,
// "Consent string and vendor list formats").
struct tcf_consent {
  std::int64_t created_ds = 0, updated_ds = 0;  // deciseconds since 1970
  int cmp_id = 0, vendor_list_version = 0, policy_version = 0;
  std::bitset<24> purposes;             // consent; bit 0 is purpose 1
  std::bitset<24> legitimate_interest;  // established for the purpose
  // Purpose 1, store and/or access information on a device; 2, limited data to select advertising.
  bool allows(unsigned purpose) const {
    return purpose >= 1 && purpose <= 24 && purposes[purpose - 1];
  }
};

// Errors: errc::malformed; errc::unsupported for another version; errc::too_large.
result<tcf_consent> parse_tcf(std::string_view text);

// "1YNN": version, notice given, opted out of sale, LSPA; each Y, N or - (does not apply).
struct us_privacy {
  char notice = '-', opted_out = '-', lspa = '-';
};
result<us_privacy> parse_us_privacy(std::string_view text);

struct consent {
  std::optional<bool> gdpr_applies;
  std::string tcf, us_privacy, gpp;
  std::vector<int> gpp_sections;
  bool limits_tracking = false;  // the device's own setting
};

// Why personal data is withheld; nullptr: it is not.
const char* reason_to_withhold(const consent& c);

}  // namespace interlude::ads
