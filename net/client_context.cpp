#include "net/client_context.hpp"

#include <openssl/ssl.h>

#include <stdexcept>

namespace interlude::net {

namespace {

asio::ssl::context make_tls(const client_options& options) {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  // Most connections are idle most of the time.
  SSL_CTX_set_mode(tls.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  tls.set_verify_mode(asio::ssl::verify_peer);
  boost::system::error_code ec;
  if (options.ca_file.empty())
    tls.set_default_verify_paths(ec);
  else
    tls.load_verify_file(options.ca_file, ec);
  if (ec)
    throw std::runtime_error("cannot read certificate authorities from " +
                             (options.ca_file.empty() ? "the system's store" : options.ca_file) +
                             ": " + ec.message());
  return tls;
}

}  // namespace

client_context::client_context(client_options settings)
    : options(std::move(settings)),
      io(1),
      tls(make_tls(options)),
      pool(io, options.max_connections_per_host, options.max_waiting, options.idle_timeout),
      names(io) {}

}  // namespace interlude::net
