// Kept-alive connections and the right to open one, per origin ("https://host:port").
//
// A slot is the right to talk to an origin; there are at most `max_per_origin` of them each, and
// who finds none waits in order of arrival. A slot comes with an idle connection when there is one:
// the one used last, so that the others grow old and are closed. All of it on the client's thread.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/client_connection.hpp"

namespace interlude::net {

class slot_waiter : public boost::intrusive::list_base_hook<
                        boost::intrusive::link_mode<boost::intrusive::safe_link>> {
 public:
  // The slot is held until connection_pool::release(); `idle` is null when there is no connection.
  virtual void granted(std::unique_ptr<client_connection> idle) = 0;

 protected:
  ~slot_waiter() = default;
};

class connection_pool {
 public:
  connection_pool(asio::io_context& io, std::size_t max_per_origin, std::size_t max_waiting,
                  std::chrono::milliseconds idle_timeout);

  // Calls granted(), from within when a slot is free. False when too many are waiting already.
  [[nodiscard]] bool acquire(const std::string& origin, slot_waiter& waiter);
  // Leaves the queue; the waiter must be in it.
  void leave(const std::string& origin, slot_waiter& waiter);
  // Gives back a slot, with the connection if it can be used again.
  void release(const std::string& origin, std::unique_ptr<client_connection> connection);
  // Closes what is idle and keeps nothing from now on.
  void close();

 private:
  using clock = std::chrono::steady_clock;
  struct origin_state;
  struct idle_connection {
    std::unique_ptr<client_connection> connection;
    clock::time_point since;
    origin_state* origin;
  };
  using idle_list = std::list<idle_connection>;  // the longest idle first
  struct origin_state {
    explicit origin_state(std::string name_of_it) : name(std::move(name_of_it)) {}
    std::string name;
    std::size_t in_use = 0;
    std::vector<idle_list::iterator> idle;  // the longest idle first
    boost::intrusive::list<slot_waiter> waiting;
  };

  origin_state& state_of(const std::string& origin);
  std::unique_ptr<client_connection> take_idle(origin_state& origin);
  void keep(origin_state& origin, std::unique_ptr<client_connection> connection);
  void forget_if_unused(origin_state& origin);
  void watch_idle();
  void close_expired();

  asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor> timer_;
  const std::size_t max_per_origin_, max_waiting_;
  const std::chrono::milliseconds idle_timeout_;
  std::unordered_map<std::string, origin_state> origins_;
  idle_list idle_;
  std::size_t waiting_ = 0;
  bool watching_ = false;
  bool closed_ = false;
};

}  // namespace interlude::net
