// What cues make of the schedule (section 2 of the stitching rules).
#include <algorithm>

#include "media/stitch/schedule.hpp"

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

// Whether an IN cue that names no known event ends this break. The end of something inside it does
// not: the break goes on behind its first advertisement. Encoders that give a splice_insert's
// return an id of its own are common.
bool may_end(const ad_break& b, const cue& c) {
  if (c.splice_id.empty() || b.splice_id.empty()) return true;
  return c.rank < b.rank || c.rank == scte35::signal_rank::insert;
}

}  // namespace

cue::kind kind_of(scte35::signal_kind k) {
  switch (k) {
    case scte35::signal_kind::in:
      return cue::kind::in;
    case scte35::signal_kind::cancel:
      return cue::kind::cancel;
    case scte35::signal_kind::boundary:
      return cue::kind::boundary;
    case scte35::signal_kind::out:
      break;
  }
  return cue::kind::out;
}

// Where the planned duration ends a break; nullopt: it does not.
std::optional<instant> schedule::end_of(const ad_break& b) const {
  // Section 2: with auto_return = 0 the IN cue is awaited, in slate; content needs no waiting.
  if (!b.planned || (b.waits_for_in && policy_.on_overrun == overrun_policy::slate))
    return std::nullopt;
  return b.start + std::min(*b.planned, policy_.max_break);
}

// Types nest (a break holds placement opportunities, they hold advertisements): what is known of
// the outermost event counts.
void schedule::take_event(ad_break& b, const cue& c) const {
  if (c.splice_id.empty()) return;
  const bool outer = b.splice_id.empty() || c.rank < b.rank;
  // Whoever uses one id for all that nests: what lies inside says nothing about the whole.
  if (!outer && (c.splice_id != b.splice_id || c.rank > b.rank)) return;
  const bool grows = !b.splice_id.empty() && c.rank < b.rank && c.planned;
  b.splice_id = c.splice_id;
  b.rank = c.rank;
  if (!is_open_state(b.state) || b.ended_by_cue) return;
  if (grows) b.planned = c.planned;
  if (!grows && (!c.waits_for_in || b.waits_for_in)) return;
  b.waits_for_in = c.waits_for_in;
  b.end = end_of(b);
  b.in_point.reset();
}

// A cue that repeats a known break may know more about it: a duration, an id, more authority.
bool schedule::refine(ad_break& b, const cue& c) {
  const auto before = b;
  if (b.event_id.empty()) b.event_id = c.event_id;
  take_event(b, c);
  if (c.source < b.source) b.source = c.source;
  const bool open = is_open_state(b.state);
  if (open && !b.ended_by_cue && c.planned && *c.planned > 0us &&
      (!b.planned || c.source < before.source)) {
    b.planned = c.planned;
    b.end = end_of(b);
    b.ended_by_cue = c.end_is_certain;
    b.in_point.reset();
  } else if (open && !b.ended_by_cue && c.planned && c.end_is_certain && c.source <= b.source) {
    // Section 2: a date range may be told its end later; what was planned was a plan.
    b.end = b.start + std::min(*c.planned, policy_.max_break);
    b.ended_by_cue = true;
    b.in_point.reset();
  }
  return b != before;
}

// Section 2: web delivery is not allowed. The break is known and stays as it is in the content.
bool schedule::forbid(const cue& c) {
  auto* known = same_event(c, boundary_slack);
  if (known != nullptr && known->state != break_state::announced) return false;
  if (known == nullptr) {
    if (is_full()) return false;
    ad_break b;
    b.start = c.at;
    known = &insert(std::move(b));
  }
  if (known->event_id.empty()) known->event_id = c.event_id;
  known->splice_id = c.splice_id;
  known->rank = c.rank;
  known->planned = c.planned;
  known->end = end_of(*known);
  known->state = break_state::cancelled;
  ++forbidden_;
  return true;
}

bool schedule::apply_out(const cue& c, const rendition_window& window,
                         std::optional<instant> shown_until) {
  if (c.forbidden) return forbid(c);
  if (auto* known = same_event(c, window.target_duration / 2)) return refine(*known, c);
  ad_break b;
  b.event_id = c.event_id;
  b.splice_id = c.splice_id;
  b.rank = c.rank;
  b.source = c.source;
  b.start = c.at;
  b.planned = c.planned && *c.planned > 0us ? c.planned : std::nullopt;
  b.waits_for_in = c.waits_for_in;
  b.end = end_of(b);
  b.ended_by_cue = c.end_is_certain;
  b.not_before = shown_until;
  const auto latest_end = b.latest_end(policy_.max_break);
  // A cue that outlived its break in the playlist, or inside another break (types nest: it is one
  // break, not two).
  const auto* around = covering(c.at - boundary_slack - 1us);
  const bool nested = around != nullptr && around->start < c.at &&
                      c.at + boundary_slack < around->latest_end(policy_.max_break);
  if (is_full() || latest_end <= window.window_start || nested || inside_what_is_left(c) ||
      (c.planned && *c.planned > 0us && *c.planned < policy_.min_break)) {
    ++ignored_;
    return false;
  }
  if (is_too_much(b)) {
    b.state = break_state::cancelled;
    ++suppressed_;
  }
  make_way(insert(std::move(b)));
  return true;
}

// A break that is left to the content is so with all that nests in it.
bool schedule::inside_what_is_left(const cue& c) const {
  return std::any_of(breaks_.begin(), breaks_.end(), [&](const ad_break& b) {
    if (!is_left_to_content(b.state) || b.start > c.at ||
        c.at + boundary_slack >= b.latest_end(policy_.max_break))
      return false;
    return c.what == cue::kind::continuation ||
           (!c.splice_id.empty() && !b.splice_id.empty() && c.rank > b.rank);
  });
}

bool schedule::is_too_much(const ad_break& b) const {
  duration last_hour = b.wanted(policy_.default_break);
  for (const auto& other : breaks_) {
    const bool gives_way = other.state == break_state::announced && other.source > b.source;
    if (is_left_to_content(other.state) || gives_way) continue;
    const auto length = other.wanted(policy_.default_break);
    const auto between = std::max(b.start - (other.start + length),
                                  other.start - (b.start + b.wanted(policy_.default_break)));
    if (policy_.min_spacing > 0us && between < policy_.min_spacing) return true;
    if (other.start <= b.start && other.start > b.start - 1h) last_hour += length;
  }
  return policy_.max_per_hour > 0us && last_hour > policy_.max_per_hour;
}

// What a source of less authority has only announced gives way.
void schedule::make_way(const ad_break& b) {
  if (!is_open_state(b.state)) return;
  const auto end = b.latest_end(policy_.max_break);
  for (auto& other : breaks_)
    if (&other != &b && other.state == break_state::announced && other.source > b.source &&
        other.start < end && other.latest_end(policy_.max_break) > b.start)
      other.state = break_state::cancelled;
}

bool schedule::announce_timed(const rendition_window& window) {
  constexpr duration ahead = 30s;
  bool changed = false;
  for (const auto& rule : policy_.timed) {
    const auto at = rule.next(window.edge());
    if (!at || *at > window.edge() + ahead) continue;
    cue c;
    c.source = cue_source::time_schedule;
    c.event_id = "timed-" + name_of(*at);
    c.at = *at;
    c.planned = rule.length;
    changed |= apply_out(c, window, std::nullopt);
  }
  return changed;
}

bool schedule::apply_continuation(const cue& c, const rendition_window& window,
                                  std::optional<instant> shown_until) {
  auto* b = covering(c.at);
  const bool inside =
      b != nullptr && (c.at < b->latest_end(policy_.max_break) ||
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
  if (inside_what_is_left(c)) return false;
  cue start = c;
  start.what = cue::kind::out;
  start.at = c.at - c.elapsed.value_or(0us);
  return apply_out(start, window, shown_until);
}

bool schedule::apply_in(const cue& c) {
  ad_break* b = by_name(c);
  if (b != nullptr && b->start >= c.at) b = nullptr;
  // One id for all that nests: the end of something inside is not the break's.
  if (b != nullptr && !c.splice_id.empty() && c.splice_id == b->splice_id && c.rank > b->rank)
    return false;
  // The cue belongs to the break that started last before it, not to one that starts where it
  // stands.
  if (b == nullptr) {
    b = covering(c.at - boundary_slack - 1us);
    if (b != nullptr && !may_end(*b, c)) return false;
  }
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
  // A message takes back the event that it names, wherever it stands itself.
  auto* b = c.splice_id.empty() ? same_event(c, boundary_slack) : by_name(c);
  if (b == nullptr || b->state != break_state::announced) return false;
  b->state = break_state::cancelled;
  return true;
}

bool schedule::apply_boundary(const cue& c) {
  auto* b = covering(c.at - boundary_slack - 1us);
  const bool by_hand = b != nullptr && b->source == cue_source::control_api && b->ended_by_cue;
  if (b == nullptr || by_hand || !is_open_state(b->state) ||
      c.at >= b->latest_end(policy_.max_break))
    return false;
  b->end = c.at;
  b->ended_by_cue = true;
  b->in_point.reset();
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
      case cue::kind::boundary:
        changed |= apply_boundary(c);
        break;
    }
  }
  return changed;
}

}  // namespace interlude::stitch
