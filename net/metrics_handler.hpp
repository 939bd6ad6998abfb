// GET /metrics: what the node counts, for Prometheus.
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"

namespace interlude::net {

awaitable<response> metrics(const node_context& node);

}  // namespace interlude::net
