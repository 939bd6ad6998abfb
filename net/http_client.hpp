// The pooled keep-alive HTTP(S) client: everything the node asks of origins, ad servers, pixel
// hosts and key servers.
//
// One thread and one io_context of its own. Connections are pooled per scheme, host and port; idle
// ones are closed after a while; concurrency per host is bounded and what is over the bound waits
// (its timeout runs). What a stranger names is fetched from
// public addresses only. Certificates are verified against the system's store (or `ca_file`) with
// the host name; TLS 1.2 at least; SNI; sessions are resumed. Redirects followed for GET and HEAD,
// never from https to http. Bodies and headers bounded while they are read. gzip decoded. A
// kept-alive connection that the peer closed before the first byte of an answer is retried once on
// a new one. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "actors/http_fetcher.hpp"

namespace interlude::net {

struct client_options {
  std::size_t max_connections_per_host = 32;
  std::size_t max_waiting = 10'000;
  std::chrono::seconds idle_timeout{30};
  std::string user_agent = "Interlude/" INTERLUDE_VERSION;
  std::string ca_file;  // PEM; empty: the system's store
  bool strangers_may_be_private =
      false;  // else what is from_stranger goes to public addresses only
};

struct client_counters_view {
  std::uint64_t requests = 0, failures = 0, timeouts = 0, connections_opened = 0,
                connections_reused = 0, tls_resumed = 0;
};

class http_client : public http_fetcher {
 public:
  static std::shared_ptr<http_client> start(client_options options);
  virtual client_counters_view counters() const = 0;
  // Fails what is under way, calls every callback, joins the thread.
  virtual void stop() = 0;
};

}  // namespace interlude::net
