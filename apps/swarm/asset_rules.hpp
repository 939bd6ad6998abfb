// What section 10 of the stitching rules demands of asset lists and of the assets they name.
#pragma once

#include <string>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude::swarm {

struct asset {
  std::string uri;
  duration length{0};
};

result<std::vector<asset>> read_asset_list(const std::string& body);

struct asset_media {
  struct segment {
    std::string uri;
    duration length{0};
  };
  std::vector<segment> segments;        // the map first, with no length
  std::vector<std::string> violations;  // each beginning with "10: "
};

// The media playlist of an asset of which the list says that it is `promised` long.
asset_media read_asset_playlist(const std::string& text, duration promised);

}  // namespace interlude::swarm
