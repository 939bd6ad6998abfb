#include "actors/analytics/analytics_office.hpp"

#include <spdlog/spdlog.h>

#include <caf/all.hpp>
#include <utility>

namespace interlude {

namespace {

// Told once; that the desk is closed, if it ends before.
class report_answer {
 public:
  report_answer(std::function<void(result<analytics_report>)> done,
                std::shared_ptr<std::atomic<int>> waiting)
      : done_(std::move(done)), waiting_(std::move(waiting)) {}
  report_answer(const report_answer&) = delete;
  report_answer& operator=(const report_answer&) = delete;
  ~report_answer() { give(error{errc::unavailable, "analytics", "the node is shutting down"}); }
  void give(result<analytics_report> what) {
    const auto done = std::exchange(done_, nullptr);
    if (!done) return;
    waiting_->fetch_sub(1);
    done(std::move(what));
  }

 private:
  std::function<void(result<analytics_report>)> done_;
  std::shared_ptr<std::atomic<int>> waiting_;
};

}  // namespace

result<std::shared_ptr<analytics_office>> analytics_office::open(
    const std::shared_ptr<storage::environment>& env, const analytics_options& options,
    std::function<instant()> clock) {
  auto counters = storage::counter_table::open(env, "counters", options.most_per_hour);
  if (!counters) return counters.error();
  std::shared_ptr<event_log> log;
  if (!options.events_log.folder.empty()) {
    auto opened = event_log::open(options.events_log, std::move(clock));
    if (!opened) return opened.error();
    log = *std::move(opened);
  }
  return std::make_shared<analytics_office>(env, *std::move(counters), options, std::move(log));
}

void analytics_office::start(caf::actor_system& system, storage_writer_actor writer, instant wall,
                             std::chrono::steady_clock::time_point steady) {
  const std::lock_guard lock{guard_};
  desk_ = system.spawn<caf::detached>(
      analytics_desk,
      desk_arguments{counters_, std::move(writer), options_, wall, steady, {}, gathered_});
}

void analytics_office::close() {
  const std::lock_guard lock{guard_};
  if (desk_) caf::anon_send_exit(desk_, caf::exit_reason::user_shutdown);
  desk_ = nullptr;
}

void analytics_office::finish() {
  const auto left = gathered_->take();
  if (!left.empty()) {
    const auto done = env_->write([&](storage::transaction& t) {
      for (const auto& what : left) add(*counters_, t, what);
    });
    if (!done) spdlog::error("analytics: {}", done.error().message());
  }
  if (log_) log_->close();
}

void analytics_office::want_report(report_question question,
                                   std::function<void(result<analytics_report>)> done) {
  analytics_desk_actor desk;
  {
    const std::lock_guard lock{guard_};
    desk = desk_;
  }
  if (waiting_->fetch_add(1) >= most_waiting) {
    waiting_->fetch_sub(1);
    return done(error{errc::unavailable, "analytics", "too many others ask at the moment"});
  }
  const auto answer = std::make_shared<report_answer>(std::move(done), waiting_);
  if (desk)
    caf::anon_send(desk, report_wanted{std::move(question), [answer](result<analytics_report> r) {
                                         answer->give(std::move(r));
                                       }});
}

}  // namespace interlude
