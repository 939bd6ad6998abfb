#include "net/connection_pool.hpp"

#include <algorithm>

namespace interlude::net {

connection_pool::connection_pool(asio::io_context& io, std::size_t max_per_origin,
                                 std::size_t max_waiting, std::chrono::milliseconds idle_timeout)
    : timer_(io.get_executor()),
      max_per_origin_(max_per_origin),
      max_waiting_(max_waiting),
      idle_timeout_(idle_timeout) {}

bool connection_pool::acquire(const std::string& origin, slot_waiter& waiter) {
  auto& state = state_of(origin);
  if (state.in_use < max_per_origin_) {
    ++state.in_use;
    waiter.granted(take_idle(state));
    return true;
  }
  if (waiting_ >= max_waiting_) return false;
  ++waiting_;
  state.waiting.push_back(waiter);
  return true;
}

void connection_pool::leave(const std::string& origin, slot_waiter& waiter) {
  auto& state = state_of(origin);
  state.waiting.erase(state.waiting.iterator_to(waiter));
  --waiting_;
}

void connection_pool::release(const std::string& origin,
                              std::unique_ptr<client_connection> connection) {
  auto& state = state_of(origin);
  if (!state.waiting.empty()) {
    auto& next = state.waiting.front();
    state.waiting.pop_front();
    --waiting_;
    next.granted(std::move(connection));  // the slot changes hands
    return;
  }
  --state.in_use;
  if (connection && !closed_) keep(state, std::move(connection));
  forget_if_unused(state);
}

void connection_pool::close() {
  closed_ = true;
  timer_.cancel();
  idle_.clear();
  for (auto& [name, state] : origins_) state.idle.clear();
  std::erase_if(origins_, [](const auto& entry) { return entry.second.in_use == 0; });
}

connection_pool::origin_state& connection_pool::state_of(const std::string& origin) {
  return origins_.try_emplace(origin, origin).first->second;
}

std::unique_ptr<client_connection> connection_pool::take_idle(origin_state& origin) {
  while (!origin.idle.empty()) {
    auto connection = std::move(origin.idle.back()->connection);
    idle_.erase(origin.idle.back());
    origin.idle.pop_back();
    if (connection->is_quiet()) return connection;
  }
  return nullptr;
}

void connection_pool::keep(origin_state& origin, std::unique_ptr<client_connection> connection) {
  connection->shrink();
  idle_.push_back({std::move(connection), clock::now(), &origin});
  origin.idle.push_back(std::prev(idle_.end()));
  watch_idle();
}

// URLs come from outside, so that what was seen once must not be remembered for ever.
void connection_pool::forget_if_unused(origin_state& origin) {
  if (origin.in_use > 0 || !origin.idle.empty() || !origin.waiting.empty()) return;
  origins_.erase(std::string(origin.name));
}

void connection_pool::watch_idle() {
  if (watching_ || idle_.empty() || closed_) return;
  watching_ = true;
  timer_.expires_at(idle_.front().since + idle_timeout_);
  timer_.async_wait([this](const boost::system::error_code&) {
    watching_ = false;
    close_expired();
    watch_idle();
  });
}

void connection_pool::close_expired() {
  const auto oldest = clock::now() - idle_timeout_;
  while (!idle_.empty() && idle_.front().since <= oldest) {
    auto& origin = *idle_.front().origin;
    origin.idle.erase(origin.idle.begin());
    idle_.pop_front();
    forget_if_unused(origin);
  }
}

}  // namespace interlude::net
