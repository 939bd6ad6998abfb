// What a channel is made of, as its multivariant playlist says: renditions, and how to offer them
// to a session.
//
// Every distinct media playlist is one rendition, named "v0", "v1", ... (variants), "a0", ...
// (audio), "s0", ... (subtitles) in the order they stand. An origin that gives a media playlist
// where a multivariant one is expected is a channel of one rendition. Immutable once made.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/hls/multivariant_playlist.hpp"
#include "media/stitch/channel_timeline.hpp"

namespace interlude::stitch {

struct described_rendition {
  rendition_info info;
  std::string url;              // empty: the origin does not list it any more
  std::uint64_t bandwidth = 0;  // bits per second, of the largest variant that uses it; 0: not said
  bool offered = true;          // to new sessions, if it is listed
};

struct channel_description {
  hls::multivariant_playlist playlist;
  std::string url;  // where it came from, after redirects
  std::vector<described_rendition> renditions;
  std::vector<std::size_t> rendition_of_variant;  // by playlist.variants; npos for I-frame variants
  std::vector<std::size_t>
      rendition_of_media;  // by playlist.renditions; npos where muxed or captions

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t find(std::string_view rendition_name) const noexcept;
};

using description_ptr = std::shared_ptr<const channel_description>;

// `text` as fetched from `url`. `known`: the renditions there have been. They are found again by
// their URL, else by what they are: with the same rate, else the nearest. errc::too_large for more
// than 64 renditions, known and new.
result<description_ptr> describe_channel(std::string text, std::string_view url,
                                         std::span<const described_rendition> known = {});

// The multivariant playlist of a session: every media playlist is "<prefix><rendition>.m3u8".
// I-frame playlists are left out (they are not stitched), and so are content steering (its servers
// do not know our sessions), renditions that are not offered, and variants that need one.
std::string render_multivariant(const channel_description& d, std::string_view prefix);

}  // namespace interlude::stitch
