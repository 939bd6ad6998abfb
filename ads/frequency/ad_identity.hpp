// As what an ad is counted, beside its creative (vast::media_choice).
#pragma once

#include <string>

#include "ads/vast/unwrap.hpp"

namespace interlude::ads {

// VAST has no element for it: the id that an InLine ad has in the ad system that serves it, with
// that system's name (VAST 4.3 sections 3.3, 3.4.1). Wrappers do not matter: the campaign is the
// same, whoever resells it. Empty if the ad has no id.
std::string campaign_of(const vast::resolved_ad& ad);

// <Advertiser> (3.4.7) in lower case; of a URL or a domain the domain alone, without "www.". Its id
// if there is no text; empty if there is neither.
std::string advertiser_of(const vast::ad& ad);

}  // namespace interlude::ads
