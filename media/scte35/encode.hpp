// Writes a splice_info_section: lengths and CRC_32 are computed, all else is as the fields say
// (a `wrong_crc` too: what was read comes back as it was).
//
// Errors: too_large where something does not fit its field (a section of more than 4,093 bytes, a
// descriptor of more than 255, more than 255 components, ...).
#pragma once

#include <string>

#include "media/core/result.hpp"
#include "media/scte35/splice_info.hpp"

namespace interlude::scte35 {

result<bytes> encode(const splice_info_section& section);
result<std::string> encode_base64(const splice_info_section& section);
result<std::string> encode_hex(const splice_info_section& section);  // "0xFC30..."

}  // namespace interlude::scte35
