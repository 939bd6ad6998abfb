// What becomes of tracking requests reaches the disk: in batches, and before a node stops.
#include <spdlog/spdlog.h>

#include <caf/all.hpp>
#include <utility>

#include "actors/beacon/beacon_shard.hpp"
#include "actors/log_line.hpp"
#include "media/core/url_host.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_settled = 100;
constexpr auto settle_every = 10ms;  // what a kill finds here is sent again
constexpr auto write_again = 1s;

}  // namespace

void beacon_shard_state::log(const beacon_record& record, bool dead) const {
  const auto& b = record.what;
  if (!dead && !spdlog::should_log(spdlog::level::debug)) return;
  log_line line{dead ? "FIRING_BEACON_FAILED" : "BEACON_POSTPONED"};
  line.add("channel", b.channel).add("break", b.break_id).add("session", b.session);
  line.add("ad", b.ad).add("beacon", b.event);
  line.add("host", std::string{host_in(b.url)}).add("attempts", record.attempts);
  line.add("why", record.problem);
  if (dead)
    spdlog::warn("{}", line.text());
  else
    spdlog::debug("{}", line.text());
}

// `again`: to be tried then; nullopt: never.
void beacon_shard_state::settle_failed(const storage::outbox_place& place,
                                       const beacon_record& record, std::optional<instant> again) {
  log(record, !again);
  settle({place, again, !again, write_beacon(record)});
}

void beacon_shard_state::settle(settlement s) {
  auto& n = *arguments_.counters;
  (s.dead ? n.dead : s.again ? n.retries : n.delivered).fetch_add(1, std::memory_order_relaxed);
  settled_.push_back(std::move(s));
  if (disk_fails_) return;
  if (settled_.size() >= most_settled || ended_) return on(settling_due{});
  if (std::exchange(settling_planned_, true)) return;
  self_->delayed_send(caf::actor_cast<beacon_shard>(self_->ctrl()), settle_every, settling_due{});
}

void beacon_shard_state::on(const settling_due&) {
  settling_planned_ = false;
  disk_fails_ = false;
  if (settled_.empty()) return;
  write(std::make_shared<const std::vector<settlement>>(std::exchange(settled_, {})));
}

// On a disk that fails nothing is forgotten: it is written when that is possible again.
void beacon_shard_state::write(const settlements& batch) {
  writing_ += batch->size();
  store_write work;
  // So many come so soon after each other: they can share a transaction with the next. Of what
  // comes seldom, each moment on the way to the disk is one in which a kill has it sent twice.
  work.can_wait = batch->size() >= most_settled && !ended_;
  const auto forgotten = std::make_shared<std::size_t>(0);
  work.work = [batch, forgotten, outbox = arguments_.outbox, at = wall()](storage::transaction& t) {
    *forgotten = 0;  // it may run more than once
    for (const auto& s : *batch) {
      if (s.dead)
        *forgotten += outbox->bury(t, s.place, at, s.record);
      else if (s.again)
        outbox->postpone(t, s.place, *s.again, s.record);
      else
        outbox->erase(t, s.place);
    }
  };
  self_->request(arguments_.writer, caf::infinite, std::move(work))
      .then(
          [this, batch, forgotten](const stored&) {
            arguments_.counters->forgotten.fetch_add(*forgotten, std::memory_order_relaxed);
            written(batch);
          },
          [this, batch](caf::error&) {
            writing_ -= batch->size();
            disk_fails_ = true;
            settled_.insert(settled_.end(), batch->begin(), batch->end());
            self_->delayed_send(caf::actor_cast<beacon_shard>(self_->ctrl()), write_again,
                                settling_due{});
          });
}

void beacon_shard_state::written(const settlements& batch) {
  writing_ -= batch->size();
  for (const auto& s : *batch) {
    auto* host = host_of(s.place);
    if (host == nullptr) continue;
    host->settled(s.place.id);
    if (s.again) host->wait_for(*s.again);
    forget_if_idle(s.place.queue);
  }
  tell_if_ended();
  arm();
}

void beacon_shard_state::on(const beacons_ending& m) {
  ended_ = m.done;
  on(settling_due{});
  tell_if_ended();
}

void beacon_shard_state::tell_if_ended() {
  if (!ended_ || !sent_.empty() || writing_ > 0 || !settled_.empty()) return;
  const auto done = std::exchange(ended_, [] {});
  done();
}

}  // namespace interlude
