// One request and its answer on one connection, plain or TLS.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "actors/http_fetcher.hpp"
#include "net/answer_reader.hpp"
#include "net/client_url.hpp"
#include "net/http_message.hpp"
#include "net/name_lookup.hpp"
#include "net/tls_session_cache.hpp"

namespace interlude::net {

using client_socket = boost::beast::basic_stream<asio::ip::tcp, executor>;
using client_deadline = std::chrono::steady_clock::time_point;
using client_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, executor>;

// A connection to one endpoint; idle ones wait in the pool.
class client_connection : public std::enable_shared_from_this<client_connection> {
 public:
  // `sessions` of its host, for https.
  client_connection(executor ex, client_endpoint where, std::shared_ptr<tls_sessions> sessions)
      : socket_(ex), sessions_(std::move(sessions)), where_(std::move(where)), watch_(ex) {}

  // Resolves, connects (each address in turn) and shakes hands; `tls` is used for https endpoints,
  // `url` leads to it.
  awaitable<result<bool>> open(asio::ssl::context& tls, name_lookup& names, const client_url& url,
                               client_deadline deadline);

  awaitable<exchange_outcome> exchange(const fetch_request& request, const client_url& url,
                                       const std::string& user_agent, client_deadline deadline);
  // The same for who makes thousands in a second, on a plain connection that has answered before.
  // False: the system did not take the whole request at once, and the connection is of no more use.
  // `done` is called by the io_context, unless that ends first; `request` is used until then.
  bool ask(const fetch_request& request, client_url url, const std::string& user_agent,
           client_deadline deadline, std::function<void(exchange_outcome)> done);

  void close();
  bool is_resumed() { return tls_ && SSL_session_reused(tls_->native_handle()) == 1; }
  // Whether an idle connection can still be used: the peer has not closed it, and has not said
  // anything that would be taken for the answer to the next request.
  bool is_quiet();
  const client_endpoint& where() const noexcept { return where_; }
  std::chrono::steady_clock::time_point idle_since{};
  bool used = false;  // has answered before

 private:
  struct question;

  void watch();
  bool send_at_once(std::string_view text, std::size_t& sent);
  void await_answer(std::shared_ptr<question> q);
  template <class Stream>
  awaitable<exchange_outcome> exchange_on(Stream& stream, const fetch_request& request,
                                          const client_url& url, const std::string& user_agent);

  client_socket socket_;
  std::shared_ptr<tls_sessions> sessions_;  // outlives tls_
  std::optional<asio::ssl::stream<client_socket&>> tls_;
  client_endpoint where_;
  boost::beast::flat_buffer buffer_;
  // Of what is under way on a plain connection; the timer is set for then, or for what was before.
  client_deadline deadline_ = client_deadline::max();
  client_timer watch_;
  bool watching_ = false, late_ = false;
};

// True if a header given by a caller can go on the wire as it is.
bool is_safe_header(std::string_view name, std::string_view value);

}  // namespace interlude::net
