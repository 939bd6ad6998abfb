// An HTTP server that is nothing but a script: it hands each connection to a function that reads
// and writes raw bytes. Loopback, a thread per connection, with a limit of 10 seconds on every
// read so that a client that says nothing fails a test instead of hanging it.
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace interlude::test {

class scripted_connection {
 public:
  using tcp = boost::asio::ip::tcp;

  scripted_connection(tcp::socket socket, std::size_t nth)
      : number(nth), socket_(std::move(socket)) {
    const timeval limit{10, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }

  bool secure(boost::asio::ssl::context& tls) {
    boost::system::error_code ec;
    tls_.emplace(socket_, tls);
    tls_->handshake(boost::asio::ssl::stream_base::server, ec);
    return !ec;
  }

  // Whether the client came with a session that it had before.
  bool is_resumed() { return tls_ && SSL_session_reused(tls_->native_handle()) == 1; }

  // Head and body of the next request; empty when the client has gone.
  std::string read_request() {
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos)
      if (!receive()) return {};
    const auto length = input_.find("Content-Length: ");
    const auto size =
        end + 4 + (length < end ? std::stoul(input_.substr(length + 16)) : std::size_t{0});
    while (input_.size() < size)
      if (!receive()) return {};
    auto request = input_.substr(0, size);
    input_.erase(0, size);
    return request;
  }

  // False: the client has gone, as it may whenever it likes.
  bool send(std::string_view bytes) {
    boost::system::error_code ec;
    if (tls_)
      boost::asio::write(*tls_, boost::asio::buffer(bytes), ec);
    else
      boost::asio::write(socket_, boost::asio::buffer(bytes), ec);
    return !ec;
  }

  void answer(std::string_view body, std::string_view status = "200 OK",
              std::string_view lines = {}) {
    send("HTTP/1.1 " + std::string{status} + "\r\n" + std::string{lines} +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body});
  }

  // Returns when the client has closed.
  void wait_until_closed() {
    while (receive()) continue;
  }

  const std::size_t number;  // in the order they were accepted, from 0

 private:
  friend class scripted_server;

  bool receive() {
    char piece[4096];
    boost::system::error_code ec;
    const auto space = boost::asio::buffer(piece);
    const auto got = tls_ ? tls_->read_some(space, ec) : socket_.read_some(space, ec);
    input_.append(piece, got);
    return !ec;
  }

  tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<tcp::socket&>> tls_;
  std::string input_;
};

class scripted_server {
 public:
  // Called on a thread of its own for each connection, which is closed when it returns.
  using script = std::function<void(scripted_connection&)>;

  explicit scripted_server(script s, boost::asio::ssl::context* tls = nullptr)
      : script_(std::move(s)), tls_(tls), acceptor_(io_, {loopback(), 0}) {
    port_ = acceptor_.local_endpoint().port();
    accepting_ = std::thread{[this] { accept(); }};
  }

  ~scripted_server() {
    stopping_ = true;
    // Wakes the thread that waits in accept(); closing the descriptor would not.
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    accepting_.join();
    for (const auto& c : open_) ::shutdown(c->socket_.native_handle(), SHUT_RDWR);
    for (auto& t : threads_) t.join();
  }
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view target = "/") const {
    return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) +
           std::string{target};
  }
  std::size_t connections() const { return accepted_; }

 private:
  static boost::asio::ip::address loopback() { return boost::asio::ip::address_v4::loopback(); }

  void accept() {
    for (;;) {
      boost::system::error_code ec;
      auto socket = acceptor_.accept(ec);
      if (stopping_ || ec) return;
      auto c = std::make_shared<scripted_connection>(std::move(socket), accepted_++);
      open_.push_back(c);
      threads_.emplace_back([this, c] {
        if (!tls_ || c->secure(*tls_)) script_(*c);
        // Not closed: the destructor may be about to use the descriptor.
        ::shutdown(c->socket_.native_handle(), SHUT_RDWR);
      });
    }
  }

  script script_;
  boost::asio::ssl::context* tls_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> accepted_{0};
  std::vector<std::shared_ptr<scripted_connection>> open_;  // the accepting thread's until joined
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace interlude::test
