// The HTTP connections of one player: kept alive, as many as it has requests at a time.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude::swarm {

struct answer {
  unsigned status = 0;
  std::string body;
  duration elapsed{0};
};

class player_http {
 public:
  explicit player_http(boost::asio::any_io_executor executor);
  ~player_http();
  player_http(const player_http&) = delete;
  player_http& operator=(const player_http&) = delete;

  // Plain HTTP only. `where` of an error is the host, `what` one word: refused, reset, timeout.
  boost::asio::awaitable<result<answer>> get(std::string url);
  // Nobody is there any more.
  void close_idle();

 private:
  struct connection;

  std::unique_ptr<connection> take_idle(const std::string& host);
  boost::asio::awaitable<std::string> open(connection& c);
  boost::asio::awaitable<std::string> exchange(connection& c, const std::string& target,
                                               answer& out);

  boost::asio::any_io_executor executor_;
  std::vector<std::unique_ptr<connection>> idle_;
};

}  // namespace interlude::swarm
