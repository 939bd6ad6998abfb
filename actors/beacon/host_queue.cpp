#include "actors/beacon/host_queue.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace interlude {

using namespace std::chrono_literals;

void host_queue::add(held_beacon b) {
  if (fresh_.size() >= most_in_memory) return wait_for(b.place.due);
  held_.insert(b.place.id);
  fresh_.push_back(std::move(b));
}

void host_queue::wait_for(instant due) {
  stored_from_ = std::min(stored_from_.value_or(due), due);
}

// Those in memory stand in front of the others, or among them: they are passed over.
std::size_t host_queue::wanted(instant now) const {
  if (!stored_from_ || *stored_from_ > now || stored_.size() >= most_in_memory / 2) return 0;
  return held_.size() + most_in_memory;
}

void host_queue::add_stored(std::vector<held_beacon> all_read, bool all, instant now) {
  stored_from_.reset();
  for (auto& e : all_read) {
    if (held_.contains(e.place.id)) continue;
    if (e.place.due > now || stored_.size() >= most_in_memory) return wait_for(e.place.due);
    held_.insert(e.place.id);
    stored_.push_back(std::move(e));
  }
  if (!all) wait_for(now);
}

std::size_t host_queue::free_places(steady_instant t) {
  if (is_paused(t)) return 0;
  const auto room = limits_.max_concurrent - std::min(under_way_, limits_.max_concurrent);
  if (is_left_alone()) return under_way_ == 0 ? 1 : 0;
  if (limits_.max_per_second == 0) return room;
  const auto most = static_cast<double>(limits_.max_per_second);
  const auto since = counted_at_ ? t - *counted_at_ : std::chrono::steady_clock::duration{1s};
  allowance_ = std::min(most, allowance_ + most * std::chrono::duration<double>(since).count());
  counted_at_ = t;
  return std::min(room, static_cast<std::size_t>(allowance_));
}

// In turns; where new ones come faster than that, one in eight is of those that wait on disk: else
// the new would soon be on disk too, behind all others.
held_beacon host_queue::pop() {
  const std::uint64_t every = fresh_.size() > most_in_memory / 2 ? 8 : 2;
  const bool from_disk = fresh_.empty() || (!stored_.empty() && turn_++ % every == every - 1);
  auto& from = from_disk ? stored_ : fresh_;
  auto out = std::move(from.front());
  from.pop_front();
  return out;
}

std::vector<held_beacon> host_queue::take(steady_instant t, std::size_t most) {
  std::vector<held_beacon> out;
  if (fresh_.empty() && stored_.empty()) return out;
  const auto places = std::min(free_places(t), most);
  while (out.size() < places && !(fresh_.empty() && stored_.empty())) out.push_back(pop());
  under_way_ += out.size();
  if (limits_.max_per_second > 0) allowance_ -= static_cast<double>(out.size());
  return out;
}

// One answer says nothing of the host: it may have many servers, of which one is busy. Several in a
// row do, and then it is not asked before the time that it names.
void host_queue::finished(const delivery& outcome, steady_instant began, steady_instant t) {
  --under_way_;
  const duration named = outcome.retry_after.value_or(0s);
  if (!outcome.host_failed && !outcome.retry_after) {
    failures_ = 0;
    pause_ = 0ms;
    paused_till_.reset();
    answered_at_ = t;
    return;
  }
  // Where one in fifty hangs, all places are soon taken by those, and they end at a time. That the
  // host has been well since they began is the later news.
  if (answered_at_ && began < *answered_at_) return;
  if (++failures_ < limits_.breaker_failures) return;
  // Those that were under way when it was left alone say nothing new but when to come again.
  if (is_paused(t)) {
    paused_till_ = std::max<steady_instant>(*paused_till_, t + named);
    return;
  }
  if (outcome.host_failed)
    pause_ = std::clamp(pause_ * 2, limits_.breaker_pause, limits_.longest_pause);
  paused_till_ = t + std::max<duration>(pause_, named);
}

std::optional<instant> host_queue::first_due() const {
  auto out = stored_from_;
  for (const auto* lane : {&fresh_, &stored_})
    if (!lane->empty()) out = std::min(out.value_or(instant::max()), lane->front().place.due);
  return out;
}

duration host_queue::pause_left(steady_instant t) const {
  return is_paused(t) ? std::chrono::ceil<duration>(*paused_till_ - t) : duration{0};
}

std::optional<steady_instant> host_queue::next(instant now, steady_instant t) const {
  std::optional<steady_instant> out;
  if (!fresh_.empty() || !stored_.empty())
    out = t;
  else if (stored_from_)
    out = t + std::max<duration>(*stored_from_ - now, 0s);
  if (!out) return out;
  if (paused_till_) out = std::max(*out, *paused_till_);
  // A place that becomes free is told by finished().
  const auto most = is_left_alone() ? 1 : limits_.max_concurrent;
  if (under_way_ >= most) return std::nullopt;
  if (limits_.max_per_second > 0 && allowance_ < 1) out = std::max(*out, t + 10ms);
  return out;
}

}  // namespace interlude
