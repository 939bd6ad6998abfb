// GET .../s/{session}/content/{rendition}/{file}: the content of a channel whose segments the node
// serves.
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// Fills `out` and returns true if it is in memory, or will not be had.
bool content_now(node_context& node, const route& r, const request& req, response& out);
// Fetches it; waits for the channel first, if nothing has been read of the rendition yet.
awaitable<response> content_when_ready(node_context& node, route r, const request& req);

}  // namespace interlude::net
