#include "net/http_worker.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace interlude::net {

namespace {

using asio::ip::tcp;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr std::chrono::milliseconds accept_retry{100};

void refuse_client(tcp_socket& socket) {
  const response r = make_problem(http::status::service_unavailable, "busy", "Service Unavailable",
                                  "this node serves as many connections as it may");
  const std::string text =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: " + std::to_string(r.body.size()) +
      "\r\n" + r.headers + "Retry-After: 1\r\nConnection: close\r\n\r\n" + r.body;
  boost::system::error_code ec;
  socket.non_blocking(true, ec);
  socket.write_some(asio::buffer(text), ec);
  socket.shutdown(tcp_socket::shutdown_send, ec);
}

}  // namespace

http_worker::http_worker(const server_options& options, request_handler& handler,
                         server_counters& counters)
    : shared_(options, handler, counters),
      io_(1),
      acceptor_(io_.get_executor()),
      ticks_(io_.get_executor()),
      accept_pause_(io_.get_executor()) {}

boost::system::error_code http_worker::listen(const tcp::endpoint& at, bool shared) {
  boost::system::error_code ec;
  acceptor_.open(at.protocol(), ec);
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec && shared) acceptor_.set_option(reuse_port(true), ec);
  // Inherited by what is accepted, which saves a system call per connection.
  if (!ec) acceptor_.set_option(tcp::no_delay(true), ec);
  if (!ec) acceptor_.bind(at, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  return ec;
}

tcp::endpoint http_worker::endpoint() const {
  return acceptor_.local_endpoint();
}

void http_worker::run() {
  asio::co_spawn(io_.get_executor(), accept_clients(), asio::detached);
  asio::co_spawn(io_.get_executor(), keep_time(), asio::detached);
  for (bool done = false; !done;) {
    try {
      io_.run();
      done = true;
    } catch (const std::exception& e) {
      // Not from a connection, which keeps its own: from what a handler has posted to this thread.
      shared_.log_failure("work of a handler", e.what());
    }
  }
}

awaitable<void> http_worker::accept_clients() {
  boost::system::error_code ec;
  tcp::endpoint peer;
  const auto most = static_cast<std::int64_t>(shared_.options.max_connections);
  while (acceptor_.is_open()) {
    tcp_socket socket = co_await acceptor_.async_accept(peer, into(ec));
    if (shared_.stopping) co_return;
    if (ec) {
      // Out of descriptors, as a rule: the client stays in the backlog until one is free.
      accept_pause_.expires_after(accept_retry);
      co_await accept_pause_.async_wait(into(ec));
      continue;
    }
    if (shared_.counters.open.load(std::memory_order_relaxed) >= most) {
      shared_.counters.refused.fetch_add(1, std::memory_order_relaxed);
      refuse_client(socket);
      continue;
    }
    shared_.counters.accepted.fetch_add(1, std::memory_order_relaxed);
    // Made here, so that it counts before the next one is accepted.
    auto connection = std::make_unique<http_connection>(shared_, std::move(socket), peer.address());
    asio::co_spawn(io_.get_executor(), serve(std::move(connection)), asio::detached);
  }
}

awaitable<void> http_worker::serve(std::unique_ptr<http_connection> connection) {
  try {
    co_await connection->serve();
  } catch (const std::exception& e) {
    shared_.log_failure("a connection", e.what());
  }
  connection.reset();
  end_if_done();
}

awaitable<void> http_worker::keep_time() {
  boost::system::error_code ec;
  auto next = std::chrono::steady_clock::now();
  while (!shared_.stopping || !shared_.connections.empty()) {
    // Steady ticks, but after a stall the clock goes on from now instead of catching up in a burst.
    next = std::max(next + shared_.tick_length, std::chrono::steady_clock::now());
    ticks_.expires_at(next);
    co_await ticks_.async_wait(into(ec));
    shared_.advance_clock();
    for (auto& connection : shared_.connections) connection.close_if_late();
  }
}

void http_worker::end_if_done() {
  if (shared_.stopping && shared_.connections.empty()) ticks_.cancel();
}

void http_worker::begin_stop() {
  asio::post(io_.get_executor(), [this] {
    shared_.stopping = true;
    boost::system::error_code ec;
    acceptor_.close(ec);
    accept_pause_.cancel();
    for (auto& connection : shared_.connections) connection.close_if_idle();
    end_if_done();
  });
}

void http_worker::abandon() {
  io_.stop();
}

void http_worker::close() {
  boost::system::error_code ec;
  acceptor_.close(ec);
  for (auto& connection : shared_.connections) connection.close_now();
}

}  // namespace interlude::net
