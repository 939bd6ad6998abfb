// One simulated player: joins, follows its playlists as RFC 8216 6.3.4 says, fetches what is new to
// it, leaves and comes back.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "apps/swarm/player_http.hpp"
#include "apps/swarm/player_model.hpp"
#include "apps/swarm/swarm_desk.hpp"

namespace interlude::swarm {

class player {
 public:
  // `target` is ".../v1/<org>/<channel>". `desk` must outlive the player, and the player its
  // coroutines.
  player(boost::asio::any_io_executor executor, swarm_desk& desk, std::string target,
         unsigned number, player_model model);
  ~player();

  boost::asio::awaitable<void> live();

 private:
  struct session;
  using session_ptr = std::shared_ptr<session>;

  boost::asio::awaitable<session_ptr> join();
  void follow_all(const session_ptr& s);
  boost::asio::awaitable<void> follow(session_ptr s, std::size_t index, unsigned visit);
  duration judge(session& s, const chosen_rendition& r, const std::string& text);
  boost::asio::awaitable<void> fetch_media(place where, request_kind kind,
                                           std::vector<std::string> urls);

  boost::asio::any_io_executor executor_;
  swarm_desk& desk_;
  std::string target_, channel_;
  unsigned number_;
  unsigned sessions_ = 0;
  player_model model_;
  player_http http_;
};

}  // namespace interlude::swarm
