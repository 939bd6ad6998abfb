#include "net/content_cache.hpp"

#include <utility>

namespace interlude::net {

namespace {

constexpr std::size_t max_failures = 4096;

// Keys are small and many: what it takes to keep a piece counts as well.
template <class Entry>
std::uint64_t cost_of(const Entry& e) {
  return e.body->bytes.size() + 2 * e.key.size() + 256;
}

}  // namespace

content_cache::body_ptr content_cache::find(std::string_view key) {
  const std::lock_guard lock{mutex_};
  return touch(key);
}

std::uint64_t content_cache::bytes() const {
  const std::lock_guard lock{mutex_};
  return bytes_;
}

content_cache::body_ptr content_cache::touch(std::string_view key) {
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return nullptr;
  counters_.hits.fetch_add(1, std::memory_order_relaxed);
  entries_.splice(entries_.begin(), entries_, it->second);
  return it->second->body;
}

void content_cache::want(const std::string& key, time_point now, const loader& load,
                         callback done) {
  result<body_ptr> known = body_ptr{};
  {
    const std::lock_guard lock{mutex_};
    known = touch(key);
    const auto failed = failures_.find(key);
    if (*known == nullptr && failed != failures_.end()) {
      if (now < failed->second.until)
        known = failed->second.why;
      else
        failures_.erase(failed);
    }
    if (known && *known == nullptr) {
      const auto flight = waiting_.find(key);
      if (flight != waiting_.end()) {
        flight->second.push_back(std::move(done));
        return;
      }
      if (waiting_.size() < max_fetches)
        waiting_[key].push_back(std::exchange(done, nullptr));
      else
        known = error{errc::internal, "content", "too many fetches are under way"};
    }
  }
  if (done) return done(std::move(known));
  counters_.fetches.fetch_add(1, std::memory_order_relaxed);
  load([self = shared_from_this(), key, now](const result<body_ptr>& outcome) {
    self->loaded(key, now, outcome);
  });
}

void content_cache::loaded(const std::string& key, time_point asked_at,
                           const result<body_ptr>& outcome) {
  if (!outcome) counters_.failures.fetch_add(1, std::memory_order_relaxed);
  std::vector<callback> answered;
  {
    const std::lock_guard lock{mutex_};
    if (const auto flight = waiting_.find(key); flight != waiting_.end()) {
      answered = std::move(flight->second);
      waiting_.erase(flight);
    }
    if (outcome)
      keep(key, *outcome);
    else
      remember(key, outcome.error(), asked_at + failure_memory);
  }
  for (auto& done : answered) done(outcome);
}

void content_cache::keep(const std::string& key, const body_ptr& body) {
  entry made{key, body};
  if (cost_of(made) > max_bytes_ || by_key_.contains(key)) return;
  entries_.push_front(std::move(made));
  by_key_.emplace(entries_.front().key, entries_.begin());
  bytes_ += cost_of(entries_.front());
  while (bytes_ > max_bytes_) {
    const auto& oldest = entries_.back();
    bytes_ -= cost_of(oldest);
    by_key_.erase(oldest.key);
    entries_.pop_back();
  }
}

void content_cache::remember(const std::string& key, const error& why, time_point until) {
  if (failures_.size() >= max_failures) failures_.clear();
  failures_.insert_or_assign(key, failure{why, until});
}

}  // namespace interlude::net
