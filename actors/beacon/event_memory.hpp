// Keys of events that were accepted lately, so that what has happened is not written to be found
// out again. What is forgotten here is known on disk. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_set>

#include "media/core/stable_hash.hpp"

namespace interlude {

class event_memory {
 public:
  static constexpr std::size_t shards = 64;

  explicit event_memory(std::size_t capacity = 1'000'000) : per_shard_(capacity / shards / 2) {}

  bool knows(std::string_view key) {
    const auto hash = mixed(key);
    auto& s = shards_[hash % shards];
    const std::lock_guard lock{s.guard};
    return s.young.contains(hash) || s.old.contains(hash);
  }
  void add(std::string_view key) {
    const auto hash = mixed(key);
    auto& s = shards_[hash % shards];
    const std::lock_guard lock{s.guard};
    s.young.insert(hash);
    if (s.young.size() < per_shard_) return;
    s.old.swap(s.young);
    s.young.clear();
  }

 private:
  struct shard {
    std::mutex guard;
    std::unordered_set<std::uint64_t> young, old;
  };
  // Session ids are random: nobody chooses keys that meet.
  static std::uint64_t mixed(std::string_view key) { return stable_hash(key); }

  std::size_t per_shard_;
  std::array<shard, shards> shards_;
};

}  // namespace interlude
