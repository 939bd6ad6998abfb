// What operators see of creatives, and may do about them.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude {

enum class creative_stage : std::uint8_t {
  queued,
  fetching,
  conditioning,
  ready,
  withdrawn,  // by an operator: its files stay while players may be at them
  failed,     // not tried again before `until`
  quarantined
};
std::string_view to_string(creative_stage stage);

struct creative_status {
  std::string key;  // of what was made, of a job, or of a source that failed
  creative_stage stage = creative_stage::queued;
  std::string source;  // without its query
  std::optional<duration> length;
  std::optional<double> loudness;  // LKFS, of the source as it was measured
  std::optional<std::uint64_t> bytes;
  std::optional<instant> used, until;
  std::uint32_t failures = 0;  // in a row
  std::string why;             // it failed
};

// In the order of their keys.
struct creative_page {
  std::vector<creative_status> creatives;
  std::string next;                     // ask for what comes after this; empty: that is all
  std::uint64_t bytes = 0, budget = 0;  // of all that is made
};

// Ways into the creative actor for an HTTP thread: all return at once; `done` is called exactly
// once from any thread.
class creative_gateway {
 public:
  virtual ~creative_gateway() = default;
  virtual void list_creatives(std::string after, std::size_t limit,
                              std::function<void(result<creative_page>)> done) = 0;
  // A source that failed may be tried at once. errc::not_found if there is none.
  virtual void retry_creative(std::string key, std::function<void(result<bool>)> done) = 0;
  // What was made is taken for no new plan, and its files are removed when nobody has used them for
  // a while. errc::not_found if there is none.
  virtual void remove_creative(std::string key, std::function<void(result<bool>)> done) = 0;
};

// The same as messages of the creative actor.
struct creatives_wanted {
  std::string after;
  std::size_t limit = 100;
  std::function<void(result<creative_page>)> done;
};
struct retry_wanted {
  std::string key;
  std::function<void(result<bool>)> done;
};
struct removal_wanted {
  std::string key;
  std::function<void(result<bool>)> done;
};

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::creatives_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::retry_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::removal_wanted)
