// Finds a channel's renditions again in a multivariant playlist that has changed, or is another
// origin's.
#pragma once

#include <span>
#include <vector>

#include "media/stitch/channel_description.hpp"

namespace interlude::stitch {

// For each of `listed`, which of `known` it is, npos if it is none of them; every known one is
// found once at most. A rendition is told by its URL (its query may change), then by identity, then
// by its identity without the rate, nearest rate first, at last by its picture alone: packagers of
// one encoder do not agree on codec strings.
std::vector<std::size_t> match_renditions(std::span<const described_rendition> listed,
                                          std::span<const described_rendition> known);

// What `identity` of rendition_info is made of: "<picture or language>|<the rest>@<rate>".
std::string identity_of(const hls::variant& v);
std::string identity_of(const hls::media_rendition& m);
std::int64_t rate_of(const rendition_info& r);

}  // namespace interlude::stitch
