// A multivariant playlist (RFC 8216bis 4.4.6): every line kept, what the node needs taken out.
//
// Same ownership and bounds as media_playlist. `lines` in order give back the bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/hls/media_playlist.hpp"
#include "media/hls/playlist_line.hpp"

namespace interlude::hls {

struct resolution {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  friend bool operator==(const resolution&, const resolution&) = default;
};

// EXT-X-STREAM-INF with the URI line that follows it, or EXT-X-I-FRAME-STREAM-INF with its URI
// attribute.
struct variant {
  std::string_view uri;
  std::uint64_t bandwidth = 0;  // bits per second
  std::uint64_t average_bandwidth = 0;
  std::string_view codecs;
  std::optional<hls::resolution> resolution;
  std::optional<double> frame_rate;
  std::string_view audio, video, subtitles, closed_captions;  // GROUP-IDs, empty if none
  bool i_frame = false;
  std::uint32_t tag_line = 0;  // index into lines
  std::uint32_t uri_line = 0;  // the same as tag_line for I-frame variants
};

enum class media_type : std::uint8_t { audio, video, subtitles, closed_captions };

struct media_rendition {  // EXT-X-MEDIA
  media_type type = media_type::audio;
  std::string_view uri;  // empty: muxed into the variant
  std::string_view group_id, name, language, channels;
  bool is_default = false;
  bool autoselect = false;
  std::uint32_t tag_line = 0;
};

struct multivariant_playlist {
  std::shared_ptr<const std::string> text;
  std::vector<playlist_line> lines;
  std::vector<variant> variants;  // I-frame variants too, in the order they stand
  std::vector<media_rendition> renditions;
  std::vector<variable> variables;  // EXT-X-DEFINE, for the media playlists to import
  int version = 1;
  bool independent_segments = false;
};

// A media playlist given here is errc::unsupported with a text that says so, so that a caller can
// tell.
result<multivariant_playlist> parse_multivariant_playlist(std::string text,
                                                          const limits& bounds = {},
                                                          std::string_view own_query = {});

// True if the text is a playlist that has segments and no variants.
bool is_media_playlist(std::string_view text) noexcept;

// Resolves a playlist's relative reference against the URL it came from (RFC 3986 5.3). nullopt if
// either is not a URL.
std::optional<std::string> resolve_uri(std::string_view base, std::string_view reference);

// A URL up to its query or fragment: what names the resource, and may stand in a log.
constexpr std::string_view without_query(std::string_view url) noexcept {
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace interlude::hls
