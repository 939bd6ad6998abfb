// What a session's breaks hold: for people and pages, and for players that tell of ads themselves.
#pragma once

#include <boost/json/fwd.hpp>

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// GET .../tracking.json: the breaks in and near the window and the ads in each; "avails" as
// avail_json.hpp says. "nextToken" stands for what there was: asked again with it, the avails come
// only if something has changed.
response tracking(node_context& node, const route& r, const request& req);

// The breaks, of a session.
boost::json::array breaks_shown_to(const channel_view& channel, const session& s);

}  // namespace interlude::net
