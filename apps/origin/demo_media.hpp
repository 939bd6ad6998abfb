// What the demo plays in its breaks: three ads that nobody can mix up, and a slate. Made once
// by ffmpeg.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "media/core/result.hpp"

namespace interlude::origin {

struct demo_media {
  struct ad {
    std::string name;
    std::string file;
    std::chrono::seconds length{0};
  };
  std::vector<ad> ads;  // red (10 s), green (10 s), blue (5 s)
  std::string slate;    // grey, 10 s
};

// Blocks for some seconds the first time.
result<demo_media> make_demo_media(const std::string& folder);

}  // namespace interlude::origin
