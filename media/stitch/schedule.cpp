#include "media/stitch/schedule.hpp"

#include <algorithm>

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t max_breaks = 256;
constexpr std::size_t remembered_breaks = 32;

duration tolerance(duration segment) {
  return std::min<duration>(segment / 2, boundary_slack);
}

error no_such_break(std::string_view id) {
  return {errc::not_found, std::string{id}, "no such break is announced or running"};
}

}  // namespace

// An id may come again days later for another break; near in time it is the same one.
ad_break* schedule::by_name(const cue& c) {
  const auto named = std::find_if(breaks_.rbegin(), breaks_.rend(), [&](const ad_break& b) {
    const bool same = (!c.event_id.empty() && b.event_id == c.event_id) ||
                      (!c.splice_id.empty() && b.splice_id == c.splice_id);
    // Encoders that have one id for all: what starts behind a break's end is another.
    const bool over = b.state == break_state::ended || b.state == break_state::passed_over;
    const bool another =
        c.what == cue::kind::out && over && b.end && c.at >= *b.end - boundary_slack;
    return same && !another && std::chrono::abs(b.start - c.at) <= policy_.max_break;
  });
  return named == breaks_.rend() ? nullptr : &*named;
}

ad_break* schedule::same_event(const cue& c, duration slack) {
  if (auto* named = by_name(c)) return named;
  const auto near = std::find_if(breaks_.rbegin(), breaks_.rend(), [&](const ad_break& b) {
    return std::chrono::abs(b.start - c.at) <= slack;
  });
  return near == breaks_.rend() ? nullptr : &*near;
}

ad_break* schedule::covering(instant at) {
  for (auto it = breaks_.rbegin(); it != breaks_.rend(); ++it)
    if (!is_left_to_content(it->state) && it->start - boundary_slack <= at) return &*it;
  return nullptr;
}

// As many breaks as are remembered, none of them over.
bool schedule::is_full() const {
  return breaks_.size() >= max_breaks &&
         std::all_of(breaks_.begin(), breaks_.end(),
                     [](const ad_break& b) { return is_open_state(b.state); });
}

// Another break, since cancelled, may have begun at the same instant.
std::string schedule::unused_name(instant start) const {
  const auto taken = [&](const std::string& name) {
    return std::any_of(breaks_.begin(), breaks_.end(),
                       [&](const ad_break& b) { return b.id == name; });
  };
  const auto plain = name_of(start);
  auto name = plain;
  for (int i = 2; taken(name); ++i) name = plain + '-' + std::to_string(i);
  return name;
}

ad_break& schedule::insert(ad_break b) {
  b.id = unused_name(b.start);
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
      // Content is never cut. Of what had been shown when its cue came nobody was told.
      b.state = b.not_before > b.start ? break_state::cancelled : break_state::passed_over;
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
    if (b.start >= at || b.latest_end(policy_.max_break) <= at) continue;
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
    // What the clock has announced gives way.
    if (!open || (b.state == break_state::announced && b.source == cue_source::time_schedule))
      continue;
    if (at < b.latest_end(policy_.max_break) &&
        at + planned.value_or(policy_.default_break) > b.start)
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
  auto& made = insert(std::move(b));
  make_way(made);
  return made;
}

ad_break* schedule::find_open(std::string_view id) {
  const auto latest = [&](auto&& wanted) {
    const auto it = std::find_if(breaks_.rbegin(), breaks_.rend(), wanted);
    return it == breaks_.rend() ? nullptr : &*it;
  };
  if (!id.empty())
    return latest([&](const ad_break& b) {
      return is_open_state(b.state) && (b.id == id || b.event_id == id);
    });
  // Without a name the one on the air is meant, before one that is yet to come.
  auto* running = latest([](const ad_break& b) { return b.state == break_state::running; });
  return running != nullptr
             ? running
             : latest([](const ad_break& b) { return b.state == break_state::announced; });
}

result<ad_break> schedule::stop(std::string_view id, instant at) {
  auto* b = find_open(id);
  if (b == nullptr) return no_such_break(id);
  if (b->state == break_state::announced) {
    b->state = break_state::cancelled;
    return *b;
  }
  if (!b->end || at < *b->end) b->end = std::max(at, *b->out_point);
  b->ended_by_cue = true;
  b->in_point.reset();
  return *b;
}

result<ad_break> schedule::extend(std::string_view id, duration total, instant edge) {
  auto* b = find_open(id);
  if (b == nullptr) return no_such_break(id);
  const auto end = b->start + total;
  if (end <= edge)
    return error{errc::malformed, "duration", "the break would have ended already: stop it"};
  if (total > policy_.max_break)
    return error{errc::malformed, "duration", "it is more than breaks.max"};
  const bool overlaps = std::any_of(breaks_.begin(), breaks_.end(), [&](const ad_break& other) {
    return is_open_state(other.state) && other.start > b->start && other.start < end;
  });
  if (overlaps) return error{errc::malformed, "duration", "the next break begins before that"};
  b->planned = total;
  b->end = end;
  b->source = cue_source::control_api;
  b->ended_by_cue = true;  // no cue of less authority moves it again
  b->in_point.reset();
  return *b;
}

result<ad_break> schedule::cancel(std::string_view id) {
  auto* b = find_open(id);
  if (b == nullptr) return no_such_break(id);
  if (b->state != break_state::announced)
    return error{errc::malformed, std::string{id}, "the break has begun: stop it"};
  b->state = break_state::cancelled;
  return *b;
}

void schedule::close_shown(instant shown_until) {
  for (auto& b : breaks_)
    if (b.state == break_state::running && b.in_point && *b.in_point < shown_until)
      b.state = break_state::ended;
}

void schedule::forget_before(instant t) {
  while (breaks_.size() > remembered_breaks && breaks_.front().latest_end(policy_.max_break) < t) {
    breaks_.erase(breaks_.begin());
    ++forgotten_;
  }
}

}  // namespace interlude::stitch
