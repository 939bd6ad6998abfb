#include "actors/beacon/outbox_beacons.hpp"

#include <atomic>
#include <caf/all.hpp>
#include <utility>

#include "actors/analytics/event_log.hpp"
#include "actors/analytics/tally.hpp"
#include "actors/beacon/beacon_record.hpp"

namespace interlude {

namespace {

struct prepared_request {
  packed_beacon record;
  std::uint64_t queue = 0;
};

struct prepared_event {
  std::string key, after;
  std::vector<prepared_request> requests;
  std::optional<counted_event> counted;
  std::vector<tally> tallies;
};

// Macros may make a short URL as long as a stranger likes.
constexpr std::size_t longest_url = 16 * 1024;

// `too_long` counts what is left out.
std::vector<prepared_event> prepare(std::vector<beacon_event> events, instant now,
                                    std::uint64_t& too_long) {
  std::vector<prepared_event> out;
  out.reserve(events.size());
  for (auto& e : events) {
    auto& p = out.emplace_back();
    p.key = std::move(e.key);
    p.after = std::move(e.after);
    if (e.counted) p.tallies = tallies_of(*e.counted, now);
    p.counted = std::move(e.counted);
    p.requests.reserve(e.beacons.size());
    for (auto& b : e.beacons) {
      if (b.url.size() > longest_url) {
        ++too_long;
        continue;
      }
      const auto queue = queue_of(b.url);
      p.requests.push_back({packed_beacon{{std::move(b), now, 0, {}}}, queue});
    }
  }
  return out;
}

// What was handed over at a time.
struct arrival {
  std::vector<prepared_event> events;
  instant now{};
  std::function<void(acceptance)> done;

  std::size_t requests() const {
    std::size_t n = 0;
    for (const auto& e : events) n += e.requests.size();
    return n;
  }
};

struct kept_request {
  storage::outbox_place place;
  std::size_t event = 0, request = 0;
};

// What a transaction made of an arrival.
struct arrival_outcome {
  std::vector<kept_request> kept;
  std::vector<std::string> keys;
  std::vector<std::size_t> happened;  // which of the events
  std::uint64_t duplicates = 0, out_of_order = 0;
  bool full = false;
};

}  // namespace

// What accepting takes. Those who wait for the writer's turn are in it.
struct event_desk {
  event_desk(std::shared_ptr<const storage::outbox> box, storage::key_memory memory,
             std::shared_ptr<beacon_counters> numbers, std::function<instant()> time,
             std::shared_ptr<const storage::counter_table> table, std::shared_ptr<event_log> lines)
      : outbox(std::move(box)),
        keys(std::move(memory)),
        counters(std::move(numbers)),
        clock(std::move(time)),
        intake(outbox->options().max_entries),
        counts(std::move(table)),
        log(std::move(lines)) {}

  // True: it is the first, and the writer is to be asked for a turn.
  bool add(arrival a) {
    const std::lock_guard lock{guard};
    waiting.push_back(std::move(a));
    return waiting.size() == 1;
  }
  std::vector<arrival> take() {
    const std::lock_guard lock{guard};
    return std::exchange(waiting, {});
  }
  void count_refused(const arrival& a) const {
    counters->refused.fetch_add(a.requests(), std::memory_order_relaxed);
    counters->events_refused.fetch_add(a.events.size(), std::memory_order_relaxed);
  }

  const std::shared_ptr<const storage::outbox> outbox;
  const storage::key_memory keys;
  const std::shared_ptr<beacon_counters> counters;
  const std::function<instant()> clock;
  beacon_intake intake;
  const std::shared_ptr<const storage::counter_table> counts;
  const std::shared_ptr<event_log> log;
  std::atomic<std::uint64_t> unanswered{0};
  std::mutex guard;
  std::vector<arrival> waiting;
};

namespace {

// All that has arrived when the writer comes to it, in one transaction.
class writer_turn {
 public:
  writer_turn(std::shared_ptr<event_desk> desk, beacon_shard_actor pool)
      : desk_(std::move(desk)), pool_(std::move(pool)) {}

  // May run twice: the last time counts.
  void write(storage::transaction& t) {
    begin();
    outcomes_.assign(all_.size(), {});
    std::size_t events = 0, requests = 0;
    for (const auto& a : all_) {
      events += a.events.size();
      requests += a.requests();
    }
    if (events > 0) desk_->keys.forget(t, all_.front().now, 2 * events);
    if (requests > 0) next_id_ = desk_->outbox->new_ids(t, requests);
    for (std::size_t i = 0; i < all_.size(); ++i) write(t, all_[i], outcomes_[i]);
  }

  void tell(bool on_disk) {
    begin();
    outcomes_.resize(all_.size());
    desk_->unanswered.fetch_sub(all_.size());
    desk_->intake.store_answered(on_disk, desk_->clock());
    std::vector<bool> kept;
    beacons_kept to_send;
    for (std::size_t i = 0; i < all_.size(); ++i)
      kept.push_back(conclude(all_[i], outcomes_[i], on_disk, to_send));
    if (!to_send.all.empty()) caf::anon_send(pool_, std::move(to_send));
    for (std::size_t i = 0; i < all_.size(); ++i)
      all_[i].done({kept[i], std::move(outcomes_[i].keys)});
  }

 private:
  void begin() {
    if (!std::exchange(begun_, true)) all_ = desk_->take();
  }

  void write(storage::transaction& t, const arrival& a, arrival_outcome& out) {
    const auto requests = a.requests();
    out.full = requests > 0 && !desk_->outbox->has_room(t, requests);
    if (out.full) return;
    for (std::size_t i = 0; i < a.events.size(); ++i)
      if (take(t, a, i, out)) out.happened.push_back(i);
  }

  // False: it does not happen, or has happened.
  bool take(storage::transaction& t, const arrival& a, std::size_t event, arrival_outcome& out) {
    const auto& e = a.events[event];
    if (!e.after.empty() && !desk_->keys.knows(t, e.after)) {
      ++out.out_of_order;
      return false;
    }
    const bool fresh = desk_->keys.add(t, e.key, a.now + outbox_beacons::remembered);
    if (!e.key.empty()) out.keys.push_back(e.key);
    if (!fresh) {
      ++out.duplicates;
      return false;
    }
    for (std::size_t i = 0; i < e.requests.size(); ++i) {
      const auto& r = e.requests[i];
      if (const auto place = desk_->outbox->put(t, r.queue, a.now, next_id_++, r.record.text()))
        out.kept.push_back({*place, event, i});
    }
    if (desk_->counts)
      for (const auto& what : e.tallies) add(*desk_->counts, t, what);
    return true;
  }

  bool conclude(arrival& a, arrival_outcome& o, bool on_disk, beacons_kept& to_send) const {
    if (on_disk && o.full) desk_->intake.found_no_room();
    if (!on_disk || o.full) {
      desk_->count_refused(a);
      o.keys.clear();
      return false;
    }
    auto& n = *desk_->counters;
    n.duplicates.fetch_add(o.duplicates, std::memory_order_relaxed);
    n.out_of_order.fetch_add(o.out_of_order, std::memory_order_relaxed);
    n.accepted.fetch_add(o.kept.size(), std::memory_order_relaxed);
    if (desk_->log && !o.happened.empty()) tell_log(a, o.happened);
    for (const auto& k : o.kept)
      to_send.all.push_back({k.place, std::move(a.events[k.event].requests[k.request].record)});
    return true;
  }

  void tell_log(const arrival& a, const std::vector<std::size_t>& which) const {
    std::vector<happened_event> out;
    for (const auto i : which)
      if (a.events[i].counted) out.push_back({*a.events[i].counted, a.now});
    desk_->log->add(std::move(out));
  }

  const std::shared_ptr<event_desk> desk_;
  const beacon_shard_actor pool_;
  bool begun_ = false;
  std::uint64_t next_id_ = 0;  // of those that are this turn's
  std::vector<arrival> all_;
  std::vector<arrival_outcome> outcomes_;
};

}  // namespace

outbox_beacons::outbox_beacons(std::shared_ptr<const storage::outbox> outbox,
                               storage::key_memory keys, storage_writer_actor writer,
                               beacon_shard_actor pool, std::shared_ptr<beacon_counters> counters,
                               std::function<instant()> clock,
                               std::shared_ptr<const storage::counter_table> counts,
                               std::shared_ptr<event_log> log)
    : desk_(std::make_shared<event_desk>(std::move(outbox), std::move(keys), std::move(counters),
                                         std::move(clock), std::move(counts), std::move(log))),
      ways_in_{std::move(writer), std::move(pool)} {}

// Actors wait for the last who may write to them.
void outbox_beacons::close() {
  const std::lock_guard lock{guard_};
  ways_in_ = {};
}

outbox_beacons::ways outbox_beacons::ways_in() const {
  const std::lock_guard lock{guard_};
  return ways_in_;
}

void outbox_beacons::accept(std::vector<beacon_event> events,
                            std::function<void(acceptance)> done) {
  const auto now = desk_->clock();
  const auto [writer, pool] = ways_in();
  std::uint64_t too_long = 0;
  arrival a{prepare(std::move(events), now, too_long), now, std::move(done)};
  desk_->counters->refused.fetch_add(too_long, std::memory_order_relaxed);
  if (!writer || desk_->unanswered.fetch_add(1) >= most_unanswered) {
    if (writer) {
      desk_->unanswered.fetch_sub(1);
      desk_->intake.store_answered(false, now);
    }
    desk_->count_refused(a);
    return a.done({false, {}});
  }
  if (!desk_->add(std::move(a))) return;
  const auto turn = std::make_shared<writer_turn>(desk_, pool);
  caf::anon_send(writer, store_asked{{[turn](storage::transaction& t) { turn->write(t); }},
                                     std::make_shared<store_asked::answer>(
                                         [turn](bool on_disk) { turn->tell(on_disk); })});
}

// Where nobody sends viewers, nothing else would find out that the store works again.
void outbox_beacons::try_store(const storage_writer_actor& writer) const {
  caf::anon_send(writer,
                 store_asked{{[desk = desk_](storage::transaction& t) { desk->outbox->touch(t); }},
                             std::make_shared<store_asked::answer>([desk = desk_](bool on) {
                               desk->intake.store_answered(on, desk->clock());
                             })});
}

std::string outbox_beacons::why_refused() {
  const auto writer = ways_in().writer;
  if (!writer) return "the node is stopping";
  const auto now = desk_->clock();
  const auto waiting = desk_->outbox->size();
  if (!waiting || desk_->unanswered.load() >= most_unanswered)
    desk_->intake.store_answered(false, now);
  if (desk_->intake.wants_trial(now)) try_store(writer);
  switch (desk_->intake.look(waiting ? *waiting : 0, now)) {
    case intake::store_fails:
      return "the store cannot be written to, or does not keep up: see whether the disk is full";
    case intake::full:
      return "as many tracking requests wait as beacons.max_waiting allows";
    case intake::open:
      break;
  }
  return {};
}

}  // namespace interlude
