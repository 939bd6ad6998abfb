// Decisions that hold: in memory, and behind that in the store, where they outlive the process.
//
// A decision is fresh for a while, then stale for a while: what is stale is still good for an
// answer, but somebody should ask anew. Bounded in both places. Thread-safe; locks are held for a
// look-up only.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "actors/decision/decision_counters.hpp"
#include "actors/decision/decision_record.hpp"
#include "media/core/text_hash.hpp"
#include "storage/cache_table.hpp"

namespace interlude {

// What one ad server said, for whoever asks why.
struct tier_report {
  std::string server;   // its URL as configured, without the query
  std::string problem;  // why nothing of it plays; empty if there are candidates
  std::size_t requests = 0;
  std::vector<vast::error_notice> skipped;
  inquiry_outcome outcome = inquiry_outcome::answered;
  std::size_t candidates = 0;
  std::chrono::milliseconds took{0};  // from the first request to the last answer that counted
};

// What the ad servers had to say.
struct ads_found {
  std::vector<ad_candidate> candidates;
  std::string server;  // whose they are; empty: nobody's
  std::string tier;    // "ads", "service"; empty: none
  instant asked_at{};
  std::vector<tier_report> reports;  // of those that were asked, in order
};

struct kept_decision {
  std::shared_ptr<const ads_found> found;
  instant fresh_until{}, stale_until{};

  bool fresh(instant now) const noexcept { return now < fresh_until; }
};

class decision_cache {
 public:
  // `table` null: nothing outlives the process.
  explicit decision_cache(std::shared_ptr<storage::cache_table> table = nullptr,
                          std::size_t max_entries = 20'000);

  // What is neither fresh nor stale is not found. Counts nothing.
  std::optional<kept_decision> find(std::string_view key, instant now);
  // Of the store, if it holds something for this key that is not too old.
  std::optional<decision_record> stored(std::string_view key, instant now) const;
  void keep(std::string_view key, kept_decision decision);

  const std::shared_ptr<storage::cache_table>& table() const noexcept { return table_; }
  decision_counters counters;

 private:
  struct entry {
    kept_decision decision;
    std::list<std::string>::iterator used;
  };
  // A lock of its own for each part of the keys.
  struct shard {
    std::mutex mutex;
    std::unordered_map<std::string, entry, text_hash, std::equal_to<>> entries;
    std::list<std::string> order;  // latest used first
  };
  shard& shard_of(std::string_view key);

  std::shared_ptr<storage::cache_table> table_;
  std::size_t max_per_shard_;
  std::array<shard, 16> shards_;
};

}  // namespace interlude
