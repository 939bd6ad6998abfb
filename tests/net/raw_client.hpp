// A client that sends exactly the bytes it is told and shows exactly those it got. Blocking, with a
// limit of 10 seconds on every read, so that a server that does not answer fails a test instead of
// hanging it.
#pragma once

#include <poll.h>

#include <boost/asio.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace interlude::net {

struct raw_response {
  std::string head, body;  // the head with its empty line

  bool has(std::string_view text) const { return head.find(text) != head.npos; }
  int status() const { return head.size() < 12 ? 0 : std::stoi(head.substr(9, 3)); }
};

class raw_client {
 public:
  explicit raw_client(const boost::asio::ip::tcp::endpoint& server, int receive_buffer = 0)
      : socket_(io_) {
    socket_.open(server.protocol());
    if (receive_buffer > 0)
      socket_.set_option(boost::asio::socket_base::receive_buffer_size(receive_buffer));
    const timeval limit{10, 0};
    BOOST_REQUIRE(
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
    socket_.connect(server);
  }

  // False when the server has closed the connection.
  bool send(std::string_view bytes) {
    boost::system::error_code ec;
    boost::asio::write(socket_, boost::asio::buffer(bytes), ec);
    return !ec;
  }

  void get(std::string_view target, std::string_view lines = {}) {
    send("GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n" + std::string(lines) +
         "\r\n");
  }

  // Whether there is something to read, by then.
  bool can_read(std::chrono::milliseconds patience) {
    pollfd wanted{socket_.native_handle(), POLLIN, 0};
    return !input_.empty() || ::poll(&wanted, 1, static_cast<int>(patience.count())) > 0;
  }

  // The next response; `bodiless` for the answer to HEAD. An empty head when the connection ended
  // first.
  raw_response read(bool bodiless = false) {
    raw_response r;
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == input_.npos)
      if (!receive()) return r;
    r.head = input_.substr(0, end + 4);
    input_.erase(0, end + 4);
    const std::size_t size = bodiless ? 0 : content_length(r.head);
    while (input_.size() < size)
      if (!receive()) break;
    r.body = input_.substr(0, size);
    input_.erase(0, size);
    return r;
  }

  // Everything up to the end of the connection.
  std::string read_all() {
    while (receive()) {
    }
    return std::move(input_);
  }

  bool is_closed() { return input_.empty() && !receive() && closed_; }
  void abort() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }

 private:
  static std::size_t content_length(const std::string& head) {
    const std::string_view name = "Content-Length: ";
    const auto at = head.find(name);
    return at == head.npos ? 0 : std::stoul(head.substr(at + name.size()));
  }

  // ::recv, because Asio's own blocking read does not see SO_RCVTIMEO.
  bool receive() {
    char bytes[16 * 1024];
    const auto n = ::recv(socket_.native_handle(), bytes, sizeof bytes, 0);
    if (n > 0) input_.append(bytes, static_cast<std::size_t>(n));
    closed_ = n == 0 || (n < 0 && errno == ECONNRESET);
    BOOST_CHECK_MESSAGE(n >= 0 || closed_, "the server neither answers nor closes");
    return n > 0;
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string input_;
  bool closed_ = false;
};

}  // namespace interlude::net
