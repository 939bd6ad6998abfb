// What operators ask of the node's creatives: what there is and what failed, to try once more, to
// remove. Bearer token of the node (operator_token).
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// GET /v1/creatives?after=<key>&limit=<1 to 1000>
awaitable<response> list_creatives(node_context& node, const request& req);
// POST /v1/creatives/{key}/retry
awaitable<response> retry_creative(node_context& node, route r, const request& req);
// DELETE /v1/creatives/{key}
awaitable<response> remove_creative(node_context& node, route r, const request& req);

}  // namespace interlude::net
