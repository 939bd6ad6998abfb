// One thread of the server: its io_context, its acceptor, its connections, its clock.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

#include "net/http_connection.hpp"

namespace interlude::net {

class http_worker {
 public:
  http_worker(const server_options& options, request_handler& handler, server_counters& counters);

  // Binds and listens; `shared` when other workers listen on the same port.
  boost::system::error_code listen(const asio::ip::tcp::endpoint& at, bool shared);
  asio::ip::tcp::endpoint endpoint() const;

  // Serves until begin_stop() and the last connection has ended, or abandon(). The body of the
  // worker's thread.
  void run();
  // From any thread.
  void begin_stop();
  void abandon();
  // After run() has returned, or instead of it.
  void close();

 private:
  using steady_timer =
      asio::basic_waitable_timer<std::chrono::steady_clock,
                                 asio::wait_traits<std::chrono::steady_clock>, executor>;

  awaitable<void> accept_clients();
  awaitable<void> serve(std::unique_ptr<http_connection> connection);
  awaitable<void> keep_time();
  void end_if_done();

  // Before the io_context, whose destructor ends the coroutines that use it.
  connection_context shared_;
  asio::io_context io_;
  asio::basic_socket_acceptor<asio::ip::tcp, executor> acceptor_;
  steady_timer ticks_, accept_pause_;
};

}  // namespace interlude::net
