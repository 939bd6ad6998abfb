#include "actors/beacon/beacon_desk.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>
#include <utility>

#include "media/core/url_host.hpp"

namespace interlude {

namespace {

constexpr std::size_t most_jobs = 4;
constexpr std::size_t most_in_step = 250;  // a few milliseconds of the writer's time
constexpr std::size_t looked_at_in_step = 2000;
constexpr std::uint64_t most_in_job = 10'000;
constexpr std::size_t looked_at_in_job = 100'000;
constexpr std::size_t looked_at_for_page = 20'000;
constexpr std::size_t longest_page = 1000;
constexpr std::size_t most_hosts = 100;
constexpr std::size_t most_queues = 100'000;
constexpr std::uint64_t counted_of_host = 1000;

bool is_over(const dead_job& job) {
  if (job.so_far.full) return true;
  return job.search ? job.search->is_ended() : job.names_read >= job.which.names.size();
}

bool has_had_its_share(const dead_job& job) {
  return job.search &&
         (job.so_far.done >= most_in_job || job.search->looked_at() >= looked_at_in_job);
}

}  // namespace

void beacon_desk_state::start(beacon_desk::pointer self, beacon_arguments arguments,
                              beacon_shard_actor pool) {
  self_ = self;
  arguments_ = std::move(arguments);
  pool_ = std::move(pool);
}

instant beacon_desk_state::wall() const {
  return arguments_.wall_clock_base +
         std::chrono::duration_cast<duration>(self_->clock().now() - arguments_.steady_base);
}

// --- what there is

void beacon_desk_state::on(const overview_wanted& m) {
  m.done(overview());
}

result<beacon_overview> beacon_desk_state::overview() const {
  const auto& box = *arguments_.outbox;
  const auto waiting = box.size(), dead = box.dead_size();
  auto firsts = box.first_of_each(most_queues);
  if (!waiting || !dead || !firsts)
    return !waiting ? waiting.error() : !dead ? dead.error() : firsts.error();
  beacon_overview out;
  out.waiting = *waiting;
  out.max_waiting = box.options().max_entries;
  out.dead = *dead;
  out.max_dead = box.options().max_dead;
  out.more_hosts = firsts->size() > most_hosts;
  auto of_hosts = hosts(*std::move(firsts));
  if (!of_hosts) return of_hosts.error();
  out.hosts = *std::move(of_hosts);
  if (!out.hosts.empty() && out.hosts.front().due <= wall())
    out.late = wall() - out.hosts.front().due;
  return out;
}

result<std::vector<waiting_host>> beacon_desk_state::hosts(
    std::vector<storage::outbox_place> firsts) const {
  const auto count = std::min(firsts.size(), most_hosts);
  std::partial_sort(firsts.begin(), firsts.begin() + static_cast<std::ptrdiff_t>(count),
                    firsts.end(), [](const auto& a, const auto& b) { return a.due < b.due; });
  std::vector<waiting_host> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& place = firsts[i];
    const auto first = arguments_.outbox->some(place.queue, place, 1);
    const auto waiting = arguments_.outbox->count(place.queue, counted_of_host);
    if (!first || !waiting) return !first ? first.error() : waiting.error();
    // Sent meanwhile, or nothing that can be read.
    const auto record =
        first->empty() ? result<beacon_record>{error{}} : read_beacon(first->front().record);
    if (!record) continue;
    out.push_back({std::string{host_in(record->what.url)}, *waiting, first->front().place.due,
                   record->attempts, record->problem});
  }
  return out;
}

void beacon_desk_state::on(const dead_wanted& m) {
  auto search = dead_search::start(arguments_.outbox, m.filter, m.after, instant::max());
  if (!search) return m.done(search.error());
  auto found = search->next(std::clamp<std::size_t>(m.limit, 1, longest_page), looked_at_for_page);
  if (!found) return m.done(found.error());
  dead_page page{*std::move(found), {}};
  if (!search->is_ended()) page.next = search->position();
  m.done(std::move(page));
}

void beacon_desk_state::on(const one_dead_wanted& m) {
  auto found = find_dead(*arguments_.outbox, m.name);
  if (!found) return m.done(found.error());
  if (!*found)
    return m.done(error{errc::not_found, m.name, "no tracking request of this name was given up"});
  m.done(**std::move(found));
}

// --- what is done about it

void beacon_desk_state::on(dead_change_wanted& m) {
  auto job = std::make_shared<dead_job>(m.what, std::move(m.which), std::move(m.done));
  if (jobs_ >= most_jobs)
    return job->answer(
        error{errc::unavailable, "beacons", "too many such requests are under way: try again"});
  job->so_far.until = job->which.until.value_or(wall());
  if (job->which.names.empty()) {
    auto search = dead_search::start(arguments_.outbox, job->which.filter, job->which.after,
                                     job->so_far.until);
    if (!search) return job->answer(search.error());
    job->search = *std::move(search);
  }
  ++jobs_;
  on(job_goes_on{std::move(job)});
}

result<std::vector<dead_beacon>> beacon_desk_state::named(dead_job& job) const {
  std::vector<dead_beacon> out;
  const auto& names = job.which.names;
  for (; job.names_read < names.size() && out.size() < most_in_step; ++job.names_read) {
    auto found = find_dead(*arguments_.outbox, names[job.names_read]);
    if (!found) return found.error();
    if (*found)
      out.push_back(**std::move(found));
    else
      ++job.so_far.missing;
  }
  return out;
}

// What the next transaction is about.
result<beacon_desk_state::dead_letters> beacon_desk_state::gather(dead_job& job) const {
  const auto room = static_cast<std::size_t>(most_in_job - std::min(job.so_far.done, most_in_job));
  auto found =
      job.search ? job.search->next(std::min(room, most_in_step), looked_at_in_step) : named(job);
  if (!found) return found.error();
  dead_letters out;
  for (auto& b : *found) {
    if (!b.record && job.what == dead_change::replay)
      ++job.so_far.unreadable;
    else
      out.push_back({kept_name(b.name).value_or(""), std::move(b.record)});
  }
  return out;
}

std::function<void(storage::transaction&)> beacon_desk_state::work_on(
    const dead_job& job, dead_letters letters, std::shared_ptr<dead_step> step) const {
  // Its age counts from now on, and so do its attempts.
  const auto now = wall();
  const bool replays = job.what == dead_change::replay;
  std::vector<std::string> texts;
  if (replays)
    for (auto& l : letters) {
      l.record = beacon_record{std::move(l.record->what), now, 0, {}};
      texts.push_back(write_beacon(*l.record));
    }
  // Of what is old, no more than leaves room for what is new.
  const auto& box = arguments_.outbox;
  const auto wanted = 1 + box->options().max_entries / 10;
  return [=, letters = std::move(letters), texts = std::move(texts)](storage::transaction& t) {
    *step = {};
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const auto& l = letters[i];
      step->full = replays && !box->has_room(t, wanted);
      if (step->full) return;
      if (!box->exhume(t, l.name)) {
        ++step->missing;
        continue;
      }
      ++step->done;
      if (!replays) continue;
      if (const auto place = box->put(t, queue_of(l.record->what.url), now, texts[i]))
        step->kept.push_back({*place, packed_beacon{*l.record}});
    }
  };
}

void beacon_desk_state::on(const job_goes_on& m) {
  auto& job = *m.job;
  if (is_over(job) || has_had_its_share(job)) return finish(job);
  auto letters = gather(job);
  if (!letters) return fail(job, letters.error());
  const auto me = caf::actor_cast<beacon_desk>(self_->ctrl());
  if (letters->empty()) return caf::anon_send(me, job_goes_on{m.job});
  const auto step = std::make_shared<dead_step>();
  // On the writer's thread: the pool has to be told in the order of the ids.
  auto told = [me, step, job = m.job, pool = pool_](bool on_disk) {
    if (on_disk && !step->kept.empty())
      caf::anon_send(pool, beacons_kept{std::exchange(step->kept, {})});
    caf::anon_send(me, step_written{job, step, on_disk});
  };
  caf::anon_send(arguments_.writer,
                 store_asked{{work_on(job, *std::move(letters), step)},
                             std::make_shared<store_asked::answer>(std::move(told))});
}

void beacon_desk_state::on(const step_written& m) {
  auto& job = *m.job;
  if (!m.on_disk)
    return fail(job, {errc::internal, "beacons",
                      "the store cannot be written to; " + std::to_string(job.so_far.done) +
                          " had been done before"});
  auto& counters = *arguments_.counters;
  (job.what == dead_change::replay ? counters.replayed : counters.dropped)
      .fetch_add(m.step->done, std::memory_order_relaxed);
  job.so_far.done += m.step->done;
  job.so_far.missing += m.step->missing;
  job.so_far.full = m.step->full;
  on(job_goes_on{m.job});
}

void beacon_desk_state::finish(dead_job& job) {
  --jobs_;
  if (job.search && !is_over(job)) job.so_far.next = job.search->position();
  if (job.so_far.done > 0)
    spdlog::info("beacons: {} that had been given up are {}, as an operator asked", job.so_far.done,
                 job.what == dead_change::replay ? "sent again" : "deleted");
  job.answer(std::move(job.so_far));
}

void beacon_desk_state::fail(dead_job& job, const error& why) {
  --jobs_;
  job.answer(why);
}

beacon_desk::behavior_type make_beacon_desk(beacon_desk::stateful_pointer<beacon_desk_state> self,
                                            beacon_arguments arguments, beacon_shard_actor pool) {
  self->state.start(self, std::move(arguments), std::move(pool));
  return {
      [self](const overview_wanted& m) { self->state.on(m); },
      [self](const dead_wanted& m) { self->state.on(m); },
      [self](const one_dead_wanted& m) { self->state.on(m); },
      [self](dead_change_wanted& m) { self->state.on(m); },
      [self](const job_goes_on& m) { self->state.on(m); },
      [self](const step_written& m) { self->state.on(m); },
  };
}

}  // namespace interlude
