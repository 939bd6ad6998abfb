// What a media file is made of, as ffprobe reads it.
#pragma once

#include <chrono>
#include <string>

#include "actors/creative/media_input.hpp"
#include "media/core/result.hpp"
#include "media/stitch/ladder.hpp"

namespace interlude {

struct media_probe {
  stitch::track_format format;  // bit rates as the file states them, 0 if it does not
  duration length{0};
};

// errc::malformed if it holds neither picture nor sound.
result<media_probe> probe_file(const media_input& input, std::chrono::milliseconds timeout);

// ffprobe's JSON; pure.
result<media_probe> read_probe(std::string_view json);

}  // namespace interlude
