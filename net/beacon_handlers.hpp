// What operators ask of the node's tracking requests: how many wait and for whom, which were given
// up; to send those again, or delete them. Bearer token of the node (operator_token). URLs of
// pixels hold what is known of viewers: they are shown to the operator, and to nobody else.
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// GET /v1/beacons
awaitable<response> look_at_beacons(node_context& node, const request& req);
// GET /v1/beacons/dead?after=<name>&limit=<1 to 1000>&channel=<org/channel>&host=<host>
awaitable<response> list_dead(node_context& node, const request& req);
// GET /v1/beacons/dead/{name}
awaitable<response> show_dead(node_context& node, route r, const request& req);
// POST /v1/beacons/dead/replay, /v1/beacons/dead/drop with {"names": [...]} or
// {"all": true, "channel": ..., "host": ..., "after": ..., "until": ...}
awaitable<response> change_dead(node_context& node, dead_change what, const request& req);

}  // namespace interlude::net
