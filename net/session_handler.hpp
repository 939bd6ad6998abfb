// How a session begins: GET .../master.m3u8 (implicit) and POST .../session (explicit).
//
// The viewer token, where the channel wants one, is checked here and nowhere else; what it claims
// for ads and what the player says in ads.<name> travel in the session token.
#pragma once

#include <memory>
#include <string_view>

#include "actors/channel_settings.hpp"
#include "net/http_message.hpp"
#include "net/jwks_cache.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"

namespace interlude::net {

awaitable<response> start_session(node_context& node, jwks_cache& keys, route r,
                                  const request& req);

// Guided or stitched: what the request says ("ssai", "sgai"), else what the channel says, else what
// the player is known to do (Apple's players fetch interstitials themselves since iOS 16.4,
// tvOS 16.4 and macOS 13.3).
insertion_mode choose_mode(std::string_view asked, insertion configured,
                           std::string_view user_agent);

// "https://host:port": the configured one, or what the request was sent to.
std::string base_url(const node_context& node, const request& req);

}  // namespace interlude::net
