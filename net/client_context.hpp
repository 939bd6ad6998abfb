// What all exchanges of one client share. Everything but the counters is the client's thread's.
#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <boost/intrusive/list.hpp>

#include "net/connection_pool.hpp"
#include "net/http_client.hpp"
#include "net/name_lookup.hpp"

namespace interlude::net {

struct client_counters {
  std::atomic<std::uint64_t> requests{0}, failures{0}, timeouts{0}, connections_opened{0},
      connections_reused{0};

  static void add(std::atomic<std::uint64_t>& counter) {
    counter.fetch_add(1, std::memory_order_relaxed);
  }
};

using exchange_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<struct under_way>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

struct client_context {
  // Throws std::runtime_error when the certificates of the options cannot be read.
  explicit client_context(client_options settings);

  client_options options;
  client_counters counters;
  asio::io_context io;
  asio::ssl::context tls;
  connection_pool pool;
  name_lookup names;
  boost::intrusive::list<exchange_hook, boost::intrusive::base_hook<exchange_hook>,
                         boost::intrusive::constant_time_size<false>>
      exchanges;
};

}  // namespace interlude::net
