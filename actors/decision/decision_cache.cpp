#include "actors/decision/decision_cache.hpp"

#include <algorithm>
#include <utility>

namespace interlude {

decision_cache::decision_cache(std::shared_ptr<storage::cache_table> table, std::size_t max_entries)
    : table_(std::move(table)),
      max_per_shard_(std::max<std::size_t>(1, max_entries / shards_.size())) {}

decision_cache::shard& decision_cache::shard_of(std::string_view key) {
  return shards_[text_hash{}(key) % shards_.size()];
}

std::optional<kept_decision> decision_cache::find(std::string_view key, instant now) {
  auto& s = shard_of(key);
  const std::lock_guard lock{s.mutex};
  const auto it = s.entries.find(key);
  if (it == s.entries.end()) return std::nullopt;
  if (now >= it->second.decision.stale_until) {
    s.order.erase(it->second.used);
    s.entries.erase(it);
    return std::nullopt;
  }
  s.order.splice(s.order.begin(), s.order, it->second.used);
  return it->second.decision;
}

std::optional<decision_record> decision_cache::stored(std::string_view key, instant now) const {
  if (!table_) return std::nullopt;
  const auto text = table_->find(key);
  if (!text || !*text) return std::nullopt;
  auto record = read_decision_record(**text);
  // A clock that was set back must not keep an answer for ever.
  if (!record || now >= record->stale_until || now < record->asked_at) return std::nullopt;
  return *std::move(record);
}

void decision_cache::keep(std::string_view key, kept_decision decision) {
  auto& s = shard_of(key);
  const std::lock_guard lock{s.mutex};
  if (const auto it = s.entries.find(key); it != s.entries.end()) {
    it->second.decision = std::move(decision);
    s.order.splice(s.order.begin(), s.order, it->second.used);
    return;
  }
  if (s.entries.size() >= max_per_shard_) {
    s.entries.erase(s.order.back());
    s.order.pop_back();
  }
  s.order.emplace_front(key);
  s.entries.emplace(std::string{key}, entry{std::move(decision), s.order.begin()});
}

}  // namespace interlude
