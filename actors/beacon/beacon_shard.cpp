#include "actors/beacon/beacon_shard.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>
#include <utility>

#include "actors/log_line.hpp"
#include "media/core/url_host.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_settled = 100;
constexpr auto settle_every = 50ms;
constexpr auto write_again = 1s;
constexpr auto longest_rest = 1s;  // hosts are looked at as often, whatever they say
constexpr std::size_t most_bytes = 64 * 1024;

}  // namespace

void beacon_shard_state::start(beacon_shard::pointer self, beacon_arguments arguments,
                               std::size_t number) {
  self_ = self;
  arguments_ = std::move(arguments);
  number_ = number;
  random_.seed(static_cast<std::mt19937::result_type>(arguments_.seed + number));
  look_at_disk();
  arm();
}

steady_instant beacon_shard_state::now() const {
  return self_->clock().now();
}

instant beacon_shard_state::wall() const {
  return arguments_.wall_clock_base +
         std::chrono::duration_cast<duration>(now() - arguments_.steady_base);
}

const beacon_policy& beacon_shard_state::policy_of(const beacon_record& r) const {
  static const beacon_policy usual;
  const auto it = arguments_.policies.find(r.what.channel);
  return it == arguments_.policies.end() ? usual : it->second;
}

host_queue& beacon_shard_state::host_of(std::uint64_t queue) {
  return hosts_.try_emplace(queue, arguments_.limits).first->second;
}

// What another life has left, or the one of this actor before.
void beacon_shard_state::look_at_disk() {
  const auto given = arguments_.outbox->ids_given();
  const auto first = arguments_.outbox->first_of_each();
  if (!given || !first)
    return spdlog::error("beacons: {}", (given ? first.error() : given.error()).message());
  first_told_ = *given;
  for (const auto& e : *first)
    if (e.place.queue % arguments_.shards == number_) host_of(e.place.queue).wait_for(e.place.due);
}

void beacon_shard_state::load(std::uint64_t queue, host_queue& host) {
  const auto most = host.wanted(wall());
  if (most == 0) return;
  auto found = arguments_.outbox->some(queue, {}, most);
  if (!found) return spdlog::error("beacons: {}", found.error().message());
  std::vector<held_beacon> all;
  for (auto& e : *found) {
    if (host.holds(e.place.id) || !is_told(e.place.id)) continue;
    if (auto record = read_beacon(e.record))
      all.push_back({e.place, *std::move(record)});
    else
      drop_unreadable(e.place);
  }
  host.add_stored(std::move(all), found->size() < most, wall());
}

// Of another version, or damaged: nobody will ever send it.
void beacon_shard_state::drop_unreadable(const storage::outbox_place& place) {
  spdlog::error("beacons: a record of the outbox cannot be read, and is dropped");
  caf::anon_send(arguments_.writer,
                 store_write{[place, outbox = arguments_.outbox](storage::transaction& t) {
                   outbox->erase(t, place);
                 }});
}

void beacon_shard_state::forget_if_idle(std::uint64_t queue) {
  const auto it = hosts_.find(queue);
  if (it == hosts_.end() || !it->second.is_empty() || it->second.is_paused(now())) return;
  if (it->second.is_left_alone())
    arguments_.counters->hosts_left_alone.fetch_sub(1, std::memory_order_relaxed);
  hosts_.erase(it);
}

void beacon_shard_state::on(beacons_kept& m) {
  std::set<std::uint64_t> touched;
  for (auto& b : m.all) {
    told_until_ = std::max(told_until_, b.place.id + 1);
    touched.insert(b.place.queue);
    auto& host = host_of(b.place.queue);
    if (b.place.id < first_told_)
      host.wait_for(b.place.due);
    else
      host.add(std::move(b));
  }
  for (const auto queue : touched) send_due(queue);
  arm();
}

void beacon_shard_state::send_due(std::uint64_t queue) {
  auto& host = host_of(queue);
  load(queue, host);
  give_up_expired(host);
  for (auto& b : host.take(now())) send(std::move(b));
  forget_if_idle(queue);
}

void beacon_shard_state::send(held_beacon b) {
  fetch_request request;
  request.url = b.record.what.url;
  request.headers = b.record.what.headers;
  request.timeout = arguments_.timeout;
  request.max_bytes = most_bytes;
  request.from_stranger = true;
  arguments_.counters->under_way.fetch_add(1, std::memory_order_relaxed);
  arguments_.fetcher->fetch(std::move(request),
                            [to = caf::actor_cast<beacon_shard>(self_->ctrl()), tray = tray_,
                             b = std::move(b)](result<fetch_response> answer) {
                              const std::lock_guard lock{tray->guard};
                              tray->all.push_back({b, std::move(answer)});
                              if (tray->all.size() == 1) caf::anon_send(to, deliveries_came{});
                            });
}

void beacon_shard_state::on(const deliveries_came&) {
  std::vector<delivered_beacon> all;
  {
    const std::lock_guard lock{tray_->guard};
    all.swap(tray_->all);
  }
  std::set<std::uint64_t> touched;
  for (auto& d : all) {
    touched.insert(d.what.place.queue);
    conclude(std::move(d));
  }
  for (const auto queue : touched) send_due(queue);
  arm();
}

void beacon_shard_state::conclude(delivered_beacon d) {
  arguments_.counters->under_way.fetch_sub(1, std::memory_order_relaxed);
  const auto outcome = judge_delivery(d.answer, wall());
  auto& host = host_of(d.what.place.queue);
  const bool before = host.is_left_alone();
  host.finished(outcome, now());
  if (const bool after = host.is_left_alone(); before != after) {
    arguments_.counters->hosts_left_alone.fetch_add(after ? 1 : -1, std::memory_order_relaxed);
    const std::string at{host_in(d.what.record.what.url)};
    if (after)
      spdlog::warn("beacons: {} fails, and is left alone for a while: {}", at, outcome.why);
    else
      spdlog::info("beacons: {} answers again", at);
  }
  settlement s{std::move(d.what), std::nullopt, false};
  if (outcome.what != delivery_outcome::delivered) {
    auto& record = s.what.record;
    ++record.attempts;
    record.problem = outcome.why;
    const auto part = std::uniform_real_distribution<>{}(random_);
    s.again = next_attempt(policy_of(record), record, outcome, wall(), part);
    s.dead = !s.again;
  }
  settle(std::move(s));
}

void beacon_shard_state::give_up_expired(host_queue& host) {
  for (auto& b : host.take_expired(
           wall(), [this](const held_beacon& x) { return policy_of(x.record).max_age; })) {
    if (b.record.problem.empty()) b.record.problem = "the host did not answer in time";
    settle({std::move(b), std::nullopt, true});
  }
}

void beacon_shard_state::log(const settlement& s) const {
  const auto& b = s.what.record.what;
  if (!s.dead && s.what.record.problem.empty()) return;
  if (!s.dead && !spdlog::should_log(spdlog::level::debug)) return;
  log_line line{s.dead ? "FIRING_BEACON_FAILED" : "BEACON_POSTPONED"};
  line.add("channel", b.channel).add("break", b.break_id).add("ad", b.ad).add("beacon", b.event);
  line.add("host", std::string{host_in(b.url)}).add("attempts", s.what.record.attempts);
  line.add("why", s.what.record.problem);
  if (s.dead)
    spdlog::warn("{}", line.text());
  else
    spdlog::debug("{}", line.text());
}

void beacon_shard_state::settle(settlement s) {
  auto& n = *arguments_.counters;
  (s.dead ? n.dead : s.again ? n.retries : n.delivered).fetch_add(1, std::memory_order_relaxed);
  log(s);
  settled_.push_back(std::move(s));
  if (settled_.size() >= most_settled) return on(settling_due{});
  if (std::exchange(settling_planned_, true)) return;
  self_->delayed_send(caf::actor_cast<beacon_shard>(self_->ctrl()), settle_every, settling_due{});
}

void beacon_shard_state::on(const settling_due&) {
  settling_planned_ = false;
  if (settled_.empty()) return;
  write(std::make_shared<const std::vector<settlement>>(std::exchange(settled_, {})));
}

// On a disk that fails nothing is forgotten: it is written when that is possible again.
void beacon_shard_state::write(const settlements& batch) {
  store_write work{[batch, outbox = arguments_.outbox, at = wall()](storage::transaction& t) {
    for (const auto& s : *batch) {
      const auto& place = s.what.place;
      if (s.dead)
        outbox->bury(t, place, at, write_beacon(s.what.record));
      else if (s.again)
        outbox->postpone(t, place, *s.again, write_beacon(s.what.record));
      else
        outbox->erase(t, place);
    }
  }};
  self_->request(arguments_.writer, caf::infinite, std::move(work))
      .then([this, batch](const stored&) { written(batch); },
            [this, batch](caf::error&) {
              settled_.insert(settled_.end(), batch->begin(), batch->end());
              self_->delayed_send(caf::actor_cast<beacon_shard>(self_->ctrl()), write_again,
                                  settling_due{});
            });
}

void beacon_shard_state::written(const settlements& batch) {
  for (const auto& s : *batch) {
    auto& host = host_of(s.what.place.queue);
    host.settled(s.what.place.id);
    if (s.again) host.wait_for(*s.again);
    forget_if_idle(s.what.place.queue);
  }
  arm();
}

void beacon_shard_state::on(const shard_tick& m) {
  if (m.generation != generation_) return;
  armed_for_ = steady_instant::max();
  std::vector<std::uint64_t> all;
  for (const auto& [queue, host] : hosts_) all.push_back(queue);
  for (const auto queue : all) send_due(queue);
  arm();
}

// One timer, for the host that is due first.
void beacon_shard_state::arm() {
  if (hosts_.empty()) return;
  const auto t = now();
  auto next = t + longest_rest;
  for (const auto& [queue, host] : hosts_)
    if (const auto at = host.next(wall(), t)) next = std::min<steady_instant>(next, *at);
  if (next >= armed_for_) return;
  armed_for_ = next;
  const auto pause = std::max<std::chrono::steady_clock::duration>(next - t, 1ms);
  self_->delayed_send(caf::actor_cast<beacon_shard>(self_->ctrl()),
                      std::chrono::ceil<std::chrono::milliseconds>(pause),
                      shard_tick{++generation_});
}

beacon_shard::behavior_type make_beacon_shard(
    beacon_shard::stateful_pointer<beacon_shard_state> self, beacon_arguments arguments,
    std::size_t number) {
  self->state.start(self, std::move(arguments), number);
  return {
      [self](beacons_kept& m) { self->state.on(m); },
      [self](const deliveries_came& m) { self->state.on(m); },
      [self](const settling_due& m) { self->state.on(m); },
      [self](const shard_tick& m) { self->state.on(m); },
  };
}

}  // namespace interlude
