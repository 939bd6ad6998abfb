// One media playlist of a channel, as sessions know it.
#pragma once

#include <cstdint>
#include <string>

namespace interlude::stitch {

enum class rendition_kind : std::uint8_t { video, audio, subtitles };

struct rendition_info {
  std::string name;  // in URLs: "v0", "a0", "s0"
  rendition_kind kind = rendition_kind::video;
  // What the multivariant playlist says it is, apart from where: by that it is found again when the
  // origin changes, moves, or another one takes its place. "<attributes>@<bits per second>".
  std::string identity;
  friend bool operator==(const rendition_info&, const rendition_info&) = default;
};

}  // namespace interlude::stitch
