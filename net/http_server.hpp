// An HTTP/1.1 server: one io_context and one thread per core, each with its own SO_REUSEPORT
// acceptor on the same port; a connection never changes threads.
//
// Keep-alive, pipelining in order, HEAD answered as GET without the body, OPTIONS answered with
// CORS, a gathered write per response. Hostile clients: header size (8 KiB default), body size,
// header and idle timeouts (one coarse timer per thread, not one per connection and operation),
// number of connections; each refusal is a proper 4xx where the protocol still allows one, and
// closes the connection.
//
// The object may be made, started, stopped and destroyed by any one thread that is not one of its
// own. A handler's coroutine that is still waiting when `grace` is over is destroyed with the
// server: destroy the server only after whatever completes such waits has stopped.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "media/core/result.hpp"
#include "net/http_message.hpp"

namespace interlude::net {

struct server_options {
  asio::ip::tcp::endpoint listen{asio::ip::make_address("127.0.0.1"),
                                 0};  // port 0: the kernel chooses
  std::size_t threads = 1;
  std::uint32_t max_header_bytes = 8 * 1024;
  std::uint64_t max_body_bytes = 256 * 1024;
  // All threads together. Fewer, if the process may not open as many files.
  std::size_t max_connections = 20'000;
  // Deadlines are looked at once a second, or four times in the shortest of them if that is less.
  std::chrono::milliseconds header_timeout{
      10'000};  // from the connection or first byte to the end of the header
  std::chrono::milliseconds body_timeout{
      30'000};  // from the end of the header to the end of the body
  std::chrono::milliseconds idle_timeout{60'000};   // between two requests
  std::chrono::milliseconds write_timeout{30'000};  // without the peer taking a single byte
};

struct server_counters {
  std::atomic<std::uint64_t> accepted{0}, refused{0}, requests{0}, bad_requests{0}, timeouts{0},
      handler_failures{0};
  std::atomic<std::int64_t> open{0};
};

// "127.0.0.1:8080", "[::1]:0".
result<asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);
std::string to_text(const asio::ip::tcp::endpoint& e);

class http_server {
 public:
  // Binds and listens, so that the port is known and a taken one is an error here; serves after
  // start().
  static result<std::unique_ptr<http_server>> open(const server_options& options,
                                                   std::shared_ptr<request_handler> handler);
  virtual ~http_server() = default;

  virtual void start() = 0;
  virtual asio::ip::tcp::endpoint endpoint() const = 0;
  // Stops accepting, lets requests under way finish within `grace`, closes idle connections at
  // once, joins the threads.
  virtual void stop(std::chrono::milliseconds grace) = 0;
  virtual const server_counters& counters() const = 0;
};

}  // namespace interlude::net
