// The whole story of a session that was started in debug mode.
#pragma once

#include <optional>
#include <string_view>

#include "net/http_message.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

// Why a session cannot be started in debug mode: that takes the channel's cue_token, as bearer
// token or as `token` (where the bearer token is the viewer's).
std::optional<response> refuse_debugging(const channel_view& channel, const request& req,
                                         std::string_view token);
// From now on what is decided for its audience is kept. A refusal if there are too many.
std::optional<response> begin_debugging(const node_context& node, const channel_view& channel,
                                        const session& s);

// GET .../s/{session}/debug.json: what the session was started with, what was decided for its
// audience since, and the breaks that it is shown. Not without the flag in its token.
response debug_story(node_context& node, const route& r);

}  // namespace interlude::net
