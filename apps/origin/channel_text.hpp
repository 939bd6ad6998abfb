// A channel of the origin as it is written on the command line: "name=ts;segment=4;cues=cue-out".
#pragma once

#include <string_view>

#include "apps/origin/origin_channel.hpp"
#include "media/core/result.hpp"

namespace interlude::origin {

result<channel_options> parse_channel(std::string_view text);

}  // namespace interlude::origin
