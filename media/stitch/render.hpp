// Media playlists as text: a pure function of what an audience's track has come to and the content
// beneath it.
//
// The same track and window give the same bytes, for every viewer of the audience: ad URIs are
// relative to the session's path ("ad/<break>/<item>/<creative track>/<n>.ts"), and so are those of
// content that the node serves itself; everything else is absolute. Section 8 of the stitching
// rules says which tags stand where.
#pragma once

#include <string>
#include <string_view>

#include "media/stitch/channel_timeline.hpp"

namespace interlude::stitch {

struct render_options {
  bool keep_cues = false;                  // pass the origin's cue tags on
  std::string restrict_ads = "SKIP,JUMP";  // X-RESTRICT of interstitials, empty: none
  duration preroll{0};                     // of guided viewers, at most; zero: none
  // Content is named as the node serves it (content_names.hpp), under this rendition; empty: by the
  // origin's URLs.
  std::string content_of;
};

// The playlist of rendition `index`; empty if there is nothing to show yet.
std::string render_media_playlist(const snapshot& s, const audience& a, std::size_t index,
                                  const render_options& options);

// "ad/<break>/<item>/<path>/": what the segments of one item of a break hang on.
std::string ad_prefix(std::string_view break_id, std::uint32_t item, const creative_track& t);

}  // namespace interlude::stitch
