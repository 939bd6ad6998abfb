#include "actors/beacon/beacon_pool.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>

#include "actors/analytics/event_log.hpp"
#include "actors/analytics/tally.hpp"

namespace interlude {

namespace {

struct pool_state {
  static inline const char* name = "beacon_pool";
  std::vector<beacon_shard_actor> shards;

  // They end with it.
  ~pool_state() {
    for (const auto& s : shards) caf::anon_send_exit(s, caf::exit_reason::user_shutdown);
  }
};

using pool_self = beacon_shard_actor::stateful_pointer<pool_state>;

beacon_shard_actor start_shard(pool_self self, const beacon_arguments& arguments,
                               std::size_t number) {
  return caf::actor_cast<beacon_shard_actor>(
      self->spawn<caf::monitored>(make_beacon_shard, arguments, number));
}

beacon_shard_actor::behavior_type beacon_pool(pool_self self, beacon_arguments arguments) {
  for (std::size_t i = 0; i < arguments.shards; ++i)
    self->state.shards.push_back(start_shard(self, arguments, i));
  self->set_down_handler([self, arguments](const caf::down_msg& m) {
    auto& all = self->state.shards;
    const auto it = std::find_if(all.begin(), all.end(), [&](const beacon_shard_actor& s) {
      return s.address() == m.source;
    });
    if (it == all.end()) return;
    spdlog::error("beacons: an actor failed ({}), and is started again",
                  self->system().render(m.reason));
    *it = start_shard(self, arguments, static_cast<std::size_t>(it - all.begin()));
  });
  return {[self](beacons_kept& m) {
            auto& shards = self->state.shards;
            std::vector<beacons_kept> parts(shards.size());
            for (auto& b : m.all) parts[b.place.queue % shards.size()].all.push_back(std::move(b));
            for (std::size_t i = 0; i < parts.size(); ++i)
              if (!parts[i].all.empty()) self->send(shards[i], std::move(parts[i]));
          },
          [self](const beacons_ending& m) {
            const auto left = std::make_shared<std::atomic<std::size_t>>(self->state.shards.size());
            for (const auto& s : self->state.shards)
              self->send(s, beacons_ending{[left, done = m.done] {
                           if (--*left == 0) done();
                         }});
          }};
}

// What an accepting transaction came to. It may run twice: the last time counts.
struct accepted {
  std::vector<held_beacon> kept;
  std::vector<std::string> keys;
  std::vector<std::size_t> happened;  // which of the events
  std::uint64_t duplicates = 0, out_of_order = 0;
  bool full = false;
};

struct prepared_event {
  std::string key, after;
  std::vector<std::pair<beacon_record, std::string>> requests;  // and as they are kept
  std::optional<counted_event> counted;
  std::vector<tally> tallies;
};

std::vector<prepared_event> prepare(std::vector<beacon_event> events, instant now) {
  std::vector<prepared_event> out;
  for (auto& e : events) {
    auto& p = out.emplace_back();
    p.key = std::move(e.key);
    p.after = std::move(e.after);
    if (e.counted) p.tallies = tallies_of(*e.counted, now);
    p.counted = std::move(e.counted);
    for (auto& b : e.beacons) {
      beacon_record record{std::move(b), now, 0, {}};
      auto text = write_beacon(record);
      p.requests.emplace_back(std::move(record), std::move(text));
    }
  }
  return out;
}

// Where what happens is written down.
struct event_books {
  std::shared_ptr<const storage::outbox> outbox;
  storage::key_memory keys;
  std::shared_ptr<const storage::counter_table> counts;
};

// False: it does not happen, or has happened.
bool take(const prepared_event& e, const event_books& books, storage::transaction& t, instant now,
          accepted& out) {
  if (!e.after.empty() && !books.keys.knows(t, e.after)) {
    ++out.out_of_order;
    return false;
  }
  const bool fresh = books.keys.add(t, e.key, now + outbox_beacons::remembered);
  if (!e.key.empty()) out.keys.push_back(e.key);
  if (!fresh) {
    ++out.duplicates;
    return false;
  }
  for (const auto& [record, text] : e.requests)
    if (const auto place = books.outbox->put(t, queue_of(record.what.url), now, text))
      out.kept.push_back({*place, record});
  if (books.counts)
    for (const auto& what : e.tallies) add(*books.counts, t, what);
  return true;
}

void tell(event_log& log, const std::vector<prepared_event>& events,
          const std::vector<std::size_t>& which, instant at) {
  std::vector<happened_event> out;
  for (const auto i : which)
    if (events[i].counted) out.push_back({*events[i].counted, at});
  log.add(std::move(out));
}

std::size_t count(const std::vector<prepared_event>& events) {
  std::size_t n = 0;
  for (const auto& e : events) n += e.requests.size();
  return n;
}

void count_refused(beacon_counters& counters, const std::vector<prepared_event>& events) {
  counters.refused.fetch_add(count(events), std::memory_order_relaxed);
  counters.events_refused.fetch_add(events.size(), std::memory_order_relaxed);
}

}  // namespace

beacon_shard_actor spawn_beacon_pool(caf::actor_system& system, const beacon_arguments& arguments) {
  return system.spawn(beacon_pool, arguments);
}

// Actors wait for the last who may write to them.
void outbox_beacons::close() {
  const std::lock_guard lock{guard_};
  writer_ = nullptr;
  pool_ = nullptr;
}

outbox_beacons::ways_in outbox_beacons::ways() const {
  const std::lock_guard lock{guard_};
  return {writer_, pool_};
}

void outbox_beacons::accept(std::vector<beacon_event> events,
                            std::function<void(acceptance)> done) {
  const auto now = clock_();
  const auto [writer, to] = ways();
  auto prepared =
      std::make_shared<const std::vector<prepared_event>>(prepare(std::move(events), now));
  const auto came_to = std::make_shared<accepted>();
  store_write work{[prepared, came_to, now,
                    books = event_books{outbox_, keys_, counts_}](storage::transaction& t) {
    *came_to = {};
    books.keys.forget(t, now, 2 * prepared->size());
    const auto requests = count(*prepared);
    came_to->full = requests > 0 && !books.outbox->has_room(t, requests);
    if (came_to->full) return;
    for (std::size_t i = 0; i < prepared->size(); ++i)
      if (take((*prepared)[i], books, t, now, *came_to)) came_to->happened.push_back(i);
  }};
  if (!writer || unanswered_->fetch_add(1) >= most_unanswered) {
    if (writer) {
      unanswered_->fetch_sub(1);
      intake_->store_answered(false, now);
    }
    count_refused(*counters_, *prepared);
    return done({false, {}});
  }
  auto told = [came_to, prepared, now, log = log_, counters = counters_, pool = to,
               unanswered = unanswered_, door = intake_, clock = clock_,
               done = std::move(done)](bool on_disk) {
    unanswered->fetch_sub(1);
    door->store_answered(on_disk, clock());
    if (on_disk && came_to->full) door->found_no_room();
    const bool refused = !on_disk || came_to->full;
    if (refused) {
      count_refused(*counters, *prepared);
      came_to->keys.clear();
    } else {
      counters->duplicates.fetch_add(came_to->duplicates, std::memory_order_relaxed);
      counters->out_of_order.fetch_add(came_to->out_of_order, std::memory_order_relaxed);
      counters->accepted.fetch_add(came_to->kept.size(), std::memory_order_relaxed);
      if (log && !came_to->happened.empty()) tell(*log, *prepared, came_to->happened, now);
      if (!came_to->kept.empty()) caf::anon_send(pool, beacons_kept{std::move(came_to->kept)});
    }
    done({!refused, std::move(came_to->keys)});
  };
  caf::anon_send(
      writer, store_asked{std::move(work), std::make_shared<store_asked::answer>(std::move(told))});
}

// Where nobody sends viewers, nothing else would find out that the store works again.
void outbox_beacons::try_store(const storage_writer_actor& writer) const {
  auto told = [door = intake_, clock = clock_](bool on_disk) {
    door->store_answered(on_disk, clock());
  };
  store_write work{[outbox = outbox_](storage::transaction& t) { outbox->touch(t); }};
  caf::anon_send(
      writer, store_asked{std::move(work), std::make_shared<store_asked::answer>(std::move(told))});
}

std::string outbox_beacons::why_refused() {
  const auto [writer, to] = ways();
  if (!writer) return "the node is stopping";
  const auto now = clock_();
  const auto waiting = outbox_->size();
  if (!waiting || unanswered_->load() >= most_unanswered) intake_->store_answered(false, now);
  if (intake_->wants_trial(now)) try_store(writer);
  switch (intake_->look(waiting ? *waiting : 0, now)) {
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
