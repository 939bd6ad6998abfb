// What operators and load balancers ask: breaks by hand, channels, health, version; and the player
// page.
#pragma once

#include <boost/json/fwd.hpp>

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// The same, compared without telling by its time where they differ. Nothing is an empty token.
bool is_token(std::string_view given, std::string_view token);
// The request carries this bearer token. Nothing carries an empty one.
bool is_authorized(const request& req, std::string_view token);

// 401, for who has to show a bearer token.
response token_wanted(std::string_view slug, std::string_view title, std::string_view detail);

// The request is not the operator's (operator_token): `out` says so.
bool is_refused(const node_context& node, const request& req, response& out);

// Not for caches.
response json_reply(const boost::json::object& body);

// The channel whose operator asks, by its bearer token; null, and why, for anybody else.
channel_view* operated_channel(const node_context& node, const route& r, const request& req,
                               response& refusal);

// POST .../cue with {"action":"start"|"stop"|"extend"|"cancel","id":...,"at":ISO 8601,
// "duration":seconds}; GET: the breaks that are known. Bearer token of the channel.
response cue_status(const node_context& node, const route& r, const request& req);
awaitable<response> cue(node_context& node, route r, const request& req);

response channels(const node_context& node);
response health_live();
response health_ready(const node_context& node);
response version();

// A file of the player page; never outside of its folder, never a name that was not asked for
// plainly.
response page(const node_context& node, std::string_view path);

}  // namespace interlude::net
