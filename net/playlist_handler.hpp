// GET .../s/{session}/{rendition}.m3u8: the hot path of the node. docs/architecture.md, "The way of
// a media playlist request", is this file.
#pragma once

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"
#include "net/session_cache.hpp"

namespace interlude::net {

// Fills `out` and returns true when the answer is there; false when the channel's actor has to be
// asked.
bool playlist_now(node_context& node, const route& r, const request& req, response& out);
// Asks and waits.
awaitable<response> playlist_when_ready(node_context& node, route r, const request& req);

// The session a token stands for, verified at most once per thread. Good until the next call on
// this thread.
result<verified_session*> session_of(node_context& node, const route& r);
response session_refused(const error& e);

}  // namespace interlude::net
