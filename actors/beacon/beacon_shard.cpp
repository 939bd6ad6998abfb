#include "actors/beacon/beacon_shard.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>
#include <utility>

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_unwritten = 2000;  // then nothing more is sent
constexpr auto longest_rest = 1s;             // hosts are looked at as often, whatever they say
constexpr auto crowded_rest = 10ms;           // for who has no place
constexpr auto make_room_every = 100ms;

}  // namespace

void beacon_shard_state::start(beacon_shard::pointer self, beacon_arguments arguments,
                               std::size_t number) {
  self_ = self;
  arguments_ = std::move(arguments);
  number_ = number;
  lay_out_tray();
  random_.seed(static_cast<std::mt19937::result_type>(arguments_.seed + number));
  look_at_disk();
  arm();
}

beacon_shard_state::~beacon_shard_state() {
  auto& n = *arguments_.counters;
  n.under_way.fetch_sub(static_cast<std::int64_t>(sent_.size()), std::memory_order_relaxed);
  for (const auto& [queue, host] : hosts_)
    if (host.is_left_alone()) n.hosts_left_alone.fetch_sub(1, std::memory_order_relaxed);
}

steady_instant beacon_shard_state::now() const {
  return self_->clock().now();
}

instant beacon_shard_state::wall() const {
  return arguments_.wall_clock_base +
         std::chrono::duration_cast<duration>(now() - arguments_.steady_base);
}

const beacon_policy& beacon_shard_state::policy_of(std::string_view channel) const {
  static const beacon_policy usual;
  const auto it = arguments_.policies.find(channel);
  return it == arguments_.policies.end() ? usual : it->second;
}

// Null: there are too many. What is for it is on disk, and found when there are fewer.
host_queue* beacon_shard_state::host_of(const storage::outbox_place& place) {
  const auto it = hosts_.find(place.queue);
  if (it != hosts_.end()) return &it->second;
  if (hosts_.size() >= arguments_.max_hosts && !make_room_for_hosts()) {
    more_hosts_from_ = std::min(more_hosts_from_.value_or(place.due), place.due);
    return nullptr;
  }
  return &hosts_.try_emplace(place.queue, arguments_.limits).first->second;
}

// Hosts that fail are waited for, for an hour: as many of them as strangers make up must not keep
// out those that are well.
bool beacon_shard_state::make_room_for_hosts() {
  if (now() < room_sought_at_ + make_room_every) return false;
  room_sought_at_ = now();
  for (auto it = hosts_.begin(); it != hosts_.end();) {
    const auto host = it++;
    if (!host->second.rests()) continue;
    if (const auto due = host->second.first_due()) {
      const auto from = std::max(*due, wall() + host->second.pause_left(now()));
      if (from <= wall()) continue;
      more_hosts_from_ = std::min(more_hosts_from_.value_or(from), from);
    }
    forget(host);
  }
  return hosts_.size() < arguments_.max_hosts;
}

// What another life has left, or the one of this actor before.
void beacon_shard_state::look_at_disk() {
  const auto begun = std::chrono::steady_clock::now();
  find_hosts_on_disk();
  // Of a hundred thousand hosts it takes a moment, and others use this thread.
  const auto took = std::chrono::steady_clock::now() - begun;
  look_again_at_ = now() + std::max<std::chrono::steady_clock::duration>(longest_rest, 10 * took);
}

void beacon_shard_state::find_hosts_on_disk() {
  const auto given = arguments_.outbox->ids_given();
  auto first = arguments_.outbox->first_of_each();
  if (!given || !first) {
    more_hosts_from_ = wall() + longest_rest;  // it is tried again
    return spdlog::error("beacons: {}", (given ? first.error() : given.error()).message());
  }
  if (first_told_ == 0) first_told_ = *given;
  more_hosts_from_.reset();
  std::erase_if(*first, [&](const auto& p) { return p.queue % arguments_.shards != number_; });
  std::sort(first->begin(), first->end(),
            [](const auto& a, const auto& b) { return a.due < b.due; });
  for (const auto& place : *first)
    if (auto* host = host_of(place)) host->wait_for(place.due);
}

void beacon_shard_state::load(std::uint64_t queue, host_queue& host) {
  const auto most = host.wanted(wall());
  if (most == 0) return;
  std::size_t seen = 0;
  std::vector<held_beacon> all;
  const auto look = [&](const storage::outbox_place& place, std::string_view text) {
    if (seen >= most) return false;
    ++seen;
    if (host.holds(place.id) || !is_told(place.id)) return true;
    if (auto record = packed_beacon::read(std::string{text}))
      all.push_back({place, *std::move(record)});
    else
      drop_unreadable(place);
    return true;
  };
  const auto done = arguments_.outbox->each(queue, {}, look);
  if (!done) return spdlog::error("beacons: {}", done.error().message());
  host.add_stored(std::move(all), seen < most, wall());
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
  if (it == hosts_.end() || !it->second.is_empty()) return;
  if (!it->second.is_paused(now()) && !it->second.is_counted(now())) forget(it);
}

void beacon_shard_state::forget(std::map<std::uint64_t, host_queue>::iterator host) {
  if (host->second.is_left_alone())
    arguments_.counters->hosts_left_alone.fetch_sub(1, std::memory_order_relaxed);
  hosts_.erase(host);
}

void beacon_shard_state::on(beacons_kept& m) {
  std::set<std::uint64_t> touched;
  for (auto& b : m.all) {
    told_until_ = std::max(told_until_, b.place.id + 1);
    auto* host = host_of(b.place);
    if (host == nullptr) continue;
    touched.insert(b.place.queue);
    if (b.place.id < first_told_)
      host->wait_for(b.place.due);
    else
      host->add(std::move(b));
  }
  for (const auto queue : touched) send_due(queue);
  arm();
}

// What has been sent and is not known to be on disk would be sent again.
bool beacon_shard_state::waits_for_disk() const {
  return settled_.size() + writing_ >= most_unwritten;
}

// A host takes no more than half of what others leave, and each has a place at least: one that
// hangs, or is slow and answers all the same, keeps nobody from being told.
std::size_t beacon_shard_state::places_for(const host_queue& host) const {
  if (ended_ || waits_for_disk()) return 0;
  const auto most = std::max<std::size_t>(arguments_.max_under_way / arguments_.shards, 2);
  const auto others = sent_.size() - std::min<std::size_t>(sent_.size(), host.under_way());
  const auto share = std::max<std::size_t>((most - std::min(most, others)) / 2, 1);
  return share - std::min<std::size_t>(share, host.under_way());
}

void beacon_shard_state::send_due(std::uint64_t queue) {
  const auto it = hosts_.find(queue);
  if (it == hosts_.end()) return;
  auto& host = it->second;
  if (const auto places = places_for(host); places > 0) {
    load(queue, host);
    give_up_expired(host);
    send(host.take(now(), places));
  }
  forget_if_idle(queue);
}

void beacon_shard_state::give_up_expired(host_queue& host) {
  // What was never tried is, if it can be: the node may have been away.
  const bool fails = host.is_left_alone();
  const auto may_wait = [&](const held_beacon& x) {
    return fails || x.record.attempts() > 0 ? policy_of(x.record.channel()).max_age
                                            : duration::max();
  };
  for (const auto& b : host.take_expired(wall(), may_wait)) {
    auto record = b.record.unpack();
    if (record.problem.empty()) record.problem = "the host did not answer in time";
    settle_failed(b.place, record, std::nullopt);
  }
}

void beacon_shard_state::on(const shard_tick& m) {
  if (m.generation != generation_) return;
  armed_for_ = steady_instant::max();
  arguments_.counters->mailbox.add(self_->mailbox().size());
  if (more_hosts_from_ && *more_hosts_from_ <= wall() && now() >= look_again_at_ &&
      (hosts_.size() < arguments_.max_hosts / 2 || make_room_for_hosts()))
    look_at_disk();
  std::vector<std::uint64_t> all;
  for (const auto& [queue, host] : hosts_) all.push_back(queue);
  for (const auto queue : all) send_due(queue);
  arm();
}

// For the metrics. Whoever changes what waits arms the timer behind it.
void beacon_shard_state::note_due() {
  auto first = more_hosts_from_;
  for (const auto& [queue, host] : hosts_)
    if (const auto due = host.first_due()) first = std::min(first.value_or(*due), *due);
  arguments_.counters->due.note(number_, first);
}

// One timer, for the host that is due first.
void beacon_shard_state::arm() {
  note_due();
  if (ended_ || (hosts_.empty() && !more_hosts_from_)) return;
  const auto t = now();
  auto next = t + longest_rest;
  if (!waits_for_disk())
    for (const auto& [queue, host] : hosts_)
      if (const auto at = host.next(wall(), t))
        next = std::min<steady_instant>(
            next, places_for(host) > 0 ? *at : std::max<steady_instant>(*at, t + crowded_rest));
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
      [self](const beacons_ending& m) { self->state.on(m); },
      [self](const deliveries_came& m) { self->state.on(m); },
      [self](const settling_due& m) { self->state.on(m); },
      [self](const shard_tick& m) { self->state.on(m); },
  };
}

}  // namespace interlude
