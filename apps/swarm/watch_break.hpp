// What a guided player does with a break: fetches the asset list in good time, plays each asset,
// and looks again whether the list is still the same.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "apps/swarm/player_model.hpp"
#include "apps/swarm/session_watch.hpp"
#include "apps/swarm/swarm_desk.hpp"

namespace interlude::swarm {

// `playlist_url` is where the break was told. All that is referred to must outlive it.
boost::asio::awaitable<void> watch_break(swarm_desk& desk, player_http& http, player_model& model,
                                         place where, std::string playlist_url, guided_break b);

}  // namespace interlude::swarm
