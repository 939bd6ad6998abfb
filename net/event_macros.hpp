// What a tracking URL is filled with, whoever requests it: this node, or a player that is told.
#pragma once

#include <cstdint>

#include "ads/request/ad_request.hpp"

namespace interlude::net {

// `place`: of the ad among those of its break, from 1.
ads::playing_event macros_of(const vast::ad& ad, std::uint32_t place, duration playhead);

// Of this thread: for [CACHEBUSTING].
std::uint32_t random_number();

}  // namespace interlude::net
