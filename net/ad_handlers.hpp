// What a session plays in its breaks: ad segments, asset lists and assets of guided breaks, and the
// list of what is on.
#pragma once

#include <boost/json/fwd.hpp>

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// GET .../ad/...: a segment of a conditioned creative, straight from the mapped file.
response ad_segment(node_context& node, const route& r);

// GET .../assets/{break}.json. Waits for the decision, at most as long as the channel allows.
awaitable<response> asset_list(node_context& node, route r, const request& req);
// GET .../asset/{break}/{item}/master.m3u8 and .../{rendition}.m3u8
awaitable<response> asset_playlist(node_context& node, route r, const request& req);

// GET .../tracking.json: the breaks in and near the window, and the ads in each.
response tracking(node_context& node, const route& r);
// That list, of a session.
boost::json::array breaks_shown_to(const channel_view& channel, const session& s);

}  // namespace interlude::net
