// The SCTE-35 messages that the origin's cues carry.
#pragma once

#include <cstdint>

#include "media/core/time.hpp"
#include "media/scte35/splice_info.hpp"

namespace interlude::origin {

// A zero `length` leaves the break's duration open.
scte35::splice_info_section splice_insert(std::uint32_t event_id, bool out_of_network, duration pts,
                                          duration length);

}  // namespace interlude::origin
