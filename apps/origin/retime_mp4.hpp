// Moves a fragmented MP4 segment in time: baseMediaDecodeTime of every fragment, the fragment's
// number, and the segment index if there is one. Pure; damaged boxes are left as they are.
#pragma once

#include <cstdint>
#include <string>

namespace interlude::origin {

// `offset` in the track's time scale.
void retime_mp4(std::string& segment, std::int64_t offset, std::uint32_t sequence_number);

// Time scale of the first track in an initialisation section, 0 if it has none.
std::uint32_t timescale_of(const std::string& init);

}  // namespace interlude::origin
