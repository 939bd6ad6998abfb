// Server-side tracking: what happens when a segment of an ad is fetched, is told and counted.
//
// An event is due when the segment that covers its position is asked for, in an ad that the
// session's playlists or asset lists have named: once for each session, ad and event, whatever is
// fetched again and in whichever rendition, and not without those that come before it in the ad.
// Where a VMAP asks for it, it is told when its break begins and ends, too.
// The operator's own ads have the same events, and nobody is told. Of a session that tracks its ads
// itself they are counted as its player's. Not counted: HEAD, prefetching (Purpose and
// Sec-Purpose), and what is not in the session's window.
#pragma once

#include <vector>

#include "actors/beacon/beacon_sink.hpp"
#include "actors/channel_view.hpp"
#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"
#include "net/session_cache.hpp"

namespace interlude::net {

// Whether anything is due with this segment that has not been accepted lately, or may be.
bool has_news(node_context& node, const channel_view& channel, const session& s, const route& r,
              const request& req);
// What that is.
std::vector<beacon_event> events_of_segment(node_context& node, const channel_view& channel,
                                            const session& s, const route& r, const request& req);

}  // namespace interlude::net
