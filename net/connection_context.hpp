// What the connections of one thread of the server have in common: its options, its handler, its
// clock.
//
// Touched by that thread alone, but for the counters.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/http_server.hpp"

namespace interlude::net {

class http_connection;

using connection_hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
using connection_list =
    boost::intrusive::list<http_connection, boost::intrusive::base_hook<connection_hook>,
                           boost::intrusive::constant_time_size<false>>;

// A point in time as the number of ticks since the thread started; 0: never.
using tick = std::uint64_t;

struct connection_context {
  connection_context(const server_options& o, request_handler& h, server_counters& c);

  // The first tick that is certainly later than `timeout` from now.
  tick after(std::chrono::milliseconds timeout) const;
  void advance_clock();
  // At most one line per second and thread; the next one says how many were left out.
  void log_failure(std::string_view path, std::string_view what);

  const server_options options;
  request_handler& handler;
  server_counters& counters;
  const std::chrono::milliseconds tick_length;
  connection_list connections;
  tick now = 1;
  std::string date_line;  // "Date: ...\r\n" of the current second
  bool stopping = false;

 private:
  std::uint64_t unlogged_failures_ = 0;
  tick next_log_ = 0;
};

}  // namespace interlude::net
