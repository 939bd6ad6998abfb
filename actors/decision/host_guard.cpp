#include "actors/decision/host_guard.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/core/lowered.hpp"
#include "media/core/url_host.hpp"

namespace interlude {

namespace {

using time_point = host_guard::time_point;
using callback = http_fetcher::callback;

// "ads.test:8080"; of what is no URL the text itself, which the client will refuse.
std::string host_of(std::string_view url) {
  const auto host = host_in(url);
  return lowered(host.empty() ? url : host);
}

bool timed_out(const result<fetch_response>& answer) {
  return !answer && answer.error().code == errc::timed_out;
}

bool failed(const result<fetch_response>& answer) {
  if (answer) return answer->status >= 500;
  return timed_out(answer) || answer.error().code == errc::unavailable;
}

struct pending {
  fetch_request request;
  callback done;
  time_point deadline{};
  bool waited = false;
  bool is_trial = false;
};

struct guarded_host {
  std::uint64_t under_way = 0;
  std::list<pending> waiting;
  time_point first_deadline = time_point::max();  // none of those that wait has an earlier one
  std::uint64_t failures = 0;                     // in a row
  // Refused until then; afterwards tried, one request at a time, until one succeeds.
  std::optional<time_point> left_alone_till;
  bool on_trial = false;
  bool starting = false;  // a thread starts requests, and looks again before it goes

  bool idle() const { return under_way == 0 && waiting.empty() && !starting; }
};

// What callers are told once the lock is given back.
class late_answers {
 public:
  void add(callback done, error e) { due_.emplace_back(std::move(done), std::move(e)); }
  void give() {
    for (auto& [done, e] : std::exchange(due_, {})) done(std::move(e));
  }

 private:
  std::vector<std::pair<callback, error>> due_;
};

// Requests under way hold on to it, and others wait only while there are some: whoever waits is
// answered, though nobody else may know the guard any more.
class guarded_hosts final : public host_guard, public std::enable_shared_from_this<guarded_hosts> {
 public:
  guarded_hosts(std::shared_ptr<http_fetcher> inner, host_guard_options options,
                std::function<time_point()> clock)
      : inner_(std::move(inner)),
        options_(std::move(options)),
        clock_(std::move(clock)),
        asked_(options_.counted) {}

  void fetch(fetch_request request, callback done) override;
  host_guard_counters counters() const override;
  const ad_server_book& asked() const override { return asked_; }

 private:
  enum class change { none, left_alone, back };

  std::optional<error> refuse(const std::string& name, guarded_host& h, bool& is_trial);
  void start(const std::string& name);
  void ask(const std::string& name, pending p);
  void count(const std::string& name, time_point asked, const result<fetch_response>& answer);
  void settle(const std::string& name, bool waited, bool is_trial,
              const result<fetch_response>& answer);
  change judge(guarded_host& h, bool waited, bool is_trial, const result<fetch_response>& answer);
  void drop_late(const std::string& name, guarded_host& h, late_answers& out);
  error left_alone(const std::string& name) const;
  guarded_host& remember(const std::string& name);

  const std::shared_ptr<http_fetcher> inner_;
  const host_guard_options options_;
  const std::function<time_point()> clock_;
  ad_server_book asked_;
  mutable std::mutex mutex_;
  std::map<std::string, guarded_host> hosts_;
  std::uint64_t refused_ = 0, timed_out_ = 0;
};

error guarded_hosts::left_alone(const std::string& name) const {
  return {errc::unavailable, name,
          "failed " + std::to_string(options_.breaker_failures) +
              " times in a row, and is left alone for a while"};
}

// Ad servers name any number of hosts: those that nothing is known against are forgotten first.
guarded_host& guarded_hosts::remember(const std::string& name) {
  if (const auto it = hosts_.find(name); it != hosts_.end()) return it->second;
  for (const bool all : {false, true})
    if (hosts_.size() >= options_.max_hosts)
      std::erase_if(hosts_, [&](const auto& entry) {
        return entry.second.idle() && (all || entry.second.failures == 0);
      });
  return hosts_[name];
}

void guarded_hosts::drop_late(const std::string& name, guarded_host& h, late_answers& out) {
  const auto now = clock_();
  if (now < h.first_deadline) return;
  h.first_deadline = time_point::max();
  for (auto it = h.waiting.begin(); it != h.waiting.end();) {
    if (now < it->deadline) {
      h.first_deadline = std::min(h.first_deadline, it->deadline);
      ++it;
      continue;
    }
    if (it->is_trial) h.on_trial = false;
    ++timed_out_;
    out.add(std::move(it->done), {errc::timed_out, name, "its turn did not come in time"});
    it = h.waiting.erase(it);
  }
}

// Why a request is not taken; nothing: it is.
std::optional<error> guarded_hosts::refuse(const std::string& name, guarded_host& h,
                                           bool& is_trial) {
  if (h.left_alone_till) {
    if (h.on_trial || clock_() < *h.left_alone_till) return left_alone(name);
    h.on_trial = is_trial = true;
  }
  if (h.waiting.size() >= options_.max_waiting && !is_trial)
    return error{errc::unavailable, name, "too many requests wait for it"};
  return std::nullopt;
}

void guarded_hosts::fetch(fetch_request request, callback done) {
  const auto name = host_of(request.url);
  late_answers out;
  {
    const std::lock_guard lock{mutex_};
    auto& h = remember(name);
    drop_late(name, h, out);
    pending p{std::move(request), std::move(done)};
    p.deadline = clock_() + p.request.timeout;
    p.waited = h.under_way >= options_.max_concurrent;
    if (auto why = refuse(name, h, p.is_trial)) {
      ++refused_;
      out.add(std::move(p.done), *std::move(why));
    } else {
      h.first_deadline = std::min(h.first_deadline, p.deadline);
      h.waiting.push_back(std::move(p));
    }
  }
  out.give();
  start(name);
}

// A fetcher may answer at once, from within: whoever is starting requests of this host then finds
// the place that has become free in their next round.
void guarded_hosts::start(const std::string& name) {
  std::unique_lock lock{mutex_};
  const auto it = hosts_.find(name);
  if (it == hosts_.end() || it->second.starting) return;
  auto& h = it->second;
  h.starting = true;
  while (!h.waiting.empty() && h.under_way < options_.max_concurrent) {
    auto next = std::move(h.waiting.front());
    h.waiting.pop_front();
    ++h.under_way;
    lock.unlock();
    ask(name, std::move(next));
    lock.lock();
  }
  h.starting = false;
}

void guarded_hosts::ask(const std::string& name, pending p) {
  if (p.waited)
    p.request.timeout =
        std::max(std::chrono::milliseconds{1},
                 std::chrono::floor<std::chrono::milliseconds>(p.deadline - clock_()));
  inner_->fetch(std::move(p.request),
                [self = shared_from_this(), name, waited = p.waited, is_trial = p.is_trial,
                 asked = clock_(), done = std::move(p.done)](result<fetch_response> answer) {
                  self->count(name, asked, answer);
                  self->settle(name, waited, is_trial, answer);
                  self->start(name);
                  done(std::move(answer));
                });
}

void guarded_hosts::count(const std::string& name, time_point asked,
                          const result<fetch_response>& answer) {
  auto& n = asked_.of(name);
  n.requests.fetch_add(1, std::memory_order_relaxed);
  if (!answer || answer->status >= 400) n.errors.fetch_add(1, std::memory_order_relaxed);
  n.took.add(clock_() - asked);
}

void guarded_hosts::settle(const std::string& name, bool waited, bool is_trial,
                           const result<fetch_response>& answer) {
  late_answers out;
  auto changed = change::none;
  {
    const std::lock_guard lock{mutex_};
    auto& h = hosts_.at(name);
    --h.under_way;
    changed = judge(h, waited, is_trial, answer);
    drop_late(name, h, out);
    if (changed == change::left_alone)
      for (auto& p : std::exchange(h.waiting, {})) {
        ++refused_;
        out.add(std::move(p.done), left_alone(name));
      }
  }
  if (changed == change::left_alone)
    spdlog::warn("ad server {}: {}; asked again in {:.1f} s", name, left_alone(name).what,
                 to_seconds(options_.breaker_pause));
  if (changed == change::back) spdlog::info("ad server {}: answers again", name);
  out.give();
}

// Under the lock. What is neither an answer nor a failure of the host (a URL that cannot be asked)
// says nothing of it.
guarded_hosts::change guarded_hosts::judge(guarded_host& h, bool waited, bool is_trial,
                                           const result<fetch_response>& answer) {
  if (is_trial) h.on_trial = false;
  if (answer && !failed(answer)) {
    h.failures = 0;
    return std::exchange(h.left_alone_till, std::nullopt) ? change::back : change::none;
  }
  if (!failed(answer)) return change::none;
  if (h.left_alone_till) {
    if (is_trial) h.left_alone_till = clock_() + options_.breaker_pause;
    return change::none;
  }
  if (waited && timed_out(answer)) return change::none;
  if (++h.failures < options_.breaker_failures) return change::none;
  h.left_alone_till = clock_() + options_.breaker_pause;
  return change::left_alone;
}

host_guard_counters guarded_hosts::counters() const {
  const std::lock_guard lock{mutex_};
  host_guard_counters n;
  n.refused = refused_;
  n.timed_out = timed_out_;
  for (const auto& [name, h] : hosts_) {
    n.waiting += h.waiting.size();
    if (h.left_alone_till) ++n.hosts_left_alone;
  }
  return n;
}

}  // namespace

std::shared_ptr<host_guard> host_guard::make(std::shared_ptr<http_fetcher> inner,
                                             host_guard_options options,
                                             std::function<time_point()> clock) {
  return std::make_shared<guarded_hosts>(std::move(inner), std::move(options), std::move(clock));
}

}  // namespace interlude
