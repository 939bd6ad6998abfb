// The client's connections to one endpoint. One thread.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <list>
#include <memory>
#include <utility>

#include "net/http_exchange.hpp"

namespace interlude::net {

// Connections that wait, how many are busy, and who waits for one.
struct endpoint_pool {
  // Which was quiet a moment ago is taken to be so still: if it has been closed, the request is
  // made again.
  std::shared_ptr<client_connection> take_idle(std::chrono::steady_clock::duration moment = {}) {
    while (!idle.empty()) {
      auto c = std::move(idle.front());
      idle.pop_front();
      if (c->idle_since + moment > std::chrono::steady_clock::now() || c->is_quiet()) return c;
    }
    return nullptr;
  }
  void put_back(std::shared_ptr<client_connection> c) {
    c->idle_since = std::chrono::steady_clock::now();
    idle.push_front(std::move(c));
  }

  std::list<std::shared_ptr<client_connection>> idle;  // latest used first
  std::size_t busy = 0;
  std::deque<std::shared_ptr<client_timer>> waiting;
};

// A place among the busy ones, until it is handed on.
struct pool_place {
  // `ends`: nobody is waiting any more.
  pool_place(std::shared_ptr<endpoint_pool> of, const std::atomic<bool>& ends)
      : pool(std::move(of)), stopping(ends) {}
  pool_place(const pool_place&) = delete;
  pool_place& operator=(const pool_place&) = delete;
  ~pool_place() {
    if (stopping) return;
    while (!pool->waiting.empty()) {
      auto next = std::move(pool->waiting.front());
      pool->waiting.pop_front();
      if (next->cancel() > 0) return;
    }
    --pool->busy;
  }

  const std::shared_ptr<endpoint_pool> pool;
  const std::atomic<bool>& stopping;
};

}  // namespace interlude::net
