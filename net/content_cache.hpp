// Content that the node serves itself, kept in memory: each piece is fetched once, however many
// viewers ask for it at the same time, and stays while there is room.
//
// Least recently used pieces leave when `max_bytes` is reached. A failure is told to all who wait
// and remembered for half a second, so that a broken origin is not asked by every viewer.
// Thread-safe; no lock is held while something is fetched or answered.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "media/core/result.hpp"

namespace interlude::net {

struct content_body {
  std::string bytes;
  std::string type;  // Content-Type
};

struct content_counters {
  std::atomic<std::uint64_t> hits{0};  // answered from memory
  std::atomic<std::uint64_t> fetches{0}, failures{0};
};

class content_cache : public std::enable_shared_from_this<content_cache> {
 public:
  using body_ptr = std::shared_ptr<const content_body>;
  using callback = std::function<void(result<body_ptr>)>;
  // Called without the lock, at most once per fetch; has to call what it is given exactly once,
  // from any thread.
  using loader = std::function<void(callback)>;
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::milliseconds failure_memory{500};
  static constexpr std::size_t max_fetches = 256;  // at the same time; more are errc::internal

  explicit content_cache(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

  // Null if it is not there.
  body_ptr find(std::string_view key);
  // `done` is called exactly once: at once, or when `load` has answered.
  void want(const std::string& key, time_point now, const loader& load, callback done);

  std::uint64_t bytes() const;
  const content_counters& counters() const noexcept { return counters_; }

 private:
  struct entry {
    std::string key;
    body_ptr body;
  };
  struct failure {
    error why;
    time_point until;
  };
  using entries = std::list<entry>;  // latest used first

  body_ptr touch(std::string_view key);
  void keep(const std::string& key, const body_ptr& body);
  void remember(const std::string& key, const error& why, time_point until);
  void loaded(const std::string& key, time_point asked_at, const result<body_ptr>& outcome);

  const std::uint64_t max_bytes_;
  content_counters counters_;
  mutable std::mutex mutex_;
  entries entries_;
  std::unordered_map<std::string_view, entries::iterator> by_key_;  // views into entries_
  std::uint64_t bytes_ = 0;
  std::unordered_map<std::string, std::vector<callback>> waiting_;
  std::unordered_map<std::string, failure> failures_;
};

}  // namespace interlude::net
