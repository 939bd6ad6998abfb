#include "actors/analytics/analytics_desk.hpp"

#include <algorithm>
#include <caf/all.hpp>

namespace interlude {

namespace {

constexpr std::uint64_t counters_at_a_time = 10'000;

error too_far(std::string what) {
  return {errc::too_large, "",
          std::move(what) + ": ask for less time or a single channel, or by less"};
}

// Of one channel; `left`: how many counters may be read yet.
result<bool> add_channel(const storage::counter_table& counters, const std::string& group,
                         const report_question& q, std::uint64_t& left, report_builder& out) {
  const auto channel = std::string_view{group}.substr(q.org.size() + 1);
  std::string place;
  bool fits = true;
  do {
    const auto most = std::min(left, counters_at_a_time);
    auto next = counters.read(group, q.from, q.to, place, most,
                              [&](storage::hour when, std::string_view name, std::uint64_t count) {
                                --left;
                                fits = fits && out.add(channel, when, name, count);
                              });
    if (!next) return next.error();
    if (!fits) return too_far("there are too many rows");
    place = *std::move(next);
    if (left == 0 && !place.empty()) return too_far("there are too many counters to be summed up");
  } while (!place.empty());
  return true;
}

// What cannot be written is there again for the next time.
void write_gathered(const desk_arguments& a) {
  const auto all = std::make_shared<std::vector<tally>>(a.gathered->take());
  if (all->empty()) return;
  store_write work{[all, counters = a.counters](storage::transaction& t) {
    for (const auto& what : *all) add(*counters, t, what);
  }};
  auto done = std::make_shared<store_asked::answer>([all, gathered = a.gathered](bool on_disk) {
    if (!on_disk) gathered->add(std::move(*all));
  });
  caf::anon_send(a.writer, store_asked{std::move(work), std::move(done)});
}

void sweep(const desk_arguments& a, instant now) {
  const auto first = storage::hour_of(now - std::chrono::days{a.options.keep_days});
  caf::anon_send(a.writer, store_write{[counters = a.counters, first](storage::transaction& t) {
                   counters->sweep(t, first, counters_swept_at_a_time);
                 }});
}

}  // namespace

result<analytics_report> make_report(const storage::counter_table& counters,
                                     const report_question& q, const report_bounds& bounds) {
  report_builder out{q.by, bounds.rows};
  auto channels = q.channel.empty() ? counters.groups(q.org + '/')
                                    : result<std::vector<std::string>>{{q.org + '/' + q.channel}};
  if (!channels) return channels.error();
  auto left = bounds.counters;
  for (const auto& group : *channels)
    if (auto added = add_channel(counters, group, q, left, out); !added) return added.error();
  return out.take();
}

analytics_desk_actor::behavior_type analytics_desk(analytics_desk_actor::pointer self,
                                                   desk_arguments arguments) {
  const auto later = [self](auto what, auto when) {
    self->delayed_send(caf::actor_cast<analytics_desk_actor>(self->ctrl()), when, what);
  };
  later(gathered_due{}, gathered_written_every);
  later(counters_due{}, counters_swept_every);
  const auto a = std::make_shared<const desk_arguments>(std::move(arguments));
  return {[a](const report_wanted& m) { m.done(make_report(*a->counters, m.question, a->bounds)); },
          [later, a](gathered_due) {
            write_gathered(*a);
            later(gathered_due{}, gathered_written_every);
          },
          [self, later, a](counters_due) {
            sweep(*a, a->wall_clock_base + std::chrono::duration_cast<duration>(
                                               self->clock().now() - a->steady_base));
            later(counters_due{}, counters_swept_every);
          }};
}

}  // namespace interlude
