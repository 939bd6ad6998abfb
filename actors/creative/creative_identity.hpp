// What a creative is known by. Three names, each a step on the way from what was asked to what was
// made (docs/decisions/0011):
//
// - the source: what the asker calls it (an ad server's key, or the file or URL itself);
// - the content: the SHA-256 of the bytes that were fetched, whoever gave them under whatever name.
//   Of a stream (HLS), which is many files: the SHA-256 of the SHA-256 of each (64 hex digits), one
//   behind the other: first the playlists as the node writes them, since they say which parts of
//   the files are the ad, then the files in the order in which those name them first;
// - the creative: that content, conditioned to one ladder, length and loudness.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/creative/creative_interface.hpp"

namespace interlude {

// An http or https URL (schemes have no case); else a file.
bool is_remote(std::string_view source);

// The host of a URL, in lower case; empty for a file.
std::string host_of(std::string_view url);

// A file that changes is another source. Looks at the file.
std::string source_name(const condition_creative& wanted);

// 64 hex digits.
std::string sha256_of(std::string_view data);

// 32 hex digits: 128 bits name a thing well enough, and short names make short playlists.
std::string short_name(std::string_view text);

// What an ad without an id is called, by the URL of its media: its host and a hash of the rest. In
// the query there may be secrets, and names are seen by viewers and stand in logs.
std::string unnamed_ad(std::string_view url);

// Names the creative (and the folder of its files) made of this content.
std::string creative_key(std::string_view content, const stitch::ladder& ladder,
                         std::optional<duration> exact, double loudness);

}  // namespace interlude
