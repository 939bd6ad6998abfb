// The metrics of each part of the node, as they are now.
//
// All labels have few values: routes, tiers and the like; channels, and hosts of ad servers that
// are configured. Nothing in them is of a viewer, a session, an ad or a break.
#pragma once

#include "net/metrics/metric_family.hpp"
#include "net/node_context.hpp"

namespace interlude::net {

metric_families http_metrics(const node_context& node);
metric_families decision_metrics(const node_context& node);
metric_families ad_server_metrics(const node_context& node);
metric_families creative_metrics(const node_context& node);
metric_families origin_metrics(const node_context& node);
metric_families viewer_metrics(const node_context& node);
metric_families break_metrics(const node_context& node);
metric_families plan_metrics(const node_context& node);
metric_families beacon_metrics(const node_context& node);
metric_families storage_metrics(const node_context& node);
metric_families mailbox_metrics(const node_context& node);
metric_families process_metrics(const node_context& node);

}  // namespace interlude::net
