// Sessions that an operator started in debug mode, and the story of each decision that was made for
// them since, longer than the channel remembers its breaks.
//
// Bounded in sessions, in stories of each and in time. What a session was started with is not in
// it: that stands in its token. Thread-safe; locks are held for moments.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/decision/decision_story.hpp"

namespace interlude {

struct debug_bounds {
  std::size_t sessions = 100;
  std::size_t stories = 64;  // of one; the oldest go
  std::chrono::minutes keep{60};
};

struct debugged_session {
  std::vector<story_ptr> stories;  // the oldest first
  std::size_t forgotten = 0;       // stories before these
  instant until{};                 // when it is forgotten
};

class debug_book {
 public:
  explicit debug_book(const debug_bounds& bounds = {}) : bounds_(bounds) {}

  // `session` is its id, `channel` "org/name", `audience` what its viewer belongs to. False: there
  // are too many.
  bool begin(std::string session, std::string channel, std::string audience, instant now);
  // Something was decided for that channel.
  void tell(std::string_view channel, const story_ptr& story, instant now);
  // nullopt: not known, or long ago.
  std::optional<debugged_session> find(std::string_view session, instant now);

 private:
  struct entry {
    std::string channel, audience;
    std::deque<story_ptr> stories;
    std::size_t forgotten = 0;
    instant until{};
  };
  void forget_old(instant now);

  debug_bounds bounds_;
  std::mutex mutex_;
  std::map<std::string, entry, std::less<>> sessions_;
};

}  // namespace interlude
