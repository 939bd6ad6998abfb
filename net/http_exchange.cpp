#include "net/http_exchange.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <tuple>
#include <vector>

#include "net/address_guard.hpp"

namespace interlude::net {

namespace {

constexpr std::size_t read_at_a_time = 16 * 1024;
constexpr auto use = asio::as_tuple(asio::use_awaitable_t<executor>{});

// What says how long a message is, is nobody's to give but ours (RFC 9112 section 6).
bool is_framing(std::string_view name) {
  return boost::beast::iequals(name, "Content-Length") ||
         boost::beast::iequals(name, "Transfer-Encoding");
}

bool has_header(const fetch_request& r, std::string_view name, std::size_t from = 0) {
  return std::any_of(r.headers.begin() + static_cast<std::ptrdiff_t>(from), r.headers.end(),
                     [&](const auto& h) { return boost::beast::iequals(h.first, name); });
}

void add_header(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

// In one piece, so that it leaves in one: what a caller gives has been checked, and can stand
// in it as it is. Of a
// name that is given twice the last counts, and the body is as long as it is.
std::string to_wire(const fetch_request& r, const client_url& url, const std::string& user_agent) {
  const bool has_body = !r.body.empty() || r.method == "POST" || r.method == "PUT";
  std::string out;
  out.reserve(512 + url.target.size() + r.body.size());
  out.append(r.method).append(" ").append(url.target).append(" HTTP/1.1\r\n");
  for (const auto& [name, value] :
       {std::pair<std::string_view, std::string_view>{"Host", url.host_header},
        {"User-Agent", user_agent},
        {"Accept-Encoding", "gzip"}})
    if (!has_header(r, name)) add_header(out, name, value);
  for (std::size_t i = 0; i < r.headers.size(); ++i) {
    const auto& [name, value] = r.headers[i];
    if (!is_framing(name) && !has_header(r, name, i + 1)) add_header(out, name, value);
  }
  if (has_body) add_header(out, "Content-Length", std::to_string(r.body.size()));
  return out.append("\r\n").append(r.body);
}

}  // namespace

bool is_safe_header(std::string_view name, std::string_view value) {
  static constexpr auto tokens = [] {
    std::array<bool, 256> out{};
    for (const char c : std::string_view{"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
      out[static_cast<unsigned char>(c)] = true;
    return out;
  }();
  const auto token = [](char c) { return tokens[static_cast<unsigned char>(c)]; };
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

  client_timer wake;
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
  socket_.socket().non_blocking(true, ignored);
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
  if (is_timeout(shake_ec)) co_return transport_error(shown, "TLS handshake", shake_ec);
  const auto verdict = SSL_get_verify_result(tls_->native_handle());
  if (verdict != X509_V_OK)
    co_return error{
        errc::unavailable, shown,
        std::string{"the certificate was refused: "} + X509_verify_cert_error_string(verdict)};
  co_return transport_error(shown, "TLS handshake", shake_ec);
}

// What the system takes at once needs no waiting, and that is nearly all. False: the rest does, or
// will tell what is wrong.
bool client_connection::send_at_once(std::string_view text, std::size_t& sent) {
  boost::system::error_code ec;
  if (!tls_) sent = socket_.socket().write_some(asio::buffer(text), ec);
  return sent == text.size();
}

template <class Stream>
awaitable<exchange_outcome> client_connection::exchange_on(Stream& stream,
                                                           const fetch_request& request,
                                                           const client_url& url,
                                                           const std::string& user_agent) {
  const auto text = to_wire(request, url, user_agent);
  boost::system::error_code ec;
  if (std::size_t sent = 0; !send_at_once(text, sent))
    std::tie(ec, sent) = co_await asio::async_write(stream, asio::buffer(text) + sent, use);
  if (late_) ec = boost::beast::error::timeout;
  // A peer may answer and close before it has read everything: what it said is worth more than the
  // write's failure.
  if (ec && is_timeout(ec))
    co_return exchange_outcome{transport_error(url.shown, "sending the request", ec), false, false};
  answer_reader answer{request, url};
  while (!answer.take(buffer_)) {
    std::size_t came = 0;
    std::tie(ec, came) = co_await stream.async_read_some(buffer_.prepare(read_at_a_time), use);
    buffer_.commit(came);
    if (late_) ec = boost::beast::error::timeout;
    if (ec) answer.end(ec);
  }
  deadline_ = client_deadline::max();
  co_return answer.outcome();
}

awaitable<exchange_outcome> client_connection::exchange(const fetch_request& request,
                                                        const client_url& url,
                                                        const std::string& user_agent,
                                                        client_deadline deadline) {
  used = true;
  if (tls_) {
    socket_.expires_at(deadline);
    return exchange_on(*tls_, request, url, user_agent);
  }
  deadline_ = deadline;
  watch();
  return exchange_on(socket_.socket(), request, url, user_agent);
}

// What is alive as long as something is awaited for it.
struct client_connection::question {
  question(std::shared_ptr<client_connection> connection, const fetch_request& request,
           client_url where, std::function<void(exchange_outcome)> tell)
      : on(std::move(connection)),
        url(std::move(where)),
        answer(request, url),
        done(std::move(tell)) {}

  const std::shared_ptr<client_connection> on;
  const client_url url;
  answer_reader answer;
  const std::function<void(exchange_outcome)> done;
};

bool client_connection::ask(const fetch_request& request, client_url url,
                            const std::string& user_agent, client_deadline deadline,
                            std::function<void(exchange_outcome)> done) {
  const auto text = to_wire(request, url, user_agent);
  std::size_t sent = 0;
  if (tls_ || !send_at_once(text, sent)) return false;
  deadline_ = deadline;
  watch();
  await_answer(
      std::make_shared<question>(shared_from_this(), request, std::move(url), std::move(done)));
  return true;
}

void client_connection::await_answer(std::shared_ptr<question> q) {
  socket_.socket().async_read_some(
      buffer_.prepare(read_at_a_time),
      [this, q = std::move(q)](const boost::system::error_code& ec, std::size_t came) mutable {
        buffer_.commit(came);
        if (late_)
          q->answer.end(boost::beast::error::timeout);
        else if (ec)
          q->answer.end(ec);
        if (!q->answer.take(buffer_)) return await_answer(std::move(q));
        deadline_ = client_deadline::max();
        q->done(q->answer.outcome());
      });
}

// One timer for many exchanges: it is set anew when it goes off too early, which is seldom. (The
// stream's own is set and withdrawn for each part of each.)
void client_connection::watch() {
  if (deadline_ == client_deadline::max() || (watching_ && watch_.expiry() <= deadline_)) return;
  watching_ = true;
  watch_.expires_at(deadline_);
  watch_.async_wait([weak = weak_from_this()](const boost::system::error_code& ec) {
    const auto self = ec ? nullptr : weak.lock();
    if (!self) return;
    self->watching_ = false;
    if (std::chrono::steady_clock::now() < self->deadline_) return self->watch();
    // To cancel what is awaited is not enough: it may have come to an end that nobody has heard of
    // yet, and the next would wait for ever.
    self->late_ = true;
    self->close();
  });
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
