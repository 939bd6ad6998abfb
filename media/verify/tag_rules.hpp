// What section 8 of the stitching rules demands of the tags of one playlist, whatever came before
// it.
#pragma once

#include <string>
#include <vector>

#include "media/hls/media_playlist.hpp"

namespace interlude::verify {

// The violations in words, each beginning with "8: ".
std::vector<std::string> check_tags(const hls::media_playlist& p);

}  // namespace interlude::verify
