// TLS sessions of hosts that were asked before, so that another connection to one of them needs no
// certificates and no signatures (RFC 8446 2.2, RFC 5246 7.3).
//
// A session is used for the host name and port for which its certificate was verified, for an hour
// at most. Bounded: a few sessions of a host, so many hosts, and the one that was not asked for
// longest is forgotten. One thread at a time.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <ctime>
#include <deque>
#include <map>
#include <memory>

#include "net/client_url.hpp"

namespace interlude::net {

using tls_session_ptr = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;

// Those of one host.
class tls_sessions {
 public:
  static constexpr std::size_t most = 8;
  static constexpr std::time_t longest = 3600;

  // A copy of it: OpenSSL spoils the session of a connection that is not closed in good order.
  void keep(SSL_SESSION* session);
  // One that can be resumed; null: there is none. RFC 8446 C.4: a ticket is used once.
  tls_session_ptr take(std::time_t now);
  void forget() { kept_.clear(); }
  std::size_t size() const noexcept { return kept_.size(); }

 private:
  std::deque<tls_session_ptr> kept_;  // the latest last
};

class tls_session_cache {
 public:
  explicit tls_session_cache(std::size_t most_hosts = 1000) : most_hosts_(most_hosts) {}

  // Sessions of connections that are made with `tls` are kept.
  static void attach(SSL_CTX* tls);
  // Before the handshake: `to` is where sessions are kept and taken from, and outlives `ssl`.
  static void prepare(SSL* ssl, tls_sessions& to);

  std::shared_ptr<tls_sessions> of(const client_endpoint& host);

 private:
  struct known_host {
    std::shared_ptr<tls_sessions> sessions;
    std::uint64_t asked = 0;
  };

  std::size_t most_hosts_;
  std::uint64_t asked_ = 0;
  std::map<client_endpoint, known_host> hosts_;
};

}  // namespace interlude::net
