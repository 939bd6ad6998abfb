// What a tracking URL is filled with, whoever requests it: this node, or a player that is told.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ads/request/ad_request.hpp"

namespace interlude::net {

ads::playing_event macros_of(const vast::ad& ad, duration playhead);

// Of this thread: for [CACHEBUSTING].
std::uint32_t random_number();

// Numbers that are the same each time for the same text: players compare what they are told with
// what they were told before.
std::function<std::uint32_t()> numbers_of(const std::string& text);

}  // namespace interlude::net
