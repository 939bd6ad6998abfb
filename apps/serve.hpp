// What programs that serve one handler do until a signal ends them.
#pragma once

#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "apps/stop_signals.hpp"
#include "net/http_server.hpp"

namespace interlude {

// Opens the handler, listens, prints where, lets `print_urls` add to that, and returns after SIGINT
// or SIGTERM. The exit status: 0; 1 if it cannot be opened, or listened to there; 2 if `listen` is
// no address and port.
inline int serve_until_signal(
    const std::string& listen,
    const std::function<result<std::shared_ptr<net::request_handler>>()>& open,
    const std::function<void(const std::string& at)>& print_urls) {
  net::server_options server;
  const auto endpoint = net::parse_endpoint(listen);
  if (!endpoint) return std::cerr << endpoint.error().message() << '\n', 2;
  server.listen = *endpoint;
  const auto handler = open();
  if (!handler) return std::cerr << handler.error().message() << '\n', 1;
  auto running = net::http_server::open(server, *handler);
  if (!running) return std::cerr << running.error().message() << '\n', 1;
  stop_signals signals;
  (*running)->start();
  const auto at = "http://" + net::to_text((*running)->endpoint());
  std::cout << "listening on " << at << '\n';
  print_urls(at);
  std::cout.flush();
  signals.wait();
  (*running)->stop(std::chrono::milliseconds{500});
  return 0;
}

}  // namespace interlude
