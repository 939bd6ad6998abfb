// The demo: with no configuration the node plays org "demo" with two channels, fed by a live origin
// and an ad server of its own.
#pragma once

#include <memory>
#include <string>

#include "apps/node/config.hpp"
#include "media/core/result.hpp"
#include "net/http_server.hpp"

namespace interlude {

struct demo {
  std::unique_ptr<net::http_server> origin, ad_server;
  std::vector<channel_settings> channels;

  // Where its servers are, a line each, for whoever starts the demo.
  std::string urls() const;
  // After the node, which asks them until its end.
  void stop();
};

// Makes the media it needs (some seconds the first time) and starts both servers on ports of
// 127.0.0.1 that the system chooses: the node must be allowed to fetch ads from there.
result<demo> start_demo(const std::string& data);

}  // namespace interlude
