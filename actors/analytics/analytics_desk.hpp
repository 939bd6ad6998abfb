// The analytics desk: sums up counters for who asks, writes what has been gathered, and sweeps what
// is too old.
//
// To be spawned detached: a question may read millions of counters from the store, and is answered
// before the next. Reads are made in pieces, none of which is in anybody's way.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/analytics/analytics_report.hpp"
#include "actors/analytics/gathered_counts.hpp"
#include "actors/analytics/rotated_file.hpp"
#include "actors/storage_writer.hpp"
#include "media/core/result.hpp"

namespace interlude {

struct analytics_options {
  std::uint64_t keep_days = 400;
  std::uint64_t most_per_hour = 10'000;  // counters of a channel
  rotated_file_options events_log{};     // without a folder there is none
};

struct report_question {
  std::string org;
  std::string channel;  // empty: all of the organisation
  storage::hour from{}, to{};
  std::vector<dimension> by;
};

class analytics_gateway {
 public:
  virtual ~analytics_gateway() = default;
  // From any thread; `done` is called once. errc::too_large: the question reaches too far.
  virtual void want_report(report_question question,
                           std::function<void(result<analytics_report>)> done) = 0;
};

struct report_wanted {
  report_question question;
  std::function<void(result<analytics_report>)> done;
};
// To itself: what has been gathered is to be written, what is old to be swept.
struct gathered_due {};
struct counters_due {};

using analytics_desk_actor =
    caf::typed_actor<caf::reacts_to<report_wanted>, caf::reacts_to<gathered_due>,
                     caf::reacts_to<counters_due>>;

// What one answer may take: a few seconds, and a few megabytes.
struct report_bounds {
  std::uint64_t counters = 3'000'000;
  std::size_t rows = 5'000;
};

struct desk_arguments {
  std::shared_ptr<const storage::counter_table> counters;
  storage_writer_actor writer;
  analytics_options options;
  instant wall_clock_base{};  // the wall clock when the actor clock showed steady_base
  std::chrono::steady_clock::time_point steady_base{};
  report_bounds bounds{};
  std::shared_ptr<gathered_counts> gathered = std::make_shared<gathered_counts>();
};

inline constexpr auto gathered_written_every = std::chrono::seconds{10};

inline constexpr auto counters_swept_every = std::chrono::minutes{1};
inline constexpr std::size_t counters_swept_at_a_time = 5'000;  // seven millions a day

// errc::too_large: it would be too long, or take too long.
result<analytics_report> make_report(const storage::counter_table& counters,
                                     const report_question& question, const report_bounds& bounds);

analytics_desk_actor::behavior_type analytics_desk(analytics_desk_actor::pointer self,
                                                   desk_arguments arguments);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::report_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::gathered_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::counters_due)
