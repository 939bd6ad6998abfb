// Splice messages in the origin's media: multiplexed into a transport stream, or as `emsg` boxes.
#pragma once

#include <cstdint>
#include <string>

#include "apps/origin/origin_channel.hpp"

namespace interlude::origin {

// Puts into segment `number` what an encoder would tell in it: breaks that begin or end within
// `announce` seconds behind the segment's start, repeated in each segment until then. `segment` is
// in the clear and on its final timestamps; `init` is its initialization (fMP4).
void carry_cues(const channel_options& c, instant epoch, std::int64_t number,
                const std::string& init, std::string& segment);

}  // namespace interlude::origin
