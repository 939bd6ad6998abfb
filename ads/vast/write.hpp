// An ad as VAST 4.3 writes it: what parse_vast() reads again as it was.
//
// For keeping ads, not for serving them. An InLine ad only; of its creatives what tracks, clicks
// and is shown beside it, not the media. Positions are kept to the millisecond, fractions to a
// hundredth of a percent. Pure.
#pragma once

#include <string>

#include "ads/vast/vast_response.hpp"

namespace interlude::vast {

std::string write_vast(const ad& a);

}  // namespace interlude::vast
