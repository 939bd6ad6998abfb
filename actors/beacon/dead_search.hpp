// Tracking requests that were given up: found on disk, in the order in which they were.
//
// Reads from the disk, so not for threads that others wait for. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/beacon/beacon_status.hpp"
#include "storage/outbox.hpp"

namespace interlude {

// What a name is in the outbox; nullopt: none of ours.
std::optional<std::string> kept_name(std::string_view shown);
inline bool is_dead_name(std::string_view text) {
  return kept_name(text).has_value();
}
// nullopt: nothing of this name was given up, or it is not there any more.
result<std::optional<dead_beacon>> find_dead(const storage::outbox& outbox, std::string_view name);
bool matches(const dead_filter& filter, const dead_beacon& b);

class dead_search {
 public:
  // From behind the name `after` (empty: from the first) to what was given up by `until`.
  // errc::malformed if that is no name.
  static result<dead_search> start(std::shared_ptr<const storage::outbox> outbox,
                                   dead_filter filter, std::string_view after, instant until);

  // The next that match, at most `most`, among the next `look_at` at most.
  result<std::vector<dead_beacon>> next(std::size_t most, std::size_t look_at);

  bool is_ended() const { return ended_; }
  std::size_t looked_at() const { return looked_at_; }
  // The last that was looked at: a later search goes on after it.
  std::string position() const;

 private:
  dead_search(std::shared_ptr<const storage::outbox> outbox, dead_filter filter, std::string after,
              instant until)
      : outbox_(std::move(outbox)),
        filter_(std::move(filter)),
        position_(std::move(after)),
        until_(until) {}

  std::shared_ptr<const storage::outbox> outbox_;
  dead_filter filter_;
  std::string position_;  // as the outbox has it
  instant until_;
  bool ended_ = false;
  std::size_t looked_at_ = 0;
};

}  // namespace interlude
