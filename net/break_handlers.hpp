// Why this ad: what was asked, answered and chosen for the latest breaks of a channel, for its
// operator (bearer token: the channel's cue_token).
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// GET .../breaks: a line for each.
awaitable<response> list_breaks(node_context& node, route r, const request& req);

// GET .../breaks/{break}[?audience=<name>]: the story of each audience, or of one.
awaitable<response> tell_break(node_context& node, route r, const request& req);

}  // namespace interlude::net
