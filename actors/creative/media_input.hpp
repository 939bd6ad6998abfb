// What ffmpeg and ffprobe are given to read: a local file, or a playlist of local files that we
// wrote (stream_source.hpp). Nothing else is opened, whatever the bytes in them refer to.
#pragma once

#include <string>
#include <vector>

namespace interlude {

struct media_input {
  std::string path;
  bool playlist = false;  // HLS; its files lie in the same folder
};

// The words that make it the next input of either program.
std::vector<std::string> reading(const media_input& input);

}  // namespace interlude
