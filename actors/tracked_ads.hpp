// Ads that are on the air, by a name that stands in plans: what is to be told when they play.
//
// Kept in the store as VAST, so that it is known in another life too; those used lately are in
// memory. The name follows from the content: who is shown the same ad shares one. Thread-safe.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "actors/storage_writer.hpp"
#include "ads/vast/unwrap.hpp"
#include "media/core/text_hash.hpp"
#include "storage/cache_table.hpp"

namespace interlude {

struct tracked_ad {
  std::string tier, server;  // that named it
  vast::ad content;          // without its media
  // "breakStart" and "breakEnd" of the VMAP that named it: of the break, not of the ad.
  std::vector<vast::tracking> break_events{};
};
using tracked_ad_ptr = std::shared_ptr<const tracked_ad>;

class tracked_ads {
 public:
  explicit tracked_ads(std::shared_ptr<storage::cache_table> table, std::size_t capacity = 10'000)
      : table_(std::move(table)), capacity_(capacity) {}

  struct kept_ad {
    std::string name;
    std::optional<store_write> write;  // to be done before a plan names it
  };
  // What cannot be kept has a name, too, by which nothing is found.
  kept_ad keep(const std::shared_ptr<const vast::resolved_ad>& ad, const std::string& tier,
               const std::string& server);
  // Null: it is not known (any more). An error: the store cannot be read just now.
  result<tracked_ad_ptr> find(std::string_view name);

 private:
  struct entry {
    tracked_ad_ptr ad;
    std::list<std::string>::iterator used;
  };
  struct named_ad {
    std::shared_ptr<const vast::resolved_ad> ad;  // as long as it is here, no other is there
    std::string name;
  };
  void remember(const std::string& name, tracked_ad_ptr ad);

  std::shared_ptr<storage::cache_table> table_;
  std::size_t capacity_;
  std::mutex mutex_;
  std::unordered_map<std::string, entry, text_hash, std::equal_to<>> ads_;
  std::list<std::string> order_;  // latest used first
  std::unordered_map<const vast::resolved_ad*, named_ad> names_;
};

}  // namespace interlude
