#include "actors/channel.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>

#include "media/hls/media_playlist.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

std::string_view query_of(std::string_view url) {
  const auto at = url.find('?');
  return at == std::string_view::npos ? std::string_view{} : url.substr(at + 1);
}

}  // namespace

void channel_state::start(channel_actor::pointer self, channel_arguments arguments) {
  self_ = self;
  arguments_ = std::move(arguments);
  creatives_ = channel_creatives{arguments_.store};
  auto origins = settings().backup_origins;
  origins.insert(origins.begin(), settings().origin);
  origins_ = origin_choice{std::move(origins)};
  keeper_ = timeline_keeper{arguments_.timelines, settings().path()};
  if (settings().in_band_cues) open_reader();
  arguments_.view->counters.origin_good_at = now();
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
  if (is_ingesting()) return true;
  for (std::size_t i = 0; i < polls_.size(); ++i)
    if (i != rendition && is_wanted(i, t)) return true;
  return false;
}

void channel_state::poll_what_is_due() {
  const auto t = now();
  expire_waiters(t);
  take_what_is_ripe(false);
  ask_what_is_due(t);
  if (!description_) {
    if (description_poll_.due(t)) fetch(origin_answered::npos, origins_.asked(), description_poll_);
    return arm();
  }
  bool changed = false, watched = false;
  for (std::size_t i = 0; i < polls_.size(); ++i) {
    const bool wanted = is_wanted(i, t);
    if (wanted && !polls_[i].active()) {
      polls_[i].begin(t);
      // What is shown was read before it rested.
      for (auto* read : {&advanced_read_, &shown_read_})
        if (i < read->size()) (*read)[i].polled = false;
    }
    if (!wanted && polls_[i].active()) {
      polls_[i].rest();
      changed = true;
    }
    watched |= wanted;
    if (wanted && is_listed(i) && polls_[i].due(t))
      fetch(i, description_->renditions[i].url, polls_[i]);
  }
  // Not while an answer is awaited: it is of the origin that was asked.
  if (watched && description_poll_.due(t) && origins_.wants_look(situation_of_origin(t), t))
    fetch(origin_answered::npos, origins_.asked(), description_poll_);
  if (changed) publish();
  drop_unwatched(t);
  arm();
}

void channel_state::fetch(std::size_t rendition, const std::string& url, origin_poll& poll) {
  auto me = caf::actor_cast<channel_actor>(self_->ctrl());
  auto request = poll.start(url, settings().origin_timeout);
  arguments_.fetcher->fetch(
      std::move(request), [me, rendition, serial = poll.serial()](result<fetch_response> answer) {
        caf::anon_send(
            me, origin_answered{rendition, serial,
                                std::make_shared<const result<fetch_response>>(std::move(answer))});
      });
}

// One timer, for whatever is due first. One that goes off sooner is as good: then it is set anew.
void channel_state::arm() {
  auto next = steady_time::max();
  if (!description_ && !description_poll_.in_flight()) next = description_poll_.next_at();
  for (std::size_t i = 0; i < polls_.size(); ++i)
    if (polls_[i].active() && is_listed(i) && !polls_[i].in_flight())
      next = std::min(next, polls_[i].next_at());
  for (const auto& w : playlist_waiters_) next = std::min(next, w.deadline);
  for (const auto& w : plan_waiters_) next = std::min(next, w.deadline);
  if (!later_.empty()) next = std::min(next, later_.front().at);
  for (const auto& d : unripe_) next = std::min(next, d.until);
  if (next >= armed_for_) return;
  armed_for_ = next;
  const auto pause = std::max<std::chrono::steady_clock::duration>(next - now(), 1ms);
  self_->delayed_send(caf::actor_cast<channel_actor>(self_->ctrl()),
                      std::chrono::ceil<std::chrono::milliseconds>(pause), poll_due{++generation_});
}

void channel_state::on(const poll_due& m) {
  if (m.generation != generation_) return;
  armed_for_ = steady_time::max();
  arguments_.view->counters.mailbox.add(self_->mailbox().size());
  poll_what_is_due();
}

// --- what the origin says

void channel_state::on(const origin_answered& m) {
  const bool described = m.rendition == origin_answered::npos;
  const auto& poll = described ? description_poll_ : polls_[m.rendition];
  if (m.serial != poll.serial()) return;  // from where the playlist was before
  if (described)
    read_description(*m.answer);
  else
    read_playlist(m.rendition, *m.answer);
  poll_what_is_due();
}

result<stitch::refresh_outcome> channel_state::take_playlist(std::size_t rendition,
                                                             const fetch_response& response) {
  auto text = response.body;
  if (polls_[rendition].breaks_off(text, now())) text.resize(text.rfind('\n') + 1);
  auto parsed = hls::parse_media_playlist(std::move(text), {}, description_->playlist.variables,
                                          query_of(response.final_url));
  if (!parsed) return parsed.error();
  return timeline_->refresh(rendition, *parsed, response.final_url, wall(now()));
}

void channel_state::note_outcome(std::size_t rendition, stitch::refresh_outcome outcome) {
  if (outcome == stitch::refresh_outcome::restarted)
    spdlog::info("channel {}: {}: the origin began its numbers anew", settings().path(),
                 description_->renditions[rendition].info.name);
  if (outcome != stitch::refresh_outcome::unchanged && outcome != stitch::refresh_outcome::stale)
    polls_[rendition].advanced(now());
}

void channel_state::read_playlist(std::size_t rendition, const result<fetch_response>& answer) {
  auto problem = answer ? playlist_problem(*answer) : answer.error().message();
  const bool unchanged = problem.empty() && answer->status == 304;
  if (unchanged && !timeline_->window(rendition))
    problem = "the origin answered HTTP 304 to a request without conditions";
  if (problem.empty() && !unchanged) {
    if (auto taken = take_playlist(rendition, *answer); !taken)
      problem = taken.error().message();
    else
      note_outcome(rendition, *taken);
  }
  auto& poll = polls_[rendition];
  note_read(answer, problem.empty());
  if (!problem.empty()) {
    problem = description_->renditions[rendition].info.name + ": " + problem;
    if (poll.failed(now(), problem)) spdlog::warn("channel {}: {}", settings().path(), problem);
    publish();
    if (rendition == timeline_->primary() && timeline_->let_join()) {
      ask_for_decisions();
      if (!read_holds_ && timeline_->live_edge()) return advance_and_publish();
    }
    return answer_playlist_waiters();
  }
  if (poll.failures() > 0)
    spdlog::info("channel {}: {} can be read again", settings().path(),
                 description_->renditions[rendition].info.name);
  const auto& window = timeline_->window(rendition);
  poll.succeeded(*answer, now(), window->target_duration);
  probe(rendition);
  if (rendition == timeline_->primary()) {
    timeline_->let_join();
    read_media();
    find_anchor();
  }
  ask_for_decisions();
  if (!read_holds_) advance_and_publish();
}

channel_actor::behavior_type channel(channel_actor::stateful_pointer<channel_state> self,
                                     channel_arguments arguments) {
  self->state.start(self, std::move(arguments));
  return {
      [self](description_wanted& m) { self->state.on(m); },
      [self](playlist_wanted& m) { self->state.on(m); },
      [self](plan_wanted& m) { self->state.on(m); },
      [self](cue_wanted& m) { self->state.on(m); },
      [self](break_lines_wanted& m) { self->state.on(m); },
      [self](break_stories_wanted& m) { self->state.on(m); },
      [self](signals_heard& m) { self->state.on(m); },
      [self](const origin_answered& m) { self->state.on(m); },
      [self](const poll_due& m) { self->state.on(m); },
      [self](const round_due& m) { self->state.on(m); },
  };
}

}  // namespace interlude
