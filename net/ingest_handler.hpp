// POST /v1/{org}/{channel}/ingest: a transport stream, or what of one carries its SCTE-35 messages,
// for channels whose cues come apart from the content.
//
// Read as it comes, for as long as it comes; of the media nothing is kept. Each message goes to the
// channel at once.
#pragma once

#include <memory>

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// Streams that a channel takes at the same time: a main one and its backup.
inline constexpr int max_ingests = 2;

// Never null: what may not be taken is answered at once.
std::unique_ptr<body_sink> open_ingest(node_context& node, const route& r, const request& req);
// A request without a body.
response empty_ingest(const node_context& node, const route& r, const request& req);

}  // namespace interlude::net
