// What a viewer allows, from the parameters of a request: their names are IAB's, as in the URLs of
// players and ad servers.
//
// gdpr (1: the GDPR applies; 0), gdpr_consent (a TC string), us_privacy, gpp, gpp_sid (section ids,
// separated by commas), lat and dnt (1: tracking is limited); and the header field Sec-GPC (Global
// Privacy Control). What is empty was not given; what cannot be read counts as the answer that
// protects the viewer. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ads/consent/consent.hpp"

namespace interlude::ads {

using consent_parameters = std::vector<std::pair<std::string, std::string>>;

bool is_consent_parameter(std::string_view name) noexcept;

// Of parameters that are given twice, the last counts, but one lat or dnt is enough; others than
// the above are left alone. `global_privacy_control`: the value of Sec-GPC. errc::too_large for a
// value of more than 8 KiB.
result<consent> consent_of(const consent_parameters& given,
                           std::string_view global_privacy_control = {});

}  // namespace interlude::ads
