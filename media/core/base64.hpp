// base64 (RFC 4648): the plain alphabet, as SCTE-35 messages are written in playlists, and the one
// for URLs without padding, as tokens use it. Pure; usable from every thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace interlude {

std::string encode_base64(std::string_view bytes);     // with padding
std::string encode_base64url(std::string_view bytes);  // without

// Strict: no padding, no white space, no other alphabet, no set bits after the last byte, so that
// every byte string has exactly one text.
std::optional<std::string> decode_base64url(std::string_view text);

// As people and encoders write it: either alphabet, padding or not.
std::optional<std::string> decode_base64_leniently(std::string_view text);

}  // namespace interlude
