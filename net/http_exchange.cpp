#include "net/http_exchange.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <vector>

#include "net/address_guard.hpp"
#include "net/gzip.hpp"

namespace interlude::net {

namespace {

constexpr std::uint32_t max_header_bytes = 64 * 1024;
constexpr int max_interim = 8;
constexpr auto use = asio::as_tuple(asio::use_awaitable_t<executor>{});

bool timed_out(const boost::system::error_code& ec) {
  return ec == boost::beast::error::timeout || ec == asio::error::operation_aborted;
}

error transport_error(const std::string& shown, std::string_view doing,
                      const boost::system::error_code& ec) {
  if (timed_out(ec))
    return {errc::timed_out, shown, "no answer in time (" + std::string{doing} + ")"};
  if (ec == http::error::body_limit)
    return {errc::too_large, shown, "the answer is larger than allowed"};
  if (ec == http::error::header_limit)
    return {errc::too_large, shown, "the answer's header is larger than allowed"};
  if (ec == http::error::partial_message)
    return {errc::unavailable, shown, "the connection ended within the answer"};
  if (ec.category() == http::make_error_code(http::error::bad_version).category() &&
      ec != http::error::end_of_stream)
    return {errc::unavailable, shown, "not an HTTP answer: " + ec.message()};
  return {errc::unavailable, shown, std::string{doing} + ": " + ec.message()};
}

http::request<http::string_body> to_wire(const fetch_request& r, const client_url& url,
                                         const std::string& user_agent) {
  http::request<http::string_body> out;
  out.version(11);
  out.method_string(r.method);
  out.target(url.target);
  out.set(http::field::host, url.host_header);
  out.set(http::field::user_agent, user_agent);
  out.set(http::field::accept_encoding, "gzip");
  for (const auto& [name, value] : r.headers) out.set(name, value);
  if (!r.body.empty() || r.method == "POST" || r.method == "PUT") {
    out.body() = r.body;
    out.prepare_payload();
  }
  return out;
}

std::string text_of(const http::fields& fields, http::field name) {
  const auto it = fields.find(name);
  return it == fields.end() ? std::string{} : std::string{it->value()};
}

result<fetch_response> from_wire(http::response<http::string_body> message, const fetch_request& r,
                                 const client_url& url) {
  fetch_response out;
  out.status = message.result_int();
  out.content_type = text_of(message, http::field::content_type);
  out.etag = text_of(message, http::field::etag);
  out.last_modified = text_of(message, http::field::last_modified);
  out.location = text_of(message, http::field::location);
  out.retry_after = text_of(message, http::field::retry_after);
  if (!r.wants_body) return out;
  const auto encoding = text_of(message, http::field::content_encoding);
  if (encoding.empty() || encoding == "identity" || message.body().empty()) {
    out.body = std::move(message.body());
    return out;
  }
  if (encoding != "gzip" && encoding != "x-gzip" && encoding != "deflate")
    return error{
        errc::malformed, url.shown,
        "the answer is encoded as \"" + encoding.substr(0, 40) + "\", which was not asked for"};
  auto inflated = inflate_body(message.body(), r.max_bytes);
  if (!inflated) return error{inflated.error().code, url.shown, inflated.error().what};
  out.body = *std::move(inflated);
  return out;
}

}  // namespace

bool is_safe_header(std::string_view name, std::string_view value) {
  const auto token = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), token) &&
         std::none_of(value.begin(), value.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
}

namespace {

// A name that is being looked up; out of patience it is withdrawn, and counts as not answered.
struct lookup final : lookup_waiter {
  lookup(executor ex, client_deadline deadline) : wake(ex, deadline) {}
  void resolved(const addresses& found, const boost::system::error_code& ec) override {
    addresses_found = found;
    why = ec;
    wake.cancel();
  }

  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, executor>
      wake;
  addresses addresses_found;
  boost::system::error_code why = asio::error::operation_aborted;
};

}  // namespace

awaitable<result<bool>> client_connection::open(asio::ssl::context& tls, name_lookup& names,
                                                const client_url& url, client_deadline deadline) {
  const auto& shown = url.shown;
  lookup found{socket_.get_executor(), deadline};
  names.ask(where_.host, url.from_stranger, found);
  co_await found.wake.async_wait(use);
  if (found.why) co_return transport_error(shown, "looking up the host name", found.why);
  std::vector<asio::ip::tcp::endpoint> endpoints;
  const auto port = static_cast<std::uint16_t>(std::stoul(where_.port));
  for (const auto& address : found.addresses_found)
    if (!where_.public_only || is_public(address)) endpoints.emplace_back(address, port);
  if (endpoints.empty())
    co_return error{
        errc::unauthorized, shown,
        "an ad server's answer leads to a private address: set private_ads to allow it"};
  socket_.expires_at(deadline);
  auto [connect_ec, peer] = co_await socket_.async_connect(endpoints, use);
  if (connect_ec) co_return transport_error(shown, "connecting", connect_ec);
  boost::system::error_code ignored;
  socket_.socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (!where_.tls) co_return true;
  tls_.emplace(socket_, tls);
  tls_->set_verify_mode(asio::ssl::verify_peer);
  tls_->set_verify_callback(asio::ssl::host_name_verification(where_.host));
  // RFC 6066 3: server names are names, never addresses.
  boost::system::error_code is_name;
  asio::ip::make_address(where_.host, is_name);
  if (is_name) SSL_set_tlsext_host_name(tls_->native_handle(), where_.host.c_str());
  if (sessions_) tls_session_cache::prepare(tls_->native_handle(), *sessions_);
  auto [shake_ec] = co_await tls_->async_handshake(asio::ssl::stream_base::client, use);
  if (!shake_ec) co_return true;
  // Whatever it was: not once more because of what was agreed on before.
  if (sessions_) sessions_->forget();
  if (timed_out(shake_ec)) co_return transport_error(shown, "TLS handshake", shake_ec);
  const auto verdict = SSL_get_verify_result(tls_->native_handle());
  if (verdict != X509_V_OK)
    co_return error{
        errc::unavailable, shown,
        std::string{"the certificate was refused: "} + X509_verify_cert_error_string(verdict)};
  co_return transport_error(shown, "TLS handshake", shake_ec);
}

template <class Stream>
awaitable<client_connection::outcome> client_connection::exchange_on(
    Stream& stream, const fetch_request& request, const client_url& url,
    const std::string& user_agent) {
  const auto message = to_wire(request, url, user_agent);
  auto [write_ec, written] = co_await http::async_write(stream, message, use);
  // A peer may answer and close before it has read everything: what it said is worth more than the
  // write's failure.
  if (write_ec && timed_out(write_ec))
    co_return outcome{transport_error(url.shown, "sending the request", write_ec), false, false};
  // RFC 9110 15.2: interim answers may come first.
  for (int interim = 0; interim <= max_interim; ++interim) {
    http::response_parser<http::string_body> parser;
    parser.header_limit(max_header_bytes);
    parser.body_limit(request.max_bytes);
    if (request.method == "HEAD") parser.skip(true);
    auto [read_ec, read] = co_await http::async_read(stream, buffer_, parser, use);
    if (read_ec) {
      const bool nothing = interim == 0 && !parser.got_some();
      co_return outcome{transport_error(url.shown, "waiting for the answer", read_ec), false,
                        nothing && !timed_out(read_ec)};
    }
    const auto status = parser.get().result_int();
    if (status == 101) break;  // was not asked for, and is not HTTP any more
    if (status / 100 == 1) continue;
    const bool keep = parser.get().keep_alive() && buffer_.size() == 0;
    co_return outcome{from_wire(parser.release(), request, url), keep, false};
  }
  co_return outcome{
      error{errc::unavailable, url.shown, "an answer of 101, or too many interim answers"}, false,
      false};
}

awaitable<client_connection::outcome> client_connection::exchange(const fetch_request& request,
                                                                  const client_url& url,
                                                                  const std::string& user_agent,
                                                                  client_deadline deadline) {
  socket_.expires_at(deadline);
  used = true;
  // No conditional operator here: GCC 12 destroys the operands of one that awaits twice.
  if (tls_) co_return co_await exchange_on(*tls_, request, url, user_agent);
  co_return co_await exchange_on(socket_, request, url, user_agent);
}

bool client_connection::is_quiet() {
  char byte = 0;
  const auto got = ::recv(socket_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // TLS has bytes of its own, such as session tickets, that are no answer.
  return got < 0 ? errno == EAGAIN || errno == EWOULDBLOCK : got > 0 && tls_.has_value();
}

void client_connection::close() {
  boost::system::error_code ignored;
  socket_.socket().close(ignored);
}

}  // namespace interlude::net
