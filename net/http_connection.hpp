// One client of the server: bytes to requests, responses to bytes, in order, until either side has
// had enough.
//
// Lives in the frame of its coroutine and never leaves its thread. The hot path is serve() ->
// next() -> answer_now -> write_now(): one read and one gathered write, no suspension but the one
// that waits for the next request. Deadlines are counted in ticks of the worker, so that no
// operation has a timer of its own.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "net/connection_context.hpp"
#include "net/request_body.hpp"
#include "net/request_rules.hpp"

namespace interlude::net {

using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;

// The completion token of everything the server waits for: no exceptions, the concrete executor.
inline auto into(boost::system::error_code& ec) {
  return asio::redirect_error(asio::use_awaitable_t<executor>{}, ec);
}

class http_connection : public connection_hook {
 public:
  http_connection(connection_context& context, tcp_socket socket, asio::ip::address peer);
  ~http_connection();

  awaitable<void> serve();
  // Called by the worker between two resumptions of serve().
  void close_if_late();
  void close_if_idle();
  void close_now();

 private:
  enum class phase { idle, header, body, answer, write, linger };
  enum class step { read, answer_later, finish_body, write, close };
  using parser = http::request_parser<request_body, request_fields::allocator_type>;

  step next();
  step parse();
  step answer();
  step needs_more();
  std::optional<refusal> open_message();
  bool is_too_large() const;
  step feed_sink();
  step refuse(const refusal& why);
  void take_header();
  void begin_message();
  bool may_become_request() const;
  void send_continue();

  asio::mutable_buffer room();
  void received(std::size_t bytes, boost::system::error_code ec);
  awaitable<void> answer_later();
  awaitable<void> finish_body();
  void answer_failed(std::string_view what);
  void gather();
  bool write_now();
  awaitable<void> write_rest();
  void advance(std::size_t written);
  void finish_response();
  awaitable<void> linger();
  void enter(phase next_phase, std::chrono::milliseconds timeout);

  connection_context& context_;
  tcp_socket socket_;
  phase phase_ = phase::idle;
  tick deadline_ = 0;
  bool late_ = false;         // the deadline has passed and the operation was cancelled
  bool closed_ = false;       // nothing more is read or written
  bool keep_alive_ = true;    // after the response under way
  bool linger_ = false;       // the peer may still be sending: see linger()
  bool head_only_ = false;    // HEAD
  bool old_version_ = false;  // HTTP/1.0
  bool continue_sent_ = false;
  bool opened_ = false;  // the message's header has been looked at
  boost::beast::flat_buffer buffer_;
  std::optional<parser> parser_;
  request request_;
  std::unique_ptr<body_sink> sink_;  // takes the body; null: it is collected
  response response_;
  std::string head_;  // status line and Content-Length of a response that is not shared
  std::array<asio::const_buffer, 3> parts_;
};

}  // namespace interlude::net
