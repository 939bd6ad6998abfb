#include "actors/decision/decision.hpp"

#include <algorithm>
#include <caf/all.hpp>
#include <functional>

#include "actors/analytics/break_tallies.hpp"
#include "actors/analytics/gathered_counts.hpp"
#include "actors/decision/decision_log.hpp"
#include "actors/decision/question.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

// What the ad servers have said until then is taken up, if both are due at a time.
constexpr auto after_its_budget = 10ms;

decision_made answer_of(const decision_wanted& question, std::shared_ptr<const ads_found> found,
                        bool cached) {
  return {std::move(found), cached, house_order(question)};
}

}  // namespace

std::string decision_key(const decision_wanted& question) {
  return question.what.channel + '\n' + question.audience + '\n' +
         std::to_string(question.what.length / 100ms);
}

std::size_t decision_shard(const decision_wanted& question, std::size_t shards) {
  return std::hash<std::string>{}(decision_key(question)) % shards;
}

std::string decision_state::tier_of(const inquiry_settings& server) {
  return server.format == ad_server_format::json ? "service" : "ads";
}

std::string decision_state::server_of(const inquiry_settings& server) {
  return std::string{hls::without_query(server.url)};
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
  auto promise = self_->make_response_promise<decision_made>();
  decide(question, [promise](decision_made made) mutable { promise.deliver(std::move(made)); });
  return promise;
}

void decision_state::on(const decision_asked& m) {
  decide(m.question, m.done);
}

void decision_state::decide(const decision_wanted& question, teller done) {
  if (question.servers.empty()) return done(answer_of(question, nullptr, false));
  const auto key = decision_key(question);
  auto& counters = arguments_.cache->counters;
  counters.mailbox.add(self_->mailbox().size());
  auto kept = known(key, question);
  if (const bool fresh = kept && kept->fresh(wall()); kept && (fresh || !question.patient)) {
    (fresh ? counters.fresh : counters.stale).fetch_add(1, std::memory_order_relaxed);
    done(answer_of(question, std::move(kept->found), true));
    if (fresh || running_.contains(key)) return;
    const auto id = begin(key, question);
    return ask(id, runs_.at(id));
  }
  counters.missed.fetch_add(1, std::memory_order_relaxed);
  const auto it = running_.find(key);
  const bool under_way = it != running_.end();
  const auto id = under_way ? it->second : begin(key, question);
  auto& r = runs_.at(id);
  wait(id, r, question, timed(std::move(done)));
  if (!under_way) ask(id, r);
}

// Notes when who asked is answered.
decision_state::teller decision_state::timed(teller done) const {
  return [this, since = now(), done = std::move(done)](decision_made made) {
    arguments_.cache->counters.answers.add(now() - since);
    done(std::move(made));
  };
}

// Who asks with more patience is not told that there is nothing because another had less, and who
// has less does not wait as long.
void decision_state::wait(std::uint64_t id, run& r, const decision_wanted& question, teller done) {
  r.deadline = std::max(r.deadline, now() + question.budget);
  r.waiting.push_back({next_waiter_, question, std::move(done)});
  self_->delayed_send(caf::actor_cast<decision_keeper>(self_->ctrl()),
                      question.budget + after_its_budget, waiter_due{id, next_waiter_++});
}

void decision_state::on(const waiter_due& m) {
  const auto it = runs_.find(m.run);
  if (it == runs_.end()) return;
  auto& r = it->second;
  const auto w = std::find_if(r.waiting.begin(), r.waiting.end(),
                              [&](const waiter& x) { return x.number == m.waiter; });
  if (w == r.waiting.end()) return;
  const auto late = std::move(*w);
  r.waiting.erase(w);
  const auto before = arguments_.cache->find(r.key, wall());
  const bool known = before && !before->found->candidates.empty();
  late.done(answer_of(late.question, known ? before->found : so_far(r), known));
}

std::uint64_t decision_state::begin(const std::string& key, const decision_wanted& question) {
  const auto id = next_++;
  running_[key] = id;
  auto& r = runs_[id];
  r.key = key;
  r.question = question;
  r.deadline = now() + question.budget;
  return id;
}

// The next ad server of the waterfall; when there is none, or no time, what there is counts.
void decision_state::ask(std::uint64_t id, run& r) {
  const auto left = std::chrono::floor<std::chrono::milliseconds>(r.deadline - now());
  if (left <= 0ms) pass_over_rest(r);
  if (r.server == r.question.servers.size()) return finish(id, {}, {});
  auto settings = r.question.servers[r.server];
  settings.timeout = share_of(r);
  r.answers.clear();
  r.recorded_bytes = 0;
  settings.playable.max_file_bytes = arguments_.max_file_bytes;
  self_->delayed_send(caf::actor_cast<decision_keeper>(self_->ctrl()), settings.timeout,
                      inquiry_due{id, r.server});
  log_question(r.question, settings);
  r.asked_at = now();
  r.inquiry = std::make_unique<ad_inquiry>(std::move(settings), r.question.who, r.question.what);
  send(id, r, {r.inquiry->start(wall(), random())});
}

// Of the time that is left: all that those behind it cannot need by their own timeouts, or twice as
// much as each of them would get.
std::chrono::milliseconds decision_state::share_of(const run& r) const {
  const auto left = std::chrono::floor<std::chrono::milliseconds>(r.deadline - now());
  const auto& servers = r.question.servers;
  auto spare = left;
  for (auto i = r.server + 1; i < servers.size(); ++i) spare -= servers[i].timeout;
  const auto behind = static_cast<std::int64_t>(servers.size() - r.server - 1);
  return std::min(servers[r.server].timeout, std::max(spare, left * 2 / (behind + 2)));
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
  r.answers.push_back(record_of(m.number, *m.answer));
  r.recorded_bytes += r.answers.back().body.size();
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
  count(result.outcome);
  auto server = server_of(r.question.servers[r.server]);
  tell(r.question, result);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now() - r.asked_at);
  r.reports.push_back({server, std::move(result.problem), result.requests,
                       std::move(result.notices), result.outcome, result.candidates.size(), took});
  note(r.question, r.reports.back());
  if (!result.candidates.empty())
    return finish(id, std::move(result.candidates), std::move(server));
  ++r.server;
  ask(id, r);
}

void decision_state::count(inquiry_outcome outcome) const {
  auto& counts = arguments_.cache->counters.outcomes;
  counts[static_cast<std::size_t>(outcome)].fetch_add(1, std::memory_order_relaxed);
}

// No time is left for them.
void decision_state::pass_over_rest(run& r) const {
  for (; r.server < r.question.servers.size(); ++r.server) {
    count(inquiry_outcome::not_asked);
    r.reports.push_back({server_of(r.question.servers[r.server]),
                         "no time was left to ask it",
                         0,
                         {},
                         inquiry_outcome::not_asked,
                         0,
                         0ms});
    note(r.question, r.reports.back());
  }
}

void decision_state::note(const decision_wanted& question, const tier_report& report) const {
  log_answer(question, report);
  if (arguments_.gathered)
    arguments_.gathered->add(tallies_of(report, question.what.channel, wall()));
}

// For who cannot wait for the one that is being asked.
std::shared_ptr<ads_found> decision_state::so_far(const run& r) const {
  auto out = std::make_shared<ads_found>();
  out->asked_at = wall();
  out->reports = r.reports;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now() - r.asked_at);
  out->reports.push_back({server_of(r.question.servers[r.server]),
                          "the ad server did not answer in time",
                          1,
                          {},
                          inquiry_outcome::timed_out,
                          0,
                          took});
  return out;
}

void decision_state::finish(std::uint64_t id, std::vector<ad_candidate> candidates,
                            std::string server) {
  auto r = std::move(runs_.at(id));
  runs_.erase(id);
  running_.erase(r.key);
  auto found = std::make_shared<ads_found>();
  found->candidates = std::move(candidates);
  found->server = std::move(server);
  if (!found->candidates.empty()) found->tier = tier_of(r.question.servers[r.server]);
  found->asked_at = wall();
  found->reports = std::move(r.reports);
  const auto made = keep(r, std::move(found));
  for (auto& w : r.waiting) w.done(answer_of(w.question, made.found, made.cached));
}

// The Error pixels of what is not played: ads, or a whole break.
void decision_state::tell(const decision_wanted& question, const inquiry_result& result) {
  const auto& what = question.what;
  beacon_event all;
  const auto add = [&](const std::string& url, int code, const std::string& ad) {
    auto pixel = ads::make_error_request(url, code, question.who, what, wall(), random());
    all.beacons.push_back({std::move(pixel.url), std::move(pixel.headers), what.channel, "error",
                           ad, what.id, question.who.session});
  };
  for (const auto& n : result.notices) {
    log_skipped(question, n);
    for (const auto& url : n.urls) add(url, vast::number_of(n.code), n.ad_id);
  }
  for (const auto& url : result.break_failed.urls)
    add(url, static_cast<int>(result.break_failed.code), {});
  // What is refused is counted and said where that happens.
  if (!all.beacons.empty()) arguments_.beacons->accept({std::move(all)}, [](const acceptance&) {});
}

decision_keeper::behavior_type decision(decision_keeper::stateful_pointer<decision_state> self,
                                        decision_arguments arguments) {
  self->state.start(self, std::move(arguments));
  return {
      [self](const decision_wanted& question) { return self->state.on(question); },
      [self](const decision_asked& m) { self->state.on(m); },
      [self](const ads_answered& m) { self->state.on(m); },
      [self](const inquiry_due& m) { self->state.on(m); },
      [self](const waiter_due& m) { self->state.on(m); },
  };
}

}  // namespace interlude
