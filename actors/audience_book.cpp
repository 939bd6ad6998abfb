#include "actors/audience_book.hpp"

namespace interlude {

audience_mark_ptr audience_book::enter(std::string_view key,
                                       const std::function<ads::viewer()>& who, steady_time now) {
  {
    const std::lock_guard lock{mutex_};
    if (const auto it = marks_.find(key); it != marks_.end() && it->second->who) return it->second;
  }
  auto fresh = std::make_shared<audience_mark>();
  fresh->who = std::make_shared<const ads::viewer>(who());
  fresh->seen.set(now);
  const std::lock_guard lock{mutex_};
  const auto it = marks_.find(key);
  if (it == marks_.end()) {
    if (marks_.size() < most_) marks_.emplace(key, fresh);
    return fresh;
  }
  if (!it->second->who) it->second = std::move(fresh);
  return it->second;  // another thread may have been sooner
}

void audience_book::remember(std::string_view key, steady_time now) {
  const std::lock_guard lock{mutex_};
  const auto [it, added] = marks_.try_emplace(std::string{key});
  if (!added) return;
  it->second = std::make_shared<audience_mark>();
  it->second->seen.set(now);
}

std::shared_ptr<const ads::viewer> audience_book::who(std::string_view key) const {
  const std::lock_guard lock{mutex_};
  const auto it = marks_.find(key);
  return it == marks_.end() ? nullptr : it->second->who;
}

std::size_t audience_book::size() const {
  const std::lock_guard lock{mutex_};
  return marks_.size();
}

std::vector<std::string> audience_book::forget_unseen(
    steady_time t, const std::function<bool(std::string_view)>& may_go) {
  std::vector<std::string> out;
  const std::lock_guard lock{mutex_};
  std::erase_if(marks_, [&](const auto& entry) {
    if (entry.second->seen.at() >= t || !may_go(entry.first)) return false;
    entry.second->forgotten.store(true, std::memory_order_relaxed);
    out.push_back(entry.first);
    return true;
  });
  return out;
}

}  // namespace interlude
