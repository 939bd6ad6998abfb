// What all players of a swarm share: the report, the clock, and fetching with both of them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>

#include "apps/swarm/player_http.hpp"
#include "apps/swarm/swarm_report.hpp"

namespace interlude::swarm {

class swarm_desk {
 public:
  // `print` is called with each violation that is worth reading.
  swarm_desk(std::function<instant()> now, std::function<void(const std::string&)> print)
      : report(now()), now_(std::move(now)), print_(std::move(print)) {}

  instant now() const { return now_(); }
  void violated(const place& where, const std::vector<std::string>& found);

  // Once; nullopt if there was no answer. What the node has named and does not have is a violation.
  boost::asio::awaitable<std::optional<answer>> fetch(player_http& http, request_kind kind,
                                                      place where, std::string url);
  // Again after failures, as players do; nullopt if it never was answered with 200.
  boost::asio::awaitable<std::optional<answer>> fetch_patiently(player_http& http,
                                                                request_kind kind, place where,
                                                                std::string url);

  // Who wants to know of each ad segment that a player has got, and when it had it.
  void tell_of_ads(std::function<void(instant, const std::string& url)> listener) {
    ad_listener_ = std::move(listener);
  }

  swarm_report report;

 private:
  std::function<instant()> now_;
  std::function<void(const std::string&)> print_;
  std::function<void(instant, const std::string&)> ad_listener_;
};

boost::asio::awaitable<void> sleep_for(duration d);

}  // namespace interlude::swarm
