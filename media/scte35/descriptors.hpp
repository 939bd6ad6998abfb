// The descriptors of a splice_info_section (SCTE 35 10), read and written one by one.
#pragma once

#include <vector>

#include "media/core/result.hpp"
#include "media/scte35/splice_info.hpp"

namespace interlude::scte35 {

// A loop that is no sequence of whole descriptors is an error; a descriptor whose content is not
// whole is kept as unknown_descriptor.
result<std::vector<splice_descriptor>> read_descriptors(byte_view loop);

// False, and nothing written, if it is longer than 255 bytes.
bool write_descriptor(bit_writer& out, const splice_descriptor& d);

}  // namespace interlude::scte35
