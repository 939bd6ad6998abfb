// Guided insertion: breaks told to the player as HLS interstitials (RFC 8216bis appendix D;
// stitching rules, section 10).
//
// The EXT-X-DATERANGE of a break is the same in every rendition and every reload: attributes are
// added, never changed. Assets are VOD presentations that mirror the channel's ladder.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "media/core/result.hpp"
#include "media/hls/multivariant_playlist.hpp"
#include "media/stitch/channel_timeline.hpp"

namespace interlude::stitch {

struct render_options;

// One line per break that is not over before the reference's window, nor before `first`, where the
// playlist begins; and a second one for a break that ended early.
void append_interstitials(std::string& out, const snapshot& s, instant first,
                          const render_options& options);

// The asset list (JSON) of a break: one asset per item of the plan. `asset_base` is the absolute
// URL of the session with a slash at its end; asset i is
// "<asset_base>asset/<break>/<i>/master.m3u8". A null plan gives an empty list.
boost::json::object asset_list_json(const plan* p, std::string_view asset_base,
                                    std::size_t primary);

// "asset/<break>/<item>/<rendition>.m3u8": VOD media playlist of one item. Segment URIs climb back
// to the session.
std::string render_asset_playlist(const plan_item& item, std::string_view break_id,
                                  std::uint32_t item_index, std::size_t rendition,
                                  std::size_t primary);

}  // namespace interlude::stitch
