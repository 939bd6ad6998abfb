// Playlists for the verifiers, a segment a word.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "media/hls/media_playlist.hpp"

namespace interlude::verify {

inline const instant epoch = *parse_iso8601("2026-01-01T00:00:00.000Z");

inline hls::media_playlist parse(const std::string& text) {
  auto p = hls::parse_media_playlist(text);
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message()));
  return *std::move(p);
}

// Four seconds each from `first` on; a URI that begins with "!" stands behind a discontinuity.
// Dates as the numbers say, from the epoch on.
inline std::string playlist(std::int64_t first, const std::vector<std::string>& uris,
                            duration later = {}) {
  std::string out = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:" +
                    std::to_string(first) + "\n";
  auto t = epoch + first * std::chrono::seconds{4} + later;
  for (const auto& uri : uris) {
    const bool anew = uri.starts_with('!');
    if (anew) out += "#EXT-X-DISCONTINUITY\n";
    out += "#EXT-X-PROGRAM-DATE-TIME:" + format_iso8601(t) + "\n#EXTINF:4,\n" +
           (anew ? uri.substr(1) : uri) + "\n";
    t += std::chrono::seconds{4};
  }
  return out;
}

inline bool broke(const std::vector<std::string>& wrong, const std::string& rule) {
  for (const auto& w : wrong)
    if (w.starts_with(rule)) return true;
  return false;
}

}  // namespace interlude::verify
