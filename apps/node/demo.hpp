// The demo: with no configuration the node plays org "demo" with two channels, fed by a live origin
// of its own.
#pragma once

#include <memory>
#include <string>

#include "apps/node/config.hpp"
#include "media/core/result.hpp"
#include "net/http_server.hpp"

namespace interlude {

struct demo {
  std::unique_ptr<net::http_server> origin;
  std::vector<channel_settings> channels;
};

// Makes the media it needs (some seconds the first time) and starts the origin on a port the system
// chooses.
result<demo> start_demo(const std::string& data);

}  // namespace interlude
