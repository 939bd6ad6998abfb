#include "media/stitch/audience.hpp"

#include <algorithm>

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

constexpr duration date_slack = 250ms;  // what a date may be off (7c)
constexpr duration in_point_slack =
    100ms;  // the in point may have been read off a live edge, and dates are rounded

// A pre-roll is over when its ads are: nothing fills it.
bool has_slate(const settle_inputs& in, const ad_break& b) {
  return in.slate && !in.slate->tracks[in.primary].segments.empty() && b.source != cue_source::join;
}

// Where the plan ends on the channel clock.
instant end_on_clock(const splice& sp, std::size_t primary) {
  return sp.out + sp.carry + length_of(*sp.plan, primary);
}

// Nothing was or will be shown of this break, and content goes before it: as if there were none.
bool is_content(const splice& sp) {
  return sp.plan->items.empty() && !sp.follows;
}

// How far the break reaches on the plan's own time line, as far as is known.
instant target_of(const ad_break& b) {
  return b.in_point.value_or(*b.end);
}

void cut_to_break(splice& sp, const ad_break& b, const settle_inputs& in) {
  if (!b.end || b.source == cue_source::join) return;
  const auto target = target_of(b);
  if (end_on_clock(sp, in.primary) <= target) return;
  const bool early = b.planned && *b.end < b.start + *b.planned;
  plan shorter = *sp.plan;
  cut(shorter, target - sp.out - sp.carry, sp.shown, early, in.primary);
  if (end_of(shorter) != end_of(*sp.plan))
    sp.plan = std::make_shared<const plan>(std::move(shorter));
}

void extend_to(splice& sp, instant target, duration least_gap, const settle_inputs& in) {
  plan longer = *sp.plan;
  auto gap = target - (sp.out + sp.carry + length_of(longer, in.primary));
  if (gap < least_gap) return;
  while (gap >= least_gap && gap > 0us) {
    const auto before = length_of(longer, in.primary);
    extend_by_slate(longer, sp.shown, in.slate);
    gap -= length_of(longer, in.primary) - before;
  }
  sp.plan = std::make_shared<const plan>(std::move(longer));
}

void extend_to_break(splice& sp, const ad_break& b, const settle_inputs& in) {
  if (!has_slate(in, b) || sp.plan->items.empty()) return;
  const auto typical = in.slate->tracks[in.primary].segments.front();
  // Rounded to whole slate segments: half of one over or under is what the carry takes up.
  // A boundary far behind the end means that content is missing there (the origin jumped): there is
  // nothing to fill.
  if (b.end && b.in_point)
    extend_to(sp, std::min(*b.in_point, *b.end + in.reference.target_duration), typical / 2, in);
  // An end that was moved behind the plan's.
  else if (b.end)
    extend_to(sp, std::min(*b.end, in.reference.edge() + in.reference.target_duration), typical / 2,
              in);
  // Section 2: until its IN cue comes, a break goes on, one target duration ahead of the live edge.
  else
    extend_to(sp, in.reference.edge() + in.reference.target_duration, 1us, in);
}

// Where content should go on, if that can be said yet.
std::optional<instant> return_point(const splice& sp, const ad_break& b, const settle_inputs& in) {
  if (is_content(sp)) return sp.out;
  const auto ends = end_on_clock(sp, in.primary);
  if (b.end && b.in_point) {
    // A break that could not be filled: content comes back when the ads are over.
    if (*b.in_point - ends > in.reference.target_duration) return ends;
    return std::max(ends, *b.in_point);
  }
  const bool cannot_go_on =
      !has_slate(in, b) && in.reference.edge() >= ends - in.reference.target_duration / 2;
  if (cannot_go_on && (!b.end || *b.end - ends > in.reference.target_duration)) return ends;
  return std::nullopt;
}

// What the ads overran `boundary` by. Where that is far behind them, content is missing (nobody was
// polling, or the origin was away): the break did not remove it, and the next one does not owe it.
duration carry_at(const splice& sp, instant boundary, const settle_inputs& in) {
  const auto overrun = end_on_clock(sp, in.primary) - boundary;
  return overrun < -in.reference.target_duration ? duration{0} : overrun;
}

// `next` is the segment content resumes with; null if the next break follows at once.
void resume_at(audience& a, std::size_t index, instant boundary, const content_segment* next,
               const settle_inputs& in) {
  auto& sp = a.splices[index];
  const bool spliced = !is_content(sp) || boundary > sp.out;
  const auto items = static_cast<std::int64_t>(sp.plan->items.size());
  sp.resume = boundary;
  sp.carry_after = spliced ? carry_at(sp, boundary, in) : sp.carry;
  const auto last_dsn = sp.dsn_before + sp.dsn_shift + items;
  if (next != nullptr) {
    sp.resume_dsn = next->dsn;
    sp.dsn_shift_after = spliced ? last_dsn + 1 - next->dsn : sp.dsn_shift;
  } else {
    sp.followed = true;
    a.splices[index + 1].follows = true;
    // Dated where this one's ads end, whatever had been carried before: dates do not go back (7c).
    a.splices[index + 1].delay = std::max<duration>(
        sp.out + sp.delay + length_of(*sp.plan, in.primary) - a.splices[index + 1].out, 0us);
    sp.resume_dsn = a.splices[index + 1].dsn_before;
    sp.dsn_shift_after = last_dsn - a.splices[index + 1].dsn_before;
  }
  a.carry = sp.carry_after;
  a.dsn_shift = sp.dsn_shift_after;
  for (auto i = index + 1; i < a.splices.size(); ++i) {
    a.splices[i].carry = a.carry;
    a.splices[i].dsn_shift = a.dsn_shift;
  }
}

void find_resume(audience& a, std::size_t index, const ad_break& b, const settle_inputs& in) {
  auto& sp = a.splices[index];
  const auto wanted = return_point(sp, b, in);
  if (!wanted) return;
  // Invariant 7c: however far the ads overran, the date of what follows the last of them is not
  // before its own.
  const auto last_date =
      sp.out + sp.delay + length_of(*sp.plan, in.primary) - last_length(*sp.plan, in.primary);
  const auto earliest = sp.plan->items.empty() ? sp.out : sp.out + 1us;
  for (const auto& s : in.reference.segments) {
    if (is_content(sp)) {  // the break's first segment is itself the return
      if (s->start >= sp.out) return resume_at(a, index, sp.out, s.get(), in);
      continue;
    }
    if (s->start < earliest || s->start < *wanted - s->length / 2 ||
        s->start + date_slack < last_date)
      continue;
    // The in point is never undercut by rounding: what lies before it belongs to the break.
    const auto slack = std::min<duration>(in_point_slack, s->length / 2);
    if (b.in_point && *wanted >= *b.in_point && s->start < *b.in_point - slack) continue;
    // A break that begins where this one ends, or before its overrun is over, follows without
    // content in between; so does one that would leave a mere sliver of content (one rendition
    // would show it, another not).
    if (index + 1 < a.splices.size() &&
        a.splices[index + 1].out < s->start + in.reference.target_duration / 2)
      return resume_at(a, index, std::max(a.splices[index + 1].out, sp.out), nullptr, in);
    return resume_at(a, index, s->start, s.get(), in);
  }
}

void note_shown(audience& a, const track& t) {
  if (!t.in_break || t.passed < a.first_splice) return;
  auto& sp = a.splices[t.passed - a.first_splice];
  sp.shown = std::max(sp.shown, t.position);
}

}  // namespace

const ad_break* find_break(const audience& a, std::span<const ad_break> breaks,
                           std::string_view id) {
  for (const auto all : {std::span<const ad_break>{a.own}, breaks})
    for (const auto& b : all)
      if (b.id == id) return &b;
  return nullptr;
}

plan_ptr find_decided(const audience& a, std::string_view break_id) {
  const auto it = std::find_if(a.decided.begin(), a.decided.end(),
                               [&](const plan_ptr& p) { return p->break_id == break_id; });
  return it == a.decided.end() ? nullptr : *it;
}

splice* find_splice(audience& a, std::string_view break_id) {
  const auto it = std::find_if(a.splices.begin(), a.splices.end(),
                               [&](const splice& s) { return s.break_id == break_id; });
  return it == a.splices.end() ? nullptr : &*it;
}

const splice* find_splice(const audience& a, std::string_view break_id) {
  return find_splice(const_cast<audience&>(a), break_id);
}

void open_splice(audience& a, const ad_break& b, plan_ptr plan) {
  splice sp;
  sp.break_id = b.id;
  sp.plan = std::move(plan);
  sp.out = *b.out_point;
  sp.dsn_before = b.dsn_before;
  sp.carry = a.carry;
  sp.dsn_shift = a.dsn_shift;
  a.last_out = sp.out;
  a.splices.push_back(std::move(sp));
}

void settle(audience& a, const settle_inputs& in) {
  for (std::size_t i = 0; i < a.splices.size(); ++i) {
    auto& sp = a.splices[i];
    if (sp.resume) continue;
    const auto* b = find_break(a, in.breaks, sp.break_id);
    if (b == nullptr) continue;
    cut_to_break(sp, *b, in);
    extend_to_break(sp, *b, in);
    find_resume(a, i, *b, in);
    if (!sp.resume) return;  // what follows starts from this one's carry
  }
}

bool advance_track(audience& a, std::size_t index, std::size_t primary,
                   const rendition_window& window, instant horizon) {
  if (a.tracks.size() <= index) a.tracks.resize(index + 1);
  auto next = a.tracks[index] ? *a.tracks[index] : track{};
  leave_behind(next, a.first_splice, a.base_dsn_shift);
  const bool changed = advance(
      next, {window, a.splices, a.first_splice, index, primary, a.base_dsn_shift, horizon, a.from});
  note_shown(a, next);
  // Unchanged output keeps its address: what was rendered from it is still right.
  if (changed || !a.tracks[index]) a.tracks[index] = std::make_shared<const track>(std::move(next));
  return changed;
}

void forget_before(audience& a, instant t) {
  std::size_t over = 0;
  // A pre-roll that the next break follows ends long after that one began.
  const auto is_over = [&](const splice& sp) {
    return sp.resume && *sp.resume + std::max<duration>(sp.carry_after, 0us) < t;
  };
  while (over < a.splices.size() && is_over(a.splices[over])) ++over;
  if (over == 0) return;
  // What became of a plan is what is told of it from now on.
  for (std::size_t i = 0; i < over; ++i)
    for (auto& p : a.decided)
      if (p->break_id == a.splices[i].break_id) p = a.splices[i].plan;
  a.base_dsn_shift = a.splices[over - 1].dsn_shift_after;
  std::erase_if(a.own, [&](const ad_break& b) {
    return std::any_of(a.splices.begin(), a.splices.begin() + static_cast<std::ptrdiff_t>(over),
                       [&](const splice& sp) { return sp.break_id == b.id; });
  });
  a.first_splice += over;
  a.splices.erase(a.splices.begin(), a.splices.begin() + static_cast<std::ptrdiff_t>(over));
}

}  // namespace interlude::stitch
