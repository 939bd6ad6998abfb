// POST /v1/decision: the decisions of this node's channels, for others who insert ads
// (docs/decision-api.md).
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"

namespace interlude::net {

// Fills `out` and returns true when no ad server has to be asked: the question is wrong, or its
// answer is kept and fresh.
bool decision_now(node_context& node, const request& req, response& out);
// Asks and waits.
awaitable<response> decision_when_ready(node_context& node, const request& req);

}  // namespace interlude::net
