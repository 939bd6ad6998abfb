#include "actors/analytics/event_log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>

#include "actors/analytics/tally.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

// How late a day ends, and how often it is said that events are dropped.
constexpr auto between_looks = 1s;
constexpr std::size_t lines_at_a_time = 1000;

}  // namespace

std::string event_line(const happened_event& e) {
  const auto& w = e.what;
  const auto slash = w.channel.find('/');
  boost::json::object o{{"time", format_iso8601(e.at)},
                        {"org", w.channel.substr(0, slash)},
                        {"channel", w.channel.substr(std::min(slash, w.channel.size() - 1) + 1)},
                        {"session", w.session},
                        {"break", w.break_id},
                        {"ad", w.ad},
                        {"creative", w.creative},
                        {"event", w.event},
                        {"tier", w.tier},
                        {"tracking", w.by_player ? tracked_by_client : tracked_by_server}};
  return boost::json::serialize(o) + '\n';
}

result<std::shared_ptr<event_log>> event_log::open(const rotated_file_options& options,
                                                   std::function<instant()> clock) {
  auto file = rotated_file::open(options);
  if (!file) return file.error();
  return std::make_shared<event_log>(*std::move(file), std::move(clock));
}

event_log::event_log(rotated_file file, std::function<instant()> clock)
    : file_(std::move(file)), clock_(std::move(clock)), thread_([this] { run(); }) {}

void event_log::add(std::vector<happened_event> events) {
  {
    const std::lock_guard lock{mutex_};
    const auto room = closed_ ? 0 : most_waiting - std::min(most_waiting, waiting_.size());
    const auto taken = std::min(room, events.size());
    std::move(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(taken),
              std::back_inserter(waiting_));
    dropped_ += events.size() - taken;
  }
  changed_.notify_one();
}

void event_log::close() {
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::uint64_t event_log::dropped() const {
  const std::lock_guard lock{mutex_};
  return dropped_;
}

void event_log::run() {
  for (bool more = true; more;) {
    std::vector<happened_event> events;
    std::uint64_t dropped = 0;
    {
      std::unique_lock lock{mutex_};
      changed_.wait_for(lock, between_looks, [&] { return closed_ || !waiting_.empty(); });
      events.swap(waiting_);
      more = !closed_;
      dropped = dropped_;
    }
    write(events);
    note(file_.tick(clock_()), 0);
    if (dropped > told_)
      spdlog::warn("events log: {} events were dropped since the last line like this",
                   dropped - std::exchange(told_, dropped));
  }
  note(file_.finish(), 0);
}

void event_log::write(const std::vector<happened_event>& events) {
  for (std::size_t i = 0; i < events.size();) {
    std::string lines;
    const auto begin = i;
    for (; i < std::min(events.size(), begin + lines_at_a_time); ++i)
      lines += event_line(events[i]);
    note(file_.write(lines, clock_()), i - begin);
  }
}

// Said once, until it works again.
void event_log::note(const result<bool>& done, std::size_t events) {
  if (done) {
    if (events > 0) failing_ = false;
    return;
  }
  if (!std::exchange(failing_, true)) spdlog::error("events log: {}", done.error().message());
  const std::lock_guard lock{mutex_};
  dropped_ += events;
}

}  // namespace interlude
