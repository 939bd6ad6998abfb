// One TCP or TLS connection of the client. All of it on the client's thread.
//
// Operations give error codes, never throw for what a peer does. close() may be called while one is
// under way, which then ends with an error.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <optional>
#include <string>

#include "net/client_url.hpp"

namespace interlude::net {

namespace asio = boost::asio;
using executor = asio::io_context::executor_type;
template <class T>
using awaitable = asio::awaitable<T, executor>;

class client_connection {
 public:
  using status = boost::system::error_code;
  using pieces = std::array<asio::const_buffer, 2>;

  explicit client_connection(const executor& on) : socket_(on) {}

  awaitable<status> connect(const asio::ip::tcp::endpoint& peer);
  // Verifies the peer's certificate for the URL's host; why_refused() says what is wrong with it.
  awaitable<status> handshake(asio::ssl::context& tls, const client_url& url);
  awaitable<status> write(const pieces& bytes);
  // Appends to input() at most `room` bytes.
  awaitable<status> read(std::size_t room);
  void close();

  // Received and not yet consumed.
  boost::beast::flat_buffer& input() { return input_; }
  // Empty when it was not the certificate that failed the handshake.
  std::string why_refused() const;
  // Whether an idle connection can still be used: the peer neither closed it nor sent anything.
  bool is_quiet();
  // Gives back the memory that a large answer took.
  void shrink();

 private:
  using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;

  tcp_socket socket_;
  std::optional<asio::ssl::stream<tcp_socket&>> tls_;
  boost::beast::flat_buffer input_;
};

}  // namespace interlude::net
