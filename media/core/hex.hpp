// Bytes as hexadecimal text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/core/bits.hpp"

namespace interlude {

std::string to_hex(byte_view data);  // lower case, two digits a byte

// Either case; nullopt for an odd number of digits or anything that is none.
std::optional<bytes> from_hex(std::string_view text);

}  // namespace interlude
