// One request and its answer on one connection, plain or TLS; the part of the client that speaks
// HTTP.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>

#include "actors/http_fetcher.hpp"
#include "net/client_url.hpp"
#include "net/http_message.hpp"
#include "net/name_lookup.hpp"
#include "net/tls_session_cache.hpp"

namespace interlude::net {

using client_socket = boost::beast::basic_stream<asio::ip::tcp, executor>;
using client_deadline = std::chrono::steady_clock::time_point;

// A connection to one endpoint; idle ones wait in the pool.
class client_connection {
 public:
  // `sessions` of its host, for https.
  client_connection(executor ex, client_endpoint where, std::shared_ptr<tls_sessions> sessions)
      : socket_(ex), sessions_(std::move(sessions)), where_(std::move(where)) {}

  // Resolves, connects (each address in turn) and shakes hands; `tls` is used for https endpoints,
  // `url` leads to it.
  awaitable<result<bool>> open(asio::ssl::context& tls, name_lookup& names, const client_url& url,
                               client_deadline deadline);

  struct outcome {
    outcome(result<fetch_response> r, bool keep, bool nothing)
        : response(std::move(r)), reusable(keep), nothing_came(nothing) {}
    result<fetch_response> response;
    bool reusable = false;      // the connection may be kept
    bool nothing_came = false;  // it failed before the first byte of an answer
  };
  awaitable<outcome> exchange(const fetch_request& request, const client_url& url,
                              const std::string& user_agent, client_deadline deadline);

  void close();
  bool is_resumed() { return tls_ && SSL_session_reused(tls_->native_handle()) == 1; }
  // Whether an idle connection can still be used: the peer has not closed it, and has not said
  // anything that would be taken for the answer to the next request.
  bool is_quiet();
  const client_endpoint& where() const noexcept { return where_; }
  std::chrono::steady_clock::time_point idle_since{};
  bool used = false;  // has answered before

 private:
  template <class Stream>
  awaitable<outcome> exchange_on(Stream& stream, const fetch_request& request,
                                 const client_url& url, const std::string& user_agent);

  client_socket socket_;
  std::shared_ptr<tls_sessions> sessions_;  // outlives tls_
  std::optional<asio::ssl::stream<client_socket&>> tls_;
  client_endpoint where_;
  boost::beast::flat_buffer buffer_;
};

// True if a header given by a caller can go on the wire as it is.
bool is_safe_header(std::string_view name, std::string_view value);

}  // namespace interlude::net
