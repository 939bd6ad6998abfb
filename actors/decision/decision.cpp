#include "actors/decision/decision.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>
#include <functional>

#include "ads/house_pod.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr auto answer_kept = 60s;
constexpr auto refusal_kept = 5s;  // an ad server that fails is not asked again at once
constexpr std::size_t most_kept = 10'000;

decision_made answer_of(const decision_wanted& question, std::shared_ptr<const ads_found> found) {
  return {std::move(found), ads::house_pod(question.house_ads, question.what.number)};
}

}  // namespace

std::string decision_key(const decision_wanted& question) {
  return question.what.channel + '\n' + question.audience + '\n' +
         std::to_string(question.what.length / 100ms);
}

std::size_t decision_shard(const decision_wanted& question, std::size_t shards) {
  return std::hash<std::string>{}(decision_key(question)) % shards;
}

void decision_state::start(decision_keeper::pointer self, decision_arguments arguments) {
  self_ = self;
  arguments_ = std::move(arguments);
  random_.seed(static_cast<std::mt19937::result_type>(arguments_.seed));
}

decision_state::time_point decision_state::now() const {
  return self_->clock().now();
}

instant decision_state::wall() const {
  return arguments_.wall_clock_base +
         std::chrono::duration_cast<duration>(now() - arguments_.steady_base);
}

caf::result<decision_made> decision_state::on(const decision_wanted& question) {
  if (question.servers.empty()) return answer_of(question, nullptr);
  const auto key = decision_key(question);
  if (const auto it = kept_.find(key); it != kept_.end()) {
    if (now() < it->second.until) return answer_of(question, it->second.found);
    kept_.erase(it);
  }
  auto promise = self_->make_response_promise<decision_made>();
  if (const auto it = running_.find(key); it != running_.end()) {
    runs_.at(it->second).waiting.push_back({question, promise});
    return promise;
  }
  const auto id = next_++;
  running_[key] = id;
  auto& r = runs_[id];
  r.key = key;
  r.deadline = now() + question.budget;
  r.waiting.push_back({question, promise});
  ask(id, r);
  return promise;
}

// The next ad server of the waterfall; when there is none, or no time, what there is counts.
void decision_state::ask(std::uint64_t id, run& r) {
  const auto& question = r.waiting.front().question;
  const auto left = std::chrono::floor<std::chrono::milliseconds>(r.deadline - now());
  if (r.server == question.servers.size() || left <= 0ms) {
    return finish(id, std::make_shared<const ads_found>());
  }
  auto settings = question.servers[r.server];
  settings.timeout = std::min(settings.timeout, left);
  settings.playable.max_file_bytes = arguments_.max_file_bytes;
  self_->delayed_send(caf::actor_cast<decision_keeper>(self_->ctrl()), settings.timeout,
                      inquiry_due{id, r.server});
  r.inquiry = std::make_unique<ad_inquiry>(std::move(settings), question.who, question.what);
  send(id, r, {r.inquiry->start(wall(), random())});
}

void decision_state::send(std::uint64_t id, const run& r, std::vector<ad_inquiry::wanted> wanted) {
  const auto me = caf::actor_cast<decision_keeper>(self_->ctrl());
  for (auto& w : wanted)
    arguments_.fetcher->fetch(std::move(w.request), [me, id, server = r.server, number = w.number](
                                                        result<fetch_response> answer) {
      caf::anon_send(
          me, ads_answered{id, server, number,
                           std::make_shared<const result<fetch_response>>(std::move(answer))});
    });
}

void decision_state::on(const ads_answered& m) {
  const auto it = runs_.find(m.run);
  if (it == runs_.end() || it->second.server != m.server) return;
  auto& r = it->second;
  send(m.run, r, r.inquiry->answered(m.number, *m.answer, wall(), [this] { return random(); }));
  if (r.inquiry->done()) conclude(m.run, r);
}

void decision_state::on(const inquiry_due& m) {
  const auto it = runs_.find(m.run);
  if (it == runs_.end() || it->second.server != m.server) return;
  it->second.inquiry->expire();
  conclude(m.run, it->second);
}

void decision_state::conclude(std::uint64_t id, run& r) {
  auto result = r.inquiry->take();
  const auto& question = r.waiting.front().question;
  const std::string server{hls::without_query(question.servers[r.server].url)};
  tell(question, result.notices);
  if (result.candidates.empty()) {
    spdlog::warn("channel {}: break {}: {}: {}", question.what.channel, question.what.id, server,
                 result.problem);
    ++r.server;
    return ask(id, r);
  }
  auto found = std::make_shared<ads_found>();
  found->candidates = std::move(result.candidates);
  found->server = server;
  finish(id, std::move(found));
}

void decision_state::finish(std::uint64_t id, std::shared_ptr<const ads_found> found) {
  auto r = std::move(runs_.at(id));
  runs_.erase(id);
  running_.erase(r.key);
  keep(r.key, found);
  for (auto& w : r.waiting) w.promise.deliver(answer_of(w.question, found));
}

void decision_state::keep(const std::string& key, std::shared_ptr<const ads_found> found) {
  if (kept_.size() >= most_kept)
    std::erase_if(kept_, [t = now()](const auto& entry) { return entry.second.until <= t; });
  if (kept_.size() >= most_kept) return;
  auto lasts = std::chrono::seconds{found->candidates.empty() ? refusal_kept : answer_kept};
  for (const auto& c : found->candidates)
    if (c.ad->content.expires) lasts = std::min(lasts, *c.ad->content.expires);
  kept_[key] = {std::move(found), now() + lasts};
}

// The Error pixels of what is not played.
void decision_state::tell(const decision_wanted& question,
                          const std::vector<vast::error_notice>& notices) {
  for (const auto& n : notices) {
    spdlog::info("channel {}: break {}: ad {}: VAST error {}: {}", question.what.channel,
                 question.what.id, n.ad_id, vast::number_of(n.code), n.what);
    for (const auto& url : n.urls) {
      auto pixel =
          ads::make_error_request(url, n.code, question.who, question.what, wall(), random());
      arguments_.beacons->accept({std::move(pixel.url), std::move(pixel.headers)});
    }
  }
}

decision_keeper::behavior_type decision(decision_keeper::stateful_pointer<decision_state> self,
                                        decision_arguments arguments) {
  self->state.start(self, std::move(arguments));
  return {
      [self](const decision_wanted& question) { return self->state.on(question); },
      [self](const ads_answered& m) { self->state.on(m); },
      [self](const inquiry_due& m) { self->state.on(m); },
  };
}

}  // namespace interlude
