#include "net/client_connection.hpp"

#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace interlude::net {

namespace {

constexpr std::size_t kept_buffer = 16 * 1024;

auto into(boost::system::error_code& ec) {
  return asio::redirect_error(asio::use_awaitable_t<executor>{}, ec);
}

// What the certificate has to be for, and what the peer is told it is asked for.
bool expect_host(SSL* tls, const client_url& url) {
  if (url.address) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), url.host.c_str()) == 1;
  // RFC 6066 3: server names are names, never addresses.
  SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set_tlsext_host_name(tls, url.host.c_str()) == 1 &&
         SSL_set1_host(tls, url.host.c_str()) == 1;
}

}  // namespace

awaitable<client_connection::status> client_connection::connect(
    const asio::ip::tcp::endpoint& peer) {
  status ec, ignored;
  socket_.close(ignored);  // of the attempt before
  co_await socket_.async_connect(peer, into(ec));
  if (!ec) socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  co_return ec;
}

awaitable<client_connection::status> client_connection::handshake(asio::ssl::context& tls,
                                                                  const client_url& url) {
  status ec;
  tls_.emplace(socket_, tls);
  if (!expect_host(tls_->native_handle(), url))
    co_return asio::error::make_error_code(asio::error::invalid_argument);
  co_await tls_->async_handshake(asio::ssl::stream_base::client, into(ec));
  co_return ec;
}

awaitable<client_connection::status> client_connection::write(const pieces& bytes) {
  status ec;
  if (tls_)
    co_await asio::async_write(*tls_, bytes, into(ec));
  else
    co_await asio::async_write(socket_, bytes, into(ec));
  co_return ec;
}

awaitable<client_connection::status> client_connection::read(std::size_t room) {
  status ec;
  const auto space = input_.prepare(room);
  std::size_t got = 0;
  if (tls_)
    got = co_await tls_->async_read_some(space, into(ec));
  else
    got = co_await socket_.async_read_some(space, into(ec));
  input_.commit(got);
  co_return ec;
}

void client_connection::close() {
  status ignored;
  socket_.close(ignored);
}

std::string client_connection::why_refused() const {
  // native_handle() only has a non-const form.
  auto* const tls = const_cast<asio::ssl::stream<tcp_socket&>&>(*tls_).native_handle();
  const long verdict = SSL_get_verify_result(tls);
  return verdict == X509_V_OK ? std::string{} : X509_verify_cert_error_string(verdict);
}

bool client_connection::is_quiet() {
  char byte = 0;
  const auto got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void client_connection::shrink() {
  if (input_.capacity() <= kept_buffer) return;
  input_.clear();
  input_.shrink_to_fit();
}

}  // namespace interlude::net
