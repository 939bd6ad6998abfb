// Analytics of a node: the counters in its store, what is gathered for them, the log of events, and
// the way to the desk that sums up.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "actors/analytics/analytics_desk.hpp"
#include "actors/analytics/event_log.hpp"

namespace interlude {

class analytics_office final : public analytics_gateway {
 public:
  // More questions do not wait at a time: errc::unavailable.
  static constexpr int most_waiting = 8;

  // Makes its tables and its folder if they are not there: at start-up. `clock` tells when a day is
  // over.
  static result<std::shared_ptr<analytics_office>> open(
      const std::shared_ptr<storage::environment>& env, const analytics_options& options,
      std::function<instant()> clock);
  analytics_office(std::shared_ptr<storage::environment> env, storage::counter_table counters,
                   const analytics_options& options, std::shared_ptr<event_log> log)
      : options_(options),
        env_(std::move(env)),
        counters_(std::make_shared<const storage::counter_table>(std::move(counters))),
        log_(std::move(log)) {}

  // What events are counted in, and where they are told; null: nowhere.
  std::shared_ptr<const storage::counter_table> counters() const { return counters_; }
  std::shared_ptr<event_log> log() const { return log_; }
  // For what is not worth a commit of its own.
  std::shared_ptr<gathered_counts> gathered() const { return gathered_; }

  // `wall`: the wall clock when the actor clock showed `steady`.
  void start(caf::actor_system& system, storage_writer_actor writer, instant wall,
             std::chrono::steady_clock::time_point steady);
  // Before the actors end: nobody is answered any more but errc::unavailable.
  void close();
  // When they have ended: writes what is left.
  void finish();

  void want_report(report_question question,
                   std::function<void(result<analytics_report>)> done) override;

 private:
  analytics_options options_;
  std::shared_ptr<storage::environment> env_;
  std::shared_ptr<const storage::counter_table> counters_;
  std::shared_ptr<event_log> log_;
  std::shared_ptr<gathered_counts> gathered_ = std::make_shared<gathered_counts>();
  std::shared_ptr<std::atomic<int>> waiting_ = std::make_shared<std::atomic<int>>(0);
  std::mutex guard_;
  analytics_desk_actor desk_;  // null: it is closed
};

}  // namespace interlude
