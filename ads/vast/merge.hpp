// What wrappers add to the ad at the end of their chain (VAST 4.3 section 2.3.5.2).
#pragma once

#include "ads/vast/vast_response.hpp"

namespace interlude::vast {

// To be called from the wrapper nearest to the ad outwards: what tracks is added up; of creatives
// and clicks, what is there already stands.
void add_wrapper(ad& to, const ad& from);

// Whether one of the ad's categories is among those: the same code of the same authority. An
// authority that is not named is any.
const category* blocked_category(const ad& a, const std::vector<category>& blocked) noexcept;

}  // namespace interlude::vast
