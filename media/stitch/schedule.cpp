#include "media/stitch/schedule.hpp"

#include <algorithm>

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t max_breaks = 256;
constexpr std::size_t remembered_breaks = 32;
constexpr duration boundary_slack = 250ms;  // cues and boundaries are rounded by different people

duration tolerance(duration segment) {
  return std::min<duration>(segment / 2, boundary_slack);
}

instant certain_end(const ad_break& b, const break_policy& policy) {
  return b.end.value_or(b.start + policy.max_break);
}

std::string name_of(instant start) {
  return "b" + std::to_string(
                   std::chrono::floor<std::chrono::milliseconds>(start.time_since_epoch()).count());
}

}  // namespace

ad_break* schedule::same_event(const cue& c, duration slack) {
  if (!c.event_id.empty()) {
    // An id may come again days later for another break; near in time it is the same one.
    const auto by_id = std::find_if(breaks_.rbegin(), breaks_.rend(), [&](const ad_break& b) {
      return b.event_id == c.event_id && std::chrono::abs(b.start - c.at) <= policy_.max_break;
    });
    if (by_id != breaks_.rend()) return &*by_id;
  }
  const auto near = std::find_if(breaks_.rbegin(), breaks_.rend(), [&](const ad_break& b) {
    return std::chrono::abs(b.start - c.at) <= slack;
  });
  return near == breaks_.rend() ? nullptr : &*near;
}

ad_break* schedule::covering(instant at) {
  for (auto it = breaks_.rbegin(); it != breaks_.rend(); ++it)
    if (it->state != break_state::cancelled && it->start - boundary_slack <= at) return &*it;
  return nullptr;
}

// As many breaks as are remembered, none of them over.
bool schedule::is_full() const {
  return breaks_.size() >= max_breaks &&
         std::all_of(breaks_.begin(), breaks_.end(),
                     [](const ad_break& b) { return is_open_state(b.state); });
}

ad_break& schedule::insert(ad_break b) {
  b.id = name_of(b.start);
  if (breaks_.size() >= max_breaks) {
    const auto over = std::find_if(breaks_.begin(), breaks_.end(),
                                   [](const ad_break& x) { return !is_open_state(x.state); });
    breaks_.erase(over);  // is_full() was asked first
    ++forgotten_;
  }
  const auto at =
      std::upper_bound(breaks_.begin(), breaks_.end(), b.start,
                       [](instant t, const ad_break& other) { return t < other.start; });
  return *breaks_.insert(at, std::move(b));
}

// A cue that repeats a known break may know more about it: a duration, an id, more authority.
bool schedule::refine(ad_break& b, const cue& c) {
  const auto before = b;
  if (b.event_id.empty()) b.event_id = c.event_id;
  if (c.source < b.source) b.source = c.source;
  const bool open = is_open_state(b.state);
  if (open && !b.ended_by_cue && c.planned && *c.planned > 0us &&
      (!b.planned || c.source < before.source)) {
    b.planned = c.planned;
    b.end = b.start + std::min(*c.planned, policy_.max_break);
    b.ended_by_cue = c.end_is_certain;
  } else if (open && !b.ended_by_cue && c.planned && c.end_is_certain && c.source <= b.source) {
    // Section 2: a date range may be told its end later; what was planned was a plan.
    b.end = b.start + std::min(*c.planned, policy_.max_break);
    b.ended_by_cue = true;
    b.in_point.reset();
  }
  return b != before;
}

bool schedule::apply_out(const cue& c, const rendition_window& window,
                         std::optional<instant> shown_until) {
  if (auto* known = same_event(c, window.target_duration / 2)) return refine(*known, c);
  const auto end = c.planned && *c.planned > 0us
                       ? std::optional{c.at + std::min(*c.planned, policy_.max_break)}
                       : std::nullopt;
  const auto latest_end = end.value_or(c.at + policy_.max_break);
  // A cue that outlived its break in the playlist, or inside another break (types nest: it is one
  // break, not two).
  const auto* around = covering(c.at - boundary_slack - 1us);
  const bool nested = around != nullptr && around->state != break_state::ended &&
                      c.at + boundary_slack < certain_end(*around, policy_) && around->start < c.at;
  if (is_full() || latest_end <= window.window_start || nested ||
      (c.planned && *c.planned > 0us && *c.planned < policy_.min_break)) {
    ++ignored_;
    return false;
  }
  ad_break b;
  b.event_id = c.event_id;
  b.source = c.source;
  b.start = c.at;
  b.planned = c.planned && *c.planned > 0us ? c.planned : std::nullopt;
  b.end = end;
  b.ended_by_cue = c.end_is_certain;
  b.not_before = shown_until;
  insert(std::move(b));
  return true;
}

bool schedule::apply_continuation(const cue& c, const rendition_window& window,
                                  std::optional<instant> shown_until) {
  auto* b = covering(c.at);
  const bool inside =
      b != nullptr && (c.at < certain_end(*b, policy_) ||
                       // Just past the planned end: the origin says that the break goes on.
                       (b->end && !b->ended_by_cue && c.at - *b->end < window.target_duration));
  if (inside) {
    const bool overruns = b->end && !b->ended_by_cue && c.at >= *b->end - boundary_slack;
    if (!overruns || b->state == break_state::ended ||
        policy_.on_overrun == overrun_policy::content)
      return refine(*b, c);
    b->end.reset();
    b->in_point.reset();
    return true;
  }
  // A break that is over may leave continuations in the window: only those of an unknown break
  // start one.
  if (b != nullptr && c.elapsed &&
      std::chrono::abs(b->start - (c.at - *c.elapsed)) < 2 * boundary_slack + 1s)
    return false;
  if (b != nullptr && !c.elapsed) return false;
  cue start = c;
  start.what = cue::kind::out;
  start.at = c.at - c.elapsed.value_or(0us);
  return apply_out(start, window, shown_until);
}

bool schedule::apply_in(const cue& c) {
  ad_break* b = nullptr;
  if (!c.event_id.empty()) {
    const auto by_id = std::find_if(breaks_.rbegin(), breaks_.rend(), [&](const ad_break& x) {
      return x.event_id == c.event_id && x.start < c.at;
    });
    if (by_id != breaks_.rend()) b = &*by_id;
  }
  // The cue belongs to the break that started last before it, not to one that starts where it
  // stands.
  if (b == nullptr) b = covering(c.at - boundary_slack - 1us);
  const bool open =
      b != nullptr && (b->state == break_state::announced || b->state == break_state::running);
  if (!open || b->ended_by_cue || b->start >= c.at || c.at > b->start + policy_.max_break) {
    // Seen before, or an IN whose OUT never came.
    if (b == nullptr || !b->ended_by_cue) ++ignored_;
    return false;
  }
  // Past the planned end nobody waits for an IN cue any more, unless the origin had said that the
  // break goes on.
  if (b->end && c.at > *b->end + boundary_slack) return false;
  b->end = c.at;
  b->ended_by_cue = true;
  b->in_point.reset();
  return true;
}

bool schedule::apply_cancel(const cue& c) {
  auto* b = same_event(c, boundary_slack);
  if (b == nullptr || b->state != break_state::announced) return false;
  b->state = break_state::cancelled;
  return true;
}

bool schedule::observe(std::span<const cue> cues, const rendition_window& window,
                       std::optional<instant> shown_until) {
  bool changed = false;
  for (const auto& c : cues) {
    switch (c.what) {
      case cue::kind::out:
        changed |= apply_out(c, window, shown_until);
        break;
      case cue::kind::continuation:
        changed |= apply_continuation(c, window, shown_until);
        break;
      case cue::kind::in:
        changed |= apply_in(c);
        break;
      case cue::kind::cancel:
        changed |= apply_cancel(c);
        break;
    }
  }
  return changed;
}

bool schedule::pin_out(ad_break& b, const rendition_window& window) {
  const auto& front = *window.segments.front();
  if (b.start < front.start - boundary_slack && !b.not_before) {
    // Under way before anything is known: there is no boundary to look for.
    b.out_point = b.start;
    b.dsn_before = front.dsn - (front.discontinuity ? 1 : 0);
    b.state = break_state::running;
    return true;
  }
  const auto earliest = std::max(b.start, b.not_before.value_or(b.start));
  for (const auto& s : window.segments) {
    if (s->start < earliest - tolerance(s->length)) continue;
    if (b.end && s->start >= *b.end - boundary_slack) {
      b.state = break_state::cancelled;  // nothing of it lies on a boundary: content is never cut
      return true;
    }
    b.out_point = s->start;
    b.dsn_before = s->dsn - (s->discontinuity ? 1 : 0);
    b.state = break_state::running;
    return true;
  }
  return false;
}

// The first boundary at or after the end. The live edge is one: what comes next will start there.
bool schedule::pin_in(ad_break& b, const rendition_window& window) {
  if (!b.end) return false;
  for (const auto& s : window.segments) {
    if (s->start <= *b.out_point || s->start < *b.end - tolerance(s->length)) continue;
    b.in_point = s->start;
    return true;
  }
  if (window.edge() < *b.end - boundary_slack) return false;
  b.in_point = window.edge();
  return true;
}

bool schedule::pin(const rendition_window& window) {
  bool changed = false;
  for (auto& b : breaks_) {
    if (b.state == break_state::announced && window.edge() > b.start - boundary_slack)
      changed |= pin_out(b, window);
    if (b.state != break_state::running) continue;
    if (!b.end && window.edge() >= b.start + policy_.max_break) {
      b.end = b.start + policy_.max_break;
      b.ended_by_cue = true;
      changed = true;
    }
    if (!b.in_point) changed |= pin_in(b, window);
  }
  return changed;
}

void schedule::close_at(instant at) {
  for (auto& b : breaks_) {
    if (!is_open_state(b.state)) continue;
    if (b.start >= at || certain_end(b, policy_) <= at) continue;
    b.end = at;
    b.ended_by_cue = true;
    b.in_point.reset();
  }
}

result<ad_break> schedule::start(std::string event_id, instant at, std::optional<duration> planned,
                                 std::optional<instant> shown_until) {
  for (const auto& b : breaks_) {
    const bool open = is_open_state(b.state);
    if (!event_id.empty() && b.event_id == event_id) {
      if (open) return b;  // idempotent by id
      return error{errc::malformed, "id",
                   "break " + b.id + " of this id is over: give each break an id of its own"};
    }
    if (!open) continue;
    if (at < certain_end(b, policy_) && at + planned.value_or(policy_.default_break) > b.start)
      return error{errc::malformed, "start", "the break would overlap break " + b.id};
  }
  if (is_full()) return error{errc::too_large, "start", "too many breaks are planned already"};
  ad_break b;
  b.event_id = std::move(event_id);
  b.source = cue_source::control_api;
  b.start = at;
  b.planned = planned;
  if (planned) b.end = at + std::min(*planned, policy_.max_break);
  b.not_before = shown_until;
  return insert(std::move(b));
}

result<ad_break> schedule::stop(std::string_view event_or_break_id, instant at) {
  for (auto it = breaks_.rbegin(); it != breaks_.rend(); ++it) {
    auto& b = *it;
    if (!is_open_state(b.state)) continue;
    if (!event_or_break_id.empty() && b.id != event_or_break_id && b.event_id != event_or_break_id)
      continue;
    if (b.state == break_state::announced) {
      b.state = break_state::cancelled;
      return b;
    }
    if (!b.end || at < *b.end) b.end = std::max(at, *b.out_point);
    b.ended_by_cue = true;
    b.in_point.reset();
    return b;
  }
  return error{errc::not_found, std::string{event_or_break_id},
               "no such break is announced or running"};
}

void schedule::close_shown(instant shown_until) {
  for (auto& b : breaks_)
    if (b.state == break_state::running && b.in_point && *b.in_point < shown_until)
      b.state = break_state::ended;
}

void schedule::forget_before(instant t) {
  while (breaks_.size() > remembered_breaks && certain_end(breaks_.front(), policy_) < t) {
    breaks_.erase(breaks_.begin());
    ++forgotten_;
  }
}

}  // namespace interlude::stitch
