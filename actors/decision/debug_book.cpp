#include "actors/decision/debug_book.hpp"

#include <utility>

namespace interlude {

void debug_book::forget_old(instant now) {
  std::erase_if(sessions_, [&](const auto& s) { return s.second.until <= now; });
}

bool debug_book::begin(std::string session, std::string channel, std::string audience,
                       instant now) {
  const std::lock_guard lock{mutex_};
  forget_old(now);
  if (sessions_.size() >= bounds_.sessions) return false;
  sessions_.insert_or_assign(
      std::move(session),
      entry{std::move(channel), std::move(audience), {}, 0, now + bounds_.keep});
  return true;
}

void debug_book::tell(std::string_view channel, const story_ptr& story, instant now) {
  const std::lock_guard lock{mutex_};
  forget_old(now);
  for (auto& [id, s] : sessions_) {
    if (s.channel != channel || s.audience != story->audience) continue;
    s.stories.push_back(story);
    if (s.stories.size() <= bounds_.stories) continue;
    s.stories.pop_front();
    ++s.forgotten;
  }
}

std::optional<debugged_session> debug_book::find(std::string_view session, instant now) {
  const std::lock_guard lock{mutex_};
  forget_old(now);
  const auto it = sessions_.find(session);
  if (it == sessions_.end()) return std::nullopt;
  const auto& s = it->second;
  return debugged_session{{s.stories.begin(), s.stories.end()}, s.forgotten, s.until};
}

}  // namespace interlude
