// What a channel's viewers and operators are answered, and who its viewers are.
#include <algorithm>
#include <caf/all.hpp>

#include "actors/channel.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr auto waiter_patience = 1500ms;     // on top of the origin's timeout
constexpr auto joins_for = 1min;             // after the session was started
constexpr auto remembered_unwatched = 5min;  // audiences of those who joined
constexpr auto drop_every = 10s;

// The one of this minute, or of the last: a player asks when it starts.
bool is_current_preroll(std::string_view break_id, instant now) {
  return break_id == guided_preroll_id(now) || break_id == guided_preroll_id(now - 1min);
}

std::string or_else(std::string text, const char* otherwise) {
  return text.empty() ? otherwise : text;
}

}  // namespace

stitch::plan_ptr channel_state::told(const std::string& audience,
                                     const std::string& break_id) const {
  const auto it = shown_->audiences.find(audience);
  return it == shown_->audiences.end() ? nullptr : stitch::find_decided(*it->second, break_id);
}

void channel_state::on(description_wanted& m) {
  if (description_) return m.done(arguments_.view->load());
  description_waiters_.push_back(std::move(m));
  poll_what_is_due();
}

// Who joined a while ago and comes back, when nobody remembers what they were shown, goes on as all
// do.
bool channel_state::add_audience(const std::string& key) {
  if (timeline_->knows_audience(key)) return true;
  if (timeline_->audience_count() >= most_audiences(settings())) return false;
  const auto number = joined_number(key);
  const bool joins = number && wall(now()) - joined_at(*number) < joins_for;
  // Where nobody watched for a while, what is known of the live edge is old.
  timeline_->add_audience(key, is_guided(key),
                          joins ? std::optional{settings().join} : std::nullopt,
                          is_to_be_read(timeline_->primary()));
  return true;
}

void channel_state::drop_unwatched(steady_time t) {
  if (t - dropped_at_ < drop_every) return;
  dropped_at_ = t;
  // The common ones are for whoever comes next.
  const auto may_go = [](std::string_view key) {
    return !cohort_part(key).empty() || joined_number(key);
  };
  for (const auto& key :
       arguments_.view->audiences.forget_unseen(t - remembered_unwatched, may_go)) {
    timeline_->drop_audience(key);
    keeper_.drop(key);
  }
}

// The origin lists it no more, and what was read last is stale.
bool channel_state::is_gone(std::size_t rendition) const {
  const auto& window = timeline_->window(rendition);
  return !is_listed(rendition) &&
         (!window || now() - polls_[rendition].good_at() >= 3 * window->target_duration);
}

steady_time channel_state::fresh_since(std::size_t rendition, steady_time t) const {
  const auto& window = timeline_->window(rendition);
  return t - (window ? window->target_duration / 2 : duration{0});
}

// While it fails the pause between attempts stands, however many viewers come.
bool channel_state::is_to_be_read(std::size_t rendition) const {
  const auto& poll = polls_[rendition];
  return is_listed(rendition) && poll.failures() == 0 &&
         poll.good_at() < fresh_since(rendition, now());
}

void channel_state::on(playlist_wanted& m) {
  if (!description_ || m.rendition >= shown_->windows.size())
    return m.done(error{errc::unavailable, settings().path(),
                        or_else(trouble(), "nothing has been read yet")});
  if (is_gone(m.rendition))
    return m.done(error{errc::unavailable, settings().path(),
                        description_->renditions[m.rendition].info.name +
                            " is not in the origin's multivariant playlist any more"});
  if (!add_audience(m.audience))
    return m.done(error{errc::unavailable, settings().path(), "too many audiences"});
  const auto t = now();
  playlist_waiter w{std::move(m), fresh_since(m.rendition, t), t,
                    t + settings().origin_timeout + waiter_patience};
  for (const auto i : {w.question.rendition, timeline_->primary()})
    if (is_to_be_read(i)) polls_[i].ask_now();
  const auto audience = w.question.audience;
  playlist_waiters_.push_back(std::move(w));
  // Of all others nothing has become open since: viewers may come by the thousand.
  ask_for(timeline_->take_open_decisions(audience));
  advance_soon(audience);
  poll_what_is_due();
}

void channel_state::answer_playlist_waiters() {
  const auto t = now();
  const auto current = arguments_.view->load();
  std::erase_if(playlist_waiters_, [&](playlist_waiter& w) {
    const auto r = w.question.rendition;
    const auto& window = shown_->windows[r];
    const auto age = t - polls_[r].good_at();
    const auto audience = shown_->audiences.find(w.question.audience);
    const bool known =
        window && audience != shown_->audiences.end() && audience->second->tracks[r] != nullptr;
    // Fresh, or the origin fails and what was last good is not too old.
    const bool held = read_holds_ || timeline_->is_held(w.question.audience);
    const bool shows_all = !held && window == timeline_->window(r);
    // Who was held when the snapshot was taken is not in it yet, even if released since.
    const bool in_step = known && audience->second->advanced_at >= shown_->advanced_at;
    const bool fresh = in_step && shows_all && polls_[r].good_at() >= w.since;
    const bool fails = polls_[r].failures() > 0 || !is_listed(r);
    const bool young = window && age < 3 * window->target_duration;
    if (fresh || (known && fails && young)) {
      w.question.done(current);
      return true;
    }
    // What this viewer begins with is being decided, or kept.
    if (!known && young && (held || committing_ || round_ahead_)) return false;
    // What failed before this viewer came says nothing about the answer that is under way.
    if (!polls_[r].failed_since(w.arrived)) return false;
    w.question.done(error{errc::unavailable, settings().path(), polls_[r].trouble()});
    return true;
  });
}

void channel_state::on(plan_wanted& m) {
  answer_with_plan(std::move(m), now() + settings().decision_timeout + tail_patience);
}

void channel_state::answer_with_plan(plan_wanted m, steady_time deadline) {
  // A player that asks while the node starts is told the same as before.
  if (!timeline_) {
    plan_waiters_.push_back({std::move(m), deadline});
    return poll_what_is_due();
  }
  if (auto plan = told(m.audience, m.break_id)) return m.done(std::move(plan));
  add_audience(m.audience);
  if (settings().join.preroll > duration{0} && is_current_preroll(m.break_id, wall(now())))
    timeline_->add_guided_preroll(m.audience, m.break_id, wall(now()), settings().join.preroll);
  if (!timeline_->knows_break(m.audience, m.break_id))
    return m.done(error{errc::not_found, m.break_id, "no such break"});
  // Over, and nothing was decided: nothing will be.
  if (!timeline_->is_open(m.audience, m.break_id)) return m.done(stitch::plan_ptr{});
  ask_for(timeline_->take_open_decisions(m.audience));
  ask_now([&](const later_decision& l) {
    return l.open.audience == m.audience && l.open.opportunity.id == m.break_id;
  });
  plan_waiters_.push_back({std::move(m), deadline});
  arm();
}

void channel_state::take_early_questions() {
  for (auto& w : std::exchange(plan_waiters_, {}))
    answer_with_plan(std::move(w.question), w.deadline);
}

void channel_state::answer_plan_waiters() {
  std::erase_if(plan_waiters_, [&](plan_waiter& w) {
    auto plan = told(w.question.audience, w.question.break_id);
    if (!plan) return false;
    w.question.done(std::move(plan));
    return true;
  });
}

void channel_state::expire_waiters(steady_time t) {
  std::erase_if(playlist_waiters_, [&](playlist_waiter& w) {
    if (w.deadline > t) return false;
    w.question.done(error{errc::timed_out, settings().path(),
                          or_else(trouble(), "the origin did not answer in time")});
    return true;
  });
  bool decided = false;
  std::erase_if(plan_waiters_, [&](plan_waiter& w) {
    if (w.deadline > t) return false;
    const auto& q = w.question;
    if (!timeline_) {
      q.done(error{errc::unavailable, settings().path(), or_else(trouble(), "nothing was read")});
      return true;
    }
    // Slate, or nothing: and that stands, whatever is decided later. A player that asks again must
    // be told the same, so it is kept before it is told.
    timeline_->decide(q.audience, q.break_id, {}, nullptr);
    if (!timeline_->decided(q.audience, q.break_id)) {
      q.done(stitch::plan_ptr{});
      return true;
    }
    w.deadline = steady_time::max();
    decided = true;
    return false;
  });
  if (decided) publish_soon();
}

result<stitch::ad_break> channel_state::obey(const cue_command& c) {
  switch (c.what) {
    case cue_command::action::start:
      return timeline_->start_break(c.id, c.at, c.break_duration);
    case cue_command::action::extend:
      return timeline_->extend_break(c.id, c.break_duration.value_or(duration{0}));
    case cue_command::action::cancel:
      return timeline_->cancel_break(c.id);
    case cue_command::action::stop:
      break;
  }
  return timeline_->stop_break(c.id, c.at);
}

void channel_state::on(cue_wanted& m) {
  if (!timeline_)
    return m.done(error{errc::unavailable, settings().path(), "nothing has been read yet"});
  auto done = obey(m.command);
  if (!done) return m.done(std::move(done));
  // Told when it is certain to happen.
  cue_answers_.push_back([answer = std::move(m.done), done = *done] { answer(done); });
  ask_for_decisions();
  if (!read_holds_) advance();
  commit();
}

}  // namespace interlude
