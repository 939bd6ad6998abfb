// Reads SCTE-35 messages: the bytes of a splice_info_section, or its text in base64 (with or
// without padding, either alphabet) or hexadecimal (with or without 0x), as playlists and people
// write it.
//
// Refused, with what is wrong and where: another table, a section that is cut off, a CRC that does
// not hold, a command that is not whole. A descriptor that is not whole is kept unread, for what
// stands beside it is sound. Bytes behind the section are passed over. At most 4,096 bytes.
#pragma once

#include <string_view>

#include "media/core/result.hpp"
#include "media/scte35/splice_info.hpp"

namespace interlude::scte35 {

result<splice_info_section> decode(byte_view message);

// For who wants to see what a message says although its CRC_32 does not hold: it is read as if it
// did, and `wrong_crc` tells. Nothing that acts on messages may use it.
result<splice_info_section> decode_leniently(byte_view message);

result<splice_info_section> decode_text(std::string_view message);

// The bytes that a text stands for.
result<bytes> bytes_of_text(std::string_view text);

}  // namespace interlude::scte35
