// Which file of an ad a server can stitch, or why it can play none of them.
//
// A mezzanine first, since it is what ad servers send to be transcoded (VAST 4.3 section 3.9.2);
// then the best file to be downloaded whole; then a stream. What needs an API of the player (VPAID,
// SIMID) is left out, also where it calls itself a media file. Pure.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <vector>

#include "ads/vast/error_code.hpp"
#include "ads/vast/vast_response.hpp"

namespace interlude::vast {

struct play_policy {
  bool mezzanine_required = false;  // else 406
  bool conditional_ads = false;     // else 408
  bool audio_ads = false;           // else 200
  // By what the file says of itself: its size, or its bitrate and the ad's length.
  std::int64_t max_file_bytes = std::int64_t{2} << 30;
};

enum class media_source : std::uint8_t { mezzanine, progressive, stream };

struct media_choice {
  media_file file;
  media_source source = media_source::progressive;
  // The next best, in this order, for when the file turns out to be too large.
  std::vector<media_file> others;
  // The same for the same creative, and no other's: its first universal ad id that is known, as the
  // host of its media uses it (ids are claimed by whoever writes the answer); else the creative's
  // own id with the URL less its query (tokens and cache-busters differ each time); else the URL.
  std::string creative_key;
};

// Errors: the code an ad server is told.
vast_result<media_choice> choose_media(const ad& a, const play_policy& policy = {});

}  // namespace interlude::vast
