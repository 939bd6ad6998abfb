// The SCTE-35 messages that the origin's cues carry: a splice_insert, as short as they come.
#pragma once

#include <cstdint>
#include <string>

#include "media/core/time.hpp"

namespace interlude::origin {

// A whole splice_info_section (SCTE 35, 9.6) with its CRC. A zero `length` leaves the break's
// duration open.
std::string splice_insert(std::uint32_t event_id, bool out_of_network, duration pts,
                          duration length);

std::string to_base64(const std::string& bytes);
std::string to_hex(const std::string& bytes);  // with 0x

}  // namespace interlude::origin
