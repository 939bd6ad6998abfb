#include "actors/channel.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>

#include "actors/decision.hpp"
#include "media/hls/media_playlist.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr auto tail_patience =
    3s;  // a guided player's asset list waits this long for the exact slate
constexpr auto waiter_patience = 1500ms;  // on top of the origin's timeout

std::string_view query_of(std::string_view url) {
  const auto at = url.find('?');
  return at == std::string_view::npos ? std::string_view{} : url.substr(at + 1);
}

}  // namespace

void channel_state::start(channel_actor::pointer self, channel_arguments arguments) {
  self_ = self;
  arguments_ = std::move(arguments);
  poll_what_is_due();
}

steady_time channel_state::now() const {
  return self_->clock().now();
}

instant channel_state::wall(steady_time t) const {
  return arguments_.wall_clock_base +
         std::chrono::duration_cast<duration>(t - arguments_.steady_base);
}

// --- polling
// ---------------------------------------------------------------------------------------------------------

bool channel_state::is_wanted(std::size_t rendition, steady_time t) const {
  const auto watched = [&](std::size_t i) {
    return t - arguments_.view->watched_at(i) < settings().watch_timeout;
  };
  if (!creatives_.complete() || watched(rendition))
    return true;  // before anybody watches, all is read once
  if (std::any_of(playlist_waiters_.begin(), playlist_waiters_.end(),
                  [&](const playlist_waiter& w) { return w.question.rendition == rendition; }))
    return true;
  // Cues and splice points are read off the reference rendition, whichever one is watched.
  if (rendition != timeline_->primary()) return false;
  for (std::size_t i = 0; i < polls_.size(); ++i)
    if (i != rendition && is_wanted(i, t)) return true;
  return false;
}

void channel_state::poll_what_is_due() {
  const auto t = now();
  expire_waiters(t);
  if (!description_) {
    if (description_poll_.due(t))
      fetch(origin_answered::npos, settings().origin, description_poll_);
    return arm();
  }
  bool changed = false;
  for (std::size_t i = 0; i < polls_.size(); ++i) {
    const bool wanted = is_wanted(i, t);
    changed |= wanted != renditions_[i].polled;
    renditions_[i].polled = wanted;
    if (wanted && polls_[i].due(t)) fetch(i, description_->renditions[i].url, polls_[i]);
  }
  if (changed) publish();
  arm();
}

void channel_state::fetch(std::size_t rendition, const std::string& url, origin_poll& poll) {
  auto me = caf::actor_cast<channel_actor>(self_->ctrl());
  arguments_.fetcher->fetch(
      poll.start(url, settings().origin_timeout), [me, rendition](result<fetch_response> answer) {
        caf::anon_send(
            me, origin_answered{rendition,
                                std::make_shared<const result<fetch_response>>(std::move(answer))});
      });
}

// One timer, for whatever is due first.
void channel_state::arm() {
  auto next = steady_time::max();
  if (!description_ && !description_poll_.in_flight()) next = description_poll_.next_at();
  for (std::size_t i = 0; i < polls_.size(); ++i)
    if (renditions_[i].polled && !polls_[i].in_flight()) next = std::min(next, polls_[i].next_at());
  for (const auto& w : playlist_waiters_) next = std::min(next, w.deadline);
  for (const auto& w : plan_waiters_) next = std::min(next, w.deadline);
  if (next == steady_time::max()) return;
  const auto pause = std::max<std::chrono::steady_clock::duration>(next - now(), 1ms);
  self_->delayed_send(caf::actor_cast<channel_actor>(self_->ctrl()),
                      std::chrono::ceil<std::chrono::milliseconds>(pause), poll_due{++generation_});
}

void channel_state::on(const poll_due& m) {
  if (m.generation == generation_) poll_what_is_due();
}

// --- what the origin says
// --------------------------------------------------------------------------------------------

void channel_state::on(const origin_answered& m) {
  if (m.rendition == origin_answered::npos)
    read_description(*m.answer);
  else
    read_playlist(m.rendition, *m.answer);
  poll_what_is_due();
}

void channel_state::note_trouble(std::string what) {
  if (what != trouble_) spdlog::warn("channel {}: {}", settings().path(), what);
  trouble_ = std::move(what);
}

void channel_state::read_description(const result<fetch_response>& answer) {
  auto problem = answer ? playlist_problem(*answer) : answer.error().message();
  if (problem.empty()) {
    if (auto described = stitch::describe_channel(answer->body, answer->final_url))
      description_ = *described;
    else
      problem = described.error().message();
  }
  if (!problem.empty()) {
    description_poll_.failed(now());
    note_trouble(std::move(problem));
    for (auto& w : std::exchange(description_waiters_, {}))
      w.done(error{errc::unavailable, settings().path(), trouble_});
    return publish();
  }
  description_poll_.succeeded(*answer, now(), 4s);
  trouble_.clear();
  std::vector<stitch::rendition_info> infos;
  for (const auto& r : description_->renditions) infos.push_back(r.info);
  timeline_ = std::make_unique<stitch::channel_timeline>(std::move(infos), settings().breaks);
  polls_.resize(description_->renditions.size());
  renditions_.resize(polls_.size());
  creatives_.set_renditions(*description_);
  spdlog::info("channel {}: {} renditions at {}", settings().path(), polls_.size(),
               settings().origin);
  publish();
  for (auto& w : std::exchange(description_waiters_, {})) w.done(arguments_.view->load());
}

result<stitch::refresh_outcome> channel_state::take_playlist(std::size_t rendition,
                                                             const fetch_response& response) {
  auto parsed = hls::parse_media_playlist(response.body, {}, description_->playlist.variables,
                                          query_of(response.final_url));
  if (!parsed) return parsed.error();
  return timeline_->refresh(rendition, *parsed, response.final_url, wall(now()));
}

void channel_state::read_playlist(std::size_t rendition, const result<fetch_response>& answer) {
  auto problem = answer ? playlist_problem(*answer) : answer.error().message();
  const bool unchanged = problem.empty() && answer->status == 304;
  if (problem.empty() && !unchanged) {
    if (auto taken = take_playlist(rendition, *answer); !taken)
      problem = taken.error().message();
    else if (*taken == stitch::refresh_outcome::restarted)
      spdlog::info("channel {}: the origin began its numbers anew", settings().path());
  }
  if (!problem.empty()) {
    polls_[rendition].failed(now());
    note_trouble(description_->renditions[rendition].info.name + ": " + problem);
    publish();
    return answer_playlist_waiters();
  }
  trouble_.clear();
  const auto& window = timeline_->window(rendition);
  polls_[rendition].succeeded(*answer, now(), window->target_duration);
  renditions_[rendition].good_at = now();
  probe(rendition);
  ask_for_decisions();
  if (held_ == 0) advance_and_publish();
}

// --- decisions
// -------------------------------------------------------------------------------------------------------

void channel_state::ask_for_decisions() {
  std::vector<std::string> names;
  for (const auto& ad : settings().house_ads) names.push_back(ad.name);
  for (auto& open : timeline_->take_open_decisions()) {
    const bool guided = open.audience == guided_audience;
    // A snapshot with the break's first segment in it waits for the decision; a break to come does
    // not hold it up.
    const bool due = !guided && open.opportunity.start < *timeline_->live_edge();
    held_ += due ? 1 : 0;
    spdlog::info("channel {}: break {} of {} s {} at {}", settings().path(), open.opportunity.id,
                 format_seconds(open.wanted), stitch::to_string(open.opportunity.state),
                 format_iso8601(open.opportunity.start));
    decision_wanted question{
        settings().path(), open.opportunity.id, open.audience, open.wanted, ordinal_, names};
    const auto shard =
        decision_shard(question.channel, open.wanted, open.audience, arguments_.decisions.size());
    self_->request(arguments_.decisions[shard], settings().decision_timeout, std::move(question))
        .then(
            [this, open, due](const decision_made& made) {
              decide(open, made.ads);
              if (due) release();
            },
            [this, open, due](caf::error&) {
              decide(open, {});
              if (due) release();
            });
  }
  ordinal_ = timeline_->breaks().size() + timeline_->forgotten_breaks();
}

void channel_state::decide(const stitch::open_decision& open,
                           const std::vector<std::string>& names) {
  const auto pod = creatives_.ready(settings().house_ads, names);
  const auto& window = timeline_->window(timeline_->primary());
  const auto target = window ? window->target_duration : duration{10s};
  const auto fit = stitch::fit_pod(pod, open.wanted, timeline_->primary(), polls_.size(), target);
  auto wanted = creatives_.tail_request(settings(), fit.left);
  if (!wanted) return finish_decision(open, pod, creatives_.tail(fit.left));
  // A guided player's list, once given, stands: it waits for the exact slate. A stitched playlist
  // takes it up later.
  if (open.audience == guided_audience)
    return want_tail(*std::move(wanted), caf::duration{tail_patience},
                     [this, open, pod](auto tail) { finish_decision(open, pod, std::move(tail)); });
  finish_decision(open, pod, nullptr);
  want_tail(*std::move(wanted), caf::infinite, [this, open](const auto& tail) {
    if (tail) timeline_->improve_slate(open.audience, open.opportunity.id, tail);
  });
}

void channel_state::want_tail(condition_creative wanted, caf::duration patience,
                              std::function<void(stitch::creative_ptr)> then) {
  const auto key = wanted;
  self_->request(arguments_.creatives, patience, std::move(wanted))
      .then(
          [this, key, then](const conditioned& made) {
            creatives_.conditioned(key, made.creative);
            then(made.creative);
          },
          [then](caf::error&) { then(nullptr); });
}

// What a usual break will leave to the slate is known before one comes: made early, it is there
// when a guided player asks for it.
void channel_state::prepare_tail() {
  std::vector<std::string> names;
  for (const auto& ad : settings().house_ads) names.push_back(ad.name);
  const auto pod = creatives_.ready(settings().house_ads, names);
  const auto& window = timeline_->window(timeline_->primary());
  if (pod.size() < names.size() || !creatives_.slate() || !window) return;
  const auto fit = stitch::fit_pod(pod, settings().breaks.default_break, timeline_->primary(),
                                   polls_.size(), window->target_duration);
  if (auto wanted = creatives_.tail_request(settings(), fit.left))
    want_tail(*std::move(wanted), caf::infinite, [](const auto&) {});
}

void channel_state::finish_decision(const stitch::open_decision& open,
                                    const std::vector<stitch::pod_ad>& pod,
                                    stitch::creative_ptr tail) {
  timeline_->decide(open.audience, open.opportunity.id, pod, std::move(tail));
  answer_plan_waiters();
}

void channel_state::release() {
  if (--held_ == 0) advance_and_publish();
}

// --- creatives
// -------------------------------------------------------------------------------------------------------

void channel_state::probe(std::size_t rendition) {
  if (creatives_.complete()) {
    for (auto& wanted : creatives_.take_wanted(settings(), now())) {
      const auto key = wanted;
      self_->request(arguments_.creatives, caf::infinite, std::move(wanted))
          .then(
              [this, key](const conditioned& made) {
                creatives_.conditioned(key, made.creative);
                timeline_->set_slate(creatives_.slate());
                prepare_tail();
              },
              [this, key](caf::error& e) {
                spdlog::warn("channel {}: {}: {}", settings().path(), key.source,
                             self_->system().render(e));
                creatives_.failed(key, now());
              });
    }
    return;
  }
  if (!creatives_.wants_probe(rendition, now())) return;
  creatives_.probing(rendition);
  const auto& window = *timeline_->window(rendition);
  self_->request(arguments_.creatives, caf::infinite, probe_of(*window.segments.back()))
      .then(
          [this, rendition](const segment_probed& found) {
            const auto target = timeline_->window(rendition)->target_duration;
            if (creatives_.probed(rendition, found.format, target)) probe(rendition);
          },
          [this, rendition](caf::error& e) {
            spdlog::warn("channel {}: {} cannot be probed: {}", settings().path(),
                         description_->renditions[rendition].info.name, self_->system().render(e));
            creatives_.probe_failed(rendition, now());
          });
}

// --- what viewers see
// ------------------------------------------------------------------------------------------------

void channel_state::advance_and_publish() {
  timeline_->advance(wall(now()));
  publish();
  answer_playlist_waiters();
}

void channel_state::publish() {
  auto p = std::make_shared<published_channel>();
  p->description = description_;
  if (timeline_) p->snapshot = timeline_->take_snapshot();
  p->renditions = renditions_;
  p->trouble = trouble_;
  arguments_.view->publish(std::move(p));
}

void channel_state::on(description_wanted& m) {
  if (description_) return m.done(arguments_.view->load());
  description_waiters_.push_back(std::move(m));
  poll_what_is_due();
}

void channel_state::on(playlist_wanted& m) {
  if (!description_ || m.rendition >= polls_.size())
    return m.done(error{errc::unavailable, settings().path(),
                        trouble_.empty() ? "nothing has been read yet" : trouble_});
  timeline_->add_audience(m.audience, m.audience == guided_audience);
  const auto t = now();
  const auto& window = timeline_->window(m.rendition);
  const auto fresh_for = window ? window->target_duration / 2 : duration{0};
  playlist_waiter w{std::move(m), t - fresh_for, t,
                    t + settings().origin_timeout + waiter_patience};
  for (const auto i : {w.question.rendition, timeline_->primary()})
    // While it fails the pause between attempts stands, however many viewers come.
    if (renditions_[i].good_at < w.since && polls_[i].failures() == 0) polls_[i].ask_now();
  playlist_waiters_.push_back(std::move(w));
  ask_for_decisions();
  if (held_ == 0 && timeline_->live_edge()) advance_and_publish();
  poll_what_is_due();
}

void channel_state::answer_playlist_waiters() {
  const auto t = now();
  const auto current = arguments_.view->load();
  std::erase_if(playlist_waiters_, [&](playlist_waiter& w) {
    const auto r = w.question.rendition;
    const auto& window = timeline_->window(r);
    const auto age = t - renditions_[r].good_at;
    // Fresh, or the origin fails and what was last good is not too old.
    const bool fresh = window && renditions_[r].good_at >= w.since && timeline_->live_edge();
    const bool stale = window && polls_[r].failures() > 0 && age < 3 * window->target_duration;
    if (fresh || stale) {
      w.question.done(current);
      return true;
    }
    // What failed before this viewer came says nothing about the answer that is under way.
    if (!polls_[r].failed_since(w.arrived)) return false;
    w.question.done(error{errc::unavailable, settings().path(), trouble_});
    return true;
  });
}

void channel_state::on(plan_wanted& m) {
  if (!timeline_)
    return m.done(error{errc::unavailable, settings().path(), "nothing has been read yet"});
  if (auto plan = timeline_->decided(m.audience, m.break_id)) return m.done(std::move(plan));
  if (!timeline_->knows_break(m.break_id))
    return m.done(error{errc::not_found, m.break_id, "no such break"});
  // Over, and nothing was decided: nothing will be.
  if (!timeline_->is_open(m.break_id)) return m.done(stitch::plan_ptr{});
  timeline_->add_audience(m.audience, m.audience == guided_audience);
  const auto deadline = now() + settings().decision_timeout + tail_patience;
  plan_waiters_.push_back({std::move(m), deadline});
  ask_for_decisions();
  arm();
}

void channel_state::answer_plan_waiters() {
  std::erase_if(plan_waiters_, [&](plan_waiter& w) {
    auto plan = timeline_->decided(w.question.audience, w.question.break_id);
    if (!plan) return false;
    w.question.done(std::move(plan));
    return true;
  });
}

void channel_state::expire_waiters(steady_time t) {
  std::erase_if(playlist_waiters_, [&](playlist_waiter& w) {
    if (w.deadline > t) return false;
    w.question.done(error{errc::timed_out, settings().path(),
                          trouble_.empty() ? "the origin did not answer in time" : trouble_});
    return true;
  });
  std::erase_if(plan_waiters_, [&](plan_waiter& w) {
    if (w.deadline > t) return false;
    // Slate, or nothing: and that stands, whatever is decided later. A player that asks again must
    // be told the same.
    const auto& q = w.question;
    timeline_->decide(q.audience, q.break_id, {}, nullptr);
    q.done(timeline_->decided(q.audience, q.break_id));
    return true;
  });
}

void channel_state::on(cue_wanted& m) {
  if (!timeline_)
    return m.done(error{errc::unavailable, settings().path(), "nothing has been read yet"});
  const auto& c = m.command;
  auto done = c.what == cue_command::action::start
                  ? timeline_->start_break(c.id, c.at, c.break_duration)
                  : timeline_->stop_break(c.id, c.at);
  if (done) {
    ask_for_decisions();
    if (held_ == 0) advance_and_publish();
  }
  m.done(std::move(done));
}

channel_actor::behavior_type channel(channel_actor::stateful_pointer<channel_state> self,
                                     channel_arguments arguments) {
  self->state.start(self, std::move(arguments));
  return {
      [self](description_wanted& m) { self->state.on(m); },
      [self](playlist_wanted& m) { self->state.on(m); },
      [self](plan_wanted& m) { self->state.on(m); },
      [self](cue_wanted& m) { self->state.on(m); },
      [self](const origin_answered& m) { self->state.on(m); },
      [self](const poll_due& m) { self->state.on(m); },
  };
}

}  // namespace interlude
