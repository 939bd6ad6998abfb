// base64url without padding (RFC 4648 5), as tokens use it.
//
// Decoding is strict: no padding, no white space, no other alphabet, no set bits after the last
// byte, so that every byte string has exactly one text. Pure; usable from every thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace interlude::net {

std::string encode_base64url(std::string_view bytes);
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace interlude::net
