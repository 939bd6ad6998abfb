// Turns an origin's segment into the lines that stand for it in every playlist we write.
//
// URIs become absolute, an AES-128 key without IV gets the explicit one that its implicit IV stands
// for (RFC 8216bis 5.2: the origin's media sequence number; ours differ), a byte range its offset.
// Dates, discontinuities, keys, maps and cue tags are taken out, low-latency tags are dropped,
// everything else is kept verbatim.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "media/core/result.hpp"
#include "media/hls/media_playlist.hpp"
#include "media/stitch/content.hpp"

namespace interlude::stitch {

// What tells two segments apart when numbers cannot be trusted: the URI without scheme, authority,
// query and fragment, and the byte range.
std::string segment_identity(const hls::segment& s);

// Fills identity, lines, cue_lines, key_lines and map_line; the caller sets position and numbers.
result<content_segment> make_content_segment(const hls::media_playlist& playlist,
                                             const hls::segment& s, std::string_view url,
                                             std::int64_t origin_msn);

// Where the value of a tag line's URI attribute stands: begin and size, without the quotes.
std::optional<std::pair<std::size_t, std::size_t>> uri_attribute_of(std::string_view text);

// `text` is a whole tag line; its URI attribute is replaced by the absolute form.
result<std::string> with_absolute_uri(std::string_view text, std::string_view url);

}  // namespace interlude::stitch
