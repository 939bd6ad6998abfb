// SIGINT and SIGTERM, from when this is made until it is destroyed: one that comes while a program
// starts is answered when it runs, and a second one while it stops cuts nothing off. Processes that
// are started meanwhile have the usual signals.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

namespace interlude {

class stop_signals {
 public:
  stop_signals() : signals_{io_, SIGINT, SIGTERM} {}

  // The number of the next one, when it has come.
  int wait() {
    int number = 0;
    signals_.async_wait([&](auto, int n) { number = n; });
    io_.restart();
    io_.run();
    return number;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::signal_set signals_;
};

}  // namespace interlude
