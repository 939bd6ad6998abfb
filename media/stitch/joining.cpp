#include "media/stitch/joining.hpp"

#include <algorithm>
#include <utility>

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

constexpr duration least_preroll = 3s;
constexpr std::size_t remembered_prerolls = 16;

ad_break preroll_at(instant start, duration length) {
  ad_break b;
  b.source = cue_source::join;
  b.start = start;
  b.planned = length;
  b.end = start + length;
  return b;
}

// Where a player that is given this window begins.
const content_segment& first_seen(const rendition_window& window) {
  const auto wanted = window.edge() - 3 * window.target_duration;
  const auto after = std::find_if(window.segments.begin(), window.segments.end(),
                                  [&](const segment_ptr& s) { return s->start > wanted; });
  return after == window.segments.begin() ? **after : **std::prev(after);
}

// How much of `length` there is room for before the next break.
duration room_before_next(std::span<const ad_break> breaks, instant from, duration length) {
  for (const auto& b : breaks)
    if (is_open_state(b.state) && b.start >= from)
      length = std::min<duration>(length, b.out_point.value_or(b.start) - from);
  return length;
}

}  // namespace

bool is_on_air(std::span<const ad_break> breaks, const rendition_window& reference) {
  return std::any_of(breaks.begin(), breaks.end(), [&](const ad_break& b) {
    return b.state == break_state::running && b.out_point && *b.out_point < reference.edge() &&
           (!b.in_point || *b.in_point > reference.edge());
  });
}

void begin_at_join(audience& a, const join_policy& policy, std::span<const ad_break> breaks,
                   const rendition_window& reference) {
  const bool on_air = is_on_air(breaks, reference);
  if (policy.mid_break == mid_break_join::content)
    a.breaks_from = reference.edge() - boundary_slack;
  else if (on_air)
    return;
  const auto& first = first_seen(reference);
  // A break that is not joined is no limit either.
  const auto length =
      room_before_next(on_air ? std::span<const ad_break>{} : breaks, first.start, policy.preroll);
  if (length < least_preroll) return;
  auto b = preroll_at(first.start, length);
  b.id = "p" + name_of(b.start).substr(1);
  b.state = break_state::running;
  b.out_point = b.start;
  b.dsn_before = first.dsn - (first.discontinuity ? 1 : 0);
  a.from = b.start;
  a.own.push_back(std::move(b));
}

void pin_prerolls(audience& a, const rendition_window& reference) {
  for (auto& b : a.own) {
    if (a.guided || b.in_point) continue;
    const auto nearest = std::find_if(
        reference.segments.begin(), reference.segments.end(), [&](const segment_ptr& s) {
          return s->start > *b.out_point && s->start >= *b.end - s->length / 2;
        });
    if (nearest != reference.segments.end())
      b.in_point = (*nearest)->start;
    else if (reference.edge() >= *b.end)
      b.in_point = reference.edge();
  }
}

void begin_guided_preroll(audience& a, std::string id, instant at, duration length) {
  const bool known =
      std::any_of(a.own.begin(), a.own.end(), [&](const ad_break& b) { return b.id == id; });
  if (known) return;
  if (a.own.size() == remembered_prerolls) a.own.erase(a.own.begin());
  a.own.push_back(preroll_at(at, length));
  a.own.back().id = std::move(id);
}

}  // namespace interlude::stitch
