// What a rendition is made of, told by one of its segments. Blocks (ffprobe): for worker threads
// only.
#pragma once

#include <string>

#include "media/core/result.hpp"
#include "media/stitch/ladder.hpp"

namespace interlude {

struct segment_sample {
  std::string segment;
  std::string init;     // what goes before it (EXT-X-MAP), or empty
  std::string key;      // AES-128: 16 bytes, or empty
  std::string iv;       // 0x and 32 hex digits
  std::string scratch;  // a file that may be written and is removed again
};

result<stitch::track_format> read_sample(const segment_sample& sample);

// AES-128 in CBC mode with PKCS#7 padding (RFC 8216bis 5.2).
result<std::string> decrypt_aes128(std::string_view data, std::string_view key,
                                   std::string_view iv_hex);

}  // namespace interlude
