// Tracking requests are made, and what is said to them is judged.
#include <spdlog/spdlog.h>

#include <caf/all.hpp>
#include <iterator>
#include <mutex>
#include <set>
#include <utility>

#include "actors/beacon/beacon_shard.hpp"
#include "media/core/url_host.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

namespace {

constexpr std::size_t most_bytes = 64 * 1024;
constexpr std::size_t most_followed = 256;  // redirects at a time

fetch_request request_of(const packed_beacon& b, std::string url,
                         std::chrono::milliseconds timeout) {
  fetch_request out;
  out.url = std::move(url);
  out.headers = b.headers();
  out.timeout = timeout;
  out.max_bytes = most_bytes;
  out.from_stranger = true;
  out.wants_body = false;
  out.max_redirects = 0;
  return out;
}

}  // namespace

// The actor is told when there is something in it that it does not know of.
class beacon_shard_state::tray final : public answer_tray {
 public:
  explicit tray(beacon_shard owner) : owner_(std::move(owner)) {}

  void put(std::vector<fetch_answer> all) override {
    const std::lock_guard lock{guard_};
    const bool was_empty = all_.empty();
    all_.insert(all_.end(), std::make_move_iterator(all.begin()),
                std::make_move_iterator(all.end()));
    if (was_empty && !all_.empty()) caf::anon_send(owner_, deliveries_came{});
  }
  std::vector<fetch_answer> take() {
    const std::lock_guard lock{guard_};
    return std::exchange(all_, {});
  }

 private:
  const beacon_shard owner_;
  std::mutex guard_;
  std::vector<fetch_answer> all_;
};

void beacon_shard_state::lay_out_tray() {
  tray_ = std::make_shared<tray>(caf::actor_cast<beacon_shard>(self_->ctrl()));
}

void beacon_shard_state::send(std::vector<held_beacon> all) {
  if (all.empty()) return;
  const auto began = now();
  std::vector<tagged_request> requests;
  requests.reserve(all.size());
  for (auto& b : all) {
    const auto id = b.place.id;
    requests.push_back({id, request_of(b.record, std::string{b.record.url()}, arguments_.timeout)});
    sent_.insert_or_assign(id, sent_beacon{std::move(b), began});
  }
  arguments_.counters->under_way.fetch_add(static_cast<std::int64_t>(requests.size()),
                                           std::memory_order_relaxed);
  arguments_.fetcher->fetch_all(std::move(requests), tray_);
}

void beacon_shard_state::on(const deliveries_came&) {
  std::set<std::uint64_t> touched;
  for (const auto& [id, answer] : tray_->take()) {
    auto sent = sent_.extract(id);
    if (sent.empty()) continue;
    touched.insert(sent.mapped().what.place.queue);
    conclude(std::move(sent.mapped()), answer);
  }
  for (const auto queue : touched) send_due(queue);
  arm();
}

// Who redirects has been told. Where it leads is told once more: what becomes of that is nobody's
// business but theirs. Where many places hang that hosts redirect to, not all are.
void beacon_shard_state::follow(const held_beacon& b, const fetch_response& answer) {
  if (answer.status < 300 || answer.status >= 400 || answer.location.empty()) return;
  const auto url = b.record.url();
  auto to = hls::resolve_uri(url, answer.location);
  if (!to || (url.starts_with("https:") && !to->starts_with("https:"))) return;
  auto request = request_of(b.record, *std::move(to), arguments_.timeout);
  request.max_redirects = 4;
  if (followed_->fetch_add(1) >= most_followed) {
    followed_->fetch_sub(1);
    arguments_.counters->not_followed.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  arguments_.fetcher->fetch(std::move(request),
                            [n = followed_](const result<fetch_response>&) { n->fetch_sub(1); });
}

void beacon_shard_state::note_health(std::string_view url, bool before, bool after,
                                     const std::string& why) {
  if (before == after) return;
  arguments_.counters->hosts_left_alone.fetch_add(after ? 1 : -1, std::memory_order_relaxed);
  const std::string at{host_in(url)};
  if (after)
    spdlog::warn("beacons: {} fails, and is left alone for a while: {}", at, why);
  else
    spdlog::info("beacons: {} answers again", at);
}

void beacon_shard_state::conclude(sent_beacon b, const result<fetch_response>& answer) {
  arguments_.counters->under_way.fetch_sub(1, std::memory_order_relaxed);
  const auto outcome = judge_delivery(answer, wall());
  if (auto* host = host_of(b.what.place)) {
    const bool before = host->is_left_alone();
    host->finished(outcome, b.began, now());
    note_health(b.what.record.url(), before, host->is_left_alone(), outcome.why);
  }
  // It stands on disk as it did: a node that stops is nobody's failure.
  if (ended_ && outcome.what != delivery_outcome::delivered) return tell_if_ended();
  if (answer) follow(b.what, *answer);
  if (outcome.what == delivery_outcome::delivered) return settle({b.what.place});
  auto record = b.what.record.unpack();
  ++record.attempts;
  record.problem = outcome.why;
  const auto part = std::uniform_real_distribution<>{}(random_);
  settle_failed(b.what.place, record,
                next_attempt(policy_of(record.what.channel), record, outcome, wall(), part));
}

}  // namespace interlude
