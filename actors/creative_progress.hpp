// What a channel knows of an ad server's creative that it would like to play.
#pragma once

#include <cstdint>

namespace interlude {

enum class creative_progress : std::uint8_t {
  ready,
  fresh,      // wanted for the first time
  under_way,  // wanted before
  failed,     // it could not be made; it is tried again
  unwanted,   // what is the channel's own comes first, or there are too many
};

}  // namespace interlude
