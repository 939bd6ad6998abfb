// What content is called where the node serves it itself: names that stand in playlists in place of
// the origin's URLs, and back.
//
// "content/<rendition>/<number>-<hash>.ts" is a segment: the channel's number, and a hash of the
// path that the origin's playlist gives it. Hosts and query tokens are not in it, so the name stays
// when these change, also over a restart (invariant 7a). "init-<hash>.mp4" and "key-<hash>.key" are
// the initialisation (EXT-X-MAP) and the key of segments; their whole URL is hashed, since what
// tells two keys apart is often the query. A byte range is part of what a name stands for: the name
// is the segment, and EXT-X-BYTERANGE leaves the playlist. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/hls/media_playlist.hpp"
#include "media/stitch/content.hpp"

namespace interlude::stitch {

enum class content_kind : std::uint8_t { segment, map, key };

// Where the origin has what a name stands for.
struct content_source {
  content_kind kind = content_kind::segment;
  std::string url;
  std::optional<hls::byte_range> range;
};

// The URL, and the range where there is one: two that are alike are the same bytes.
std::string whole_name(const content_source& at);

// "content/<rendition>/": what the names of one rendition hang on.
std::string content_prefix(std::string_view rendition);

// The segment's own lines with its name in place of its URL. What is not http or https stays as it
// is, here and below.
void append_named_lines(std::string& out, const content_segment& s, std::string_view prefix);
// An EXT-X-MAP line.
std::string named_map(std::string_view map_line, std::string_view prefix);
// EXT-X-KEY lines. Only key files have names: in other KEYFORMATs the URI is for a licence system.
std::string named_keys(std::string_view key_lines, std::string_view prefix);

// The number in a segment's name; nullopt for initialisations, keys and what is no name.
std::optional<std::int64_t> number_in(std::string_view name);
// What `name` stands for, if it is this segment, its initialisation or its key.
std::optional<content_source> source_of(const content_segment& s, std::string_view name);

}  // namespace interlude::stitch
