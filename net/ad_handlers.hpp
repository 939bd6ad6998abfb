// What a session plays in its breaks: ad segments, and asset lists and assets of guided breaks.
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// GET .../ad/...: a segment of a conditioned creative, straight from the mapped file. False: there
// is something to be told with it, which is on disk before the segment is given out.
bool ad_segment_now(node_context& node, const route& r, const request& req, response& out);
awaitable<response> ad_segment_when_told(node_context& node, route r, const request& req);

// GET .../assets/{break}.json. Waits for the decision, at most as long as the channel allows.
awaitable<response> asset_list(node_context& node, route r, const request& req);
// GET .../asset/{break}/{item}/master.m3u8 and .../{rendition}.m3u8
awaitable<response> asset_playlist(node_context& node, route r, const request& req);

}  // namespace interlude::net
