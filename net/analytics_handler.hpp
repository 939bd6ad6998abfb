// What an organisation's ads and breaks came to, for who bills and who operates.
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// GET /v1/{org}/analytics?from=&to=&channel=&by=&format=: rows of counters, as JSON or CSV. Bearer
// token: the node's operator_token; for one channel its cue_token will do.
awaitable<response> report_analytics(node_context& node, route r, const request& req);

}  // namespace interlude::net
