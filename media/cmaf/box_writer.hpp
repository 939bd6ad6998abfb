// Writes `emsg` boxes: what a packager does with splice messages, and the origin to try the node
// with.
#pragma once

#include <cstdint>

#include "media/core/bits.hpp"

namespace interlude::cmaf {

// Version 1: `time` and `length` on the media time line, in ticks of `timescale`.
bytes write_event_message(byte_view section, std::uint32_t id, std::uint32_t timescale,
                          std::uint64_t time, std::uint32_t length);

}  // namespace interlude::cmaf
