#include "media/stitch/track.hpp"

#include <algorithm>

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

constexpr duration clock_slack = 100ms;  // dates are rounded to milliseconds, lengths to frames

constexpr duration date_slack = 250ms;  // what a date may be off (7c)

// Half of a segment, or less than nothing is gained: the boundary nearest to `target` is the first
// for which this holds.
bool at_or_nearest(const content_segment& s, instant target) {
  return s.start >= target - s.length / 2;
}

// Walks one track through one refresh.
class walker {
 public:
  walker(track& t, const track_inputs& in)
      : t_(t), in_(in), edge_(std::min(in.window.edge(), in.horizon)) {}

  bool run_all() {
    if (t_.runs.empty() && t_.next_msn == 0) begin();
    const auto before = t_.next_number;
    while (t_.in_break ? in_break() : in_content()) {
    }
    const bool trimmed = trim();
    return trimmed || t_.next_number != before;
  }

 private:
  const splice* current() const { return number(t_.passed); }
  const splice* number(std::size_t n) const {
    const auto i = n - in_.first_splice;
    return n >= in_.first_splice && i < in_.splices.size() ? &in_.splices[i] : nullptr;
  }

  void begin() {
    const auto& all = in_.window.segments;
    const auto first = std::find_if(all.begin(), all.end(), [&](const segment_ptr& s) {
      return !in_.from || at_or_nearest(*s, *in_.from);
    });
    t_.next_msn = t_.next_number = first == all.end() ? all.back()->msn + 1 : (*first)->msn;
    t_.dsn_shift = in_.base_dsn_shift;
    t_.passed = in_.first_splice;
  }

  // Content: the next segment, unless a break takes its place. False when there is nothing more to
  // do.
  bool in_content() {
    skip_lost_content();
    const auto* s = in_.window.find(t_.next_msn);
    if (s == nullptr) return false;
    while (const auto* sp = current()) {
      if (!sp->resume || *sp->resume > s->start + s->length / 2) break;
      t_.dsn_shift = sp->dsn_shift_after;  // over before this segment begins
      ++t_.passed;
    }
    if (const auto* sp = current(); sp != nullptr && is_out_point(*s, *sp)) {
      enter(*sp, *s);
      return true;
    }
    // Past the horizon half a segment is rounding; a discontinuity there may yet be replaced by a
    // break.
    const auto slack = s->discontinuity ? duration{0} : s->length / 2;
    if (s->end() > in_.horizon + slack) return false;
    append_content(*s, false);
    return true;
  }

  bool is_out_point(const content_segment& s, const splice& sp) const {
    if (at_or_nearest(s, sp.out + sp.carry - t_.carry)) return true;
    // Dates do not go back (7c): no content from behind the out point is shown, whatever the carry.
    if (s.start >= sp.out) return true;
    // An origin discontinuity beside the splice point must lie on the same side of it in all
    // renditions (7d).
    return s.dsn > sp.dsn_before && s.end() > sp.out;
  }

  // Nobody polled for a while, or the origin skipped: what is gone cannot be shown, and a playlist
  // has no holes.
  void skip_lost_content() {
    const auto first = in_.window.segments.front()->msn;
    if (t_.next_msn >= first) return;
    t_.next_number += first - t_.next_msn;
    t_.next_msn = first;
    t_.runs.clear();
  }

  void enter(const splice& sp, const content_segment& s) {
    t_.in_break = true;
    // A rendition that was first seen, or seen again, when the break was on has missed what it did
    // not show; otherwise the difference is rounding, which the carry takes up.
    t_.out = t_.runs.empty() ? std::min(sp.out, s.start) : s.start;
    t_.shown = 0us;
    t_.position = {};
  }

  bool in_break() {
    const auto* sp = current();
    if (sp == nullptr) return false;
    if (append_due_ad(*sp)) return true;
    if (!sp->resume || t_.position != end_of(*sp->plan)) return false;
    return sp->followed ? go_on_to_next(*sp, *sp->resume) : return_to_content(*sp);
  }

  // One more ad segment, if the channel has come so far (section 5). Renditions keep the primary's
  // pace.
  bool append_due_ad(const splice& sp) {
    const auto& items = sp.plan->items;
    auto next = t_.position;
    if (next.item < items.size() && next.segments == items[next.item].count)
      next = {next.item + 1, 0};
    if (next.item >= items.size()) return false;
    ++next.segments;
    const auto ends = sp.out + sp.carry + length_until(*sp.plan, next, in_.primary);
    if (ends > edge_ + in_.window.target_duration / 2) return false;
    const auto& item = items[next.item];
    append_ad(sp, item, next.item, share(item, next.segments - 1), share(item, next.segments));
    t_.position = next;
    return true;
  }

  std::uint32_t share(const plan_item& item, std::uint32_t count) const {
    return segments_until(item, count, in_.index, in_.primary);
  }

  void append_ad(const splice& sp, const plan_item& item, std::uint32_t item_index,
                 std::uint32_t from, std::uint32_t to) {
    const auto& lengths = item.media->tracks[in_.index].segments;
    for (auto i = from; i < to; ++i) {
      if (i == 0) {
        run r;
        r.number = t_.next_number;
        r.discontinuity = true;
        r.media = item.media;
        r.kind = item.kind;
        r.break_id = sp.break_id;
        r.item = item_index;
        r.dsn = sp.dsn_before + sp.dsn_shift + 1 + item_index;
        // One date for all renditions, the reference's, though their boundaries differ: players
        // align tracks by it.
        r.start = std::max(sp.out + sp.delay + length_until(*sp.plan, {item_index, 0}, in_.primary),
                           last_ad_date());
        t_.runs.push_back(std::move(r));
      }
      ++t_.runs.back().count;
      ++t_.next_number;
      t_.shown += lengths[i];
    }
  }

  // One discontinuity between two breaks, not two.
  bool go_on_to_next(const splice& sp, instant out) {
    t_.carry += t_.out + t_.shown - out;
    t_.dsn_shift = sp.dsn_shift_after;
    ++t_.passed;
    t_.out = out;
    t_.shown = 0us;
    t_.position = {};
    return true;
  }

  // An origin discontinuity beside the splice point must lie on the same side of it in all
  // renditions. One that does not count as the others do is not waited for longer.
  bool waits_for_dsn(const content_segment& s, const splice& sp) const {
    return s.dsn < sp.resume_dsn && s.start < *sp.resume + in_.window.target_duration;
  }

  // How much content is missing at the splice's end, which no track owes.
  duration forgiven(const splice& sp) const {
    return sp.carry_after - (sp.out + sp.carry + length_of(*sp.plan, in_.primary) - *sp.resume);
  }

  bool return_to_content(const splice& sp) {
    const auto ours = t_.out + t_.shown + t_.carry + forgiven(sp);
    const auto theirs = *sp.resume + sp.carry_after;
    const auto target = *sp.resume + (ours - theirs);
    const auto first = std::max(t_.next_msn, in_.window.segments.front()->msn);
    for (auto msn = first; const auto* s = in_.window.find(msn); ++msn) {
      if (!at_or_nearest(*s, target) || waits_for_dsn(*s, sp) ||
          s->start + date_slack < last_ad_date())
        continue;
      // The reference had room for a sliver of content before the next break, this one has not.
      if (const auto* next = number(t_.passed + 1); next != nullptr && next->out <= s->start)
        return go_on_to_next(sp, next->out);
      // Horizon: the reference has resumed, so it has decided up to there; a boundary a little
      // later is still its own.
      if (s->end() > in_.horizon + s->length) return false;
      const bool replaced = sp.follows || t_.shown > 0us || msn != t_.next_msn;
      t_.carry = ours - s->start;
      t_.next_msn = msn;
      t_.in_break = false;
      t_.dsn_shift = sp.dsn_shift_after;
      ++t_.passed;
      append_content(*s, replaced);
      return true;
    }
    return false;
  }

  // Invariant 7c: dates do not go back, so content cannot resume before the ad segment that was
  // shown last.
  instant last_ad_date() const {
    if (t_.runs.empty() || t_.runs.back().is_content()) return instant::min();
    const auto& r = t_.runs.back();
    auto date = r.start;
    for (std::uint32_t i = 0; i + 1 < r.count; ++i)
      date += r.media->tracks[in_.index].segments[r.segment + i];
    return date;
  }

  void append_content(const content_segment& s, bool after_ads) {
    const bool continues = !t_.runs.empty() && t_.runs.back().is_content() && !after_ads &&
                           t_.runs.back().dsn_shift == t_.dsn_shift &&
                           t_.runs.back().msn + t_.runs.back().count == s.msn;
    if (!continues) {
      run r;
      r.number = t_.next_number;
      r.discontinuity = after_ads;
      r.msn = s.msn;
      if (after_ads) r.start = last_ad_date();
      r.dsn_shift = t_.dsn_shift;
      t_.runs.push_back(std::move(r));
    }
    ++t_.runs.back().count;
    ++t_.next_number;
    ++t_.next_msn;
  }

  // Section 5: the window spans what the origin's spans, never less than three target durations.
  bool trim() {
    std::int64_t first_by_clock = t_.next_number;
    std::int64_t first_by_span = t_.next_number;
    duration total{0};
    std::vector<std::pair<std::int64_t, duration>> lengths;
    for_each_segment(t_, in_.window, in_.index, [&](const segment_view& v) {
      lengths.emplace_back(v.number, v.length);
      const auto slack = std::min<duration>(clock_slack, v.length / 2);
      if (v.start + v.length > in_.window.window_start + slack)
        first_by_clock = std::min(first_by_clock, v.number);
    });
    for (auto it = lengths.rbegin(); it != lengths.rend() && total < 3 * in_.window.target_duration;
         ++it) {
      total += it->second;
      first_by_span = it->first;
    }
    return forget_before(std::min(first_by_clock, first_by_span));
  }

  bool forget_before(std::int64_t number) {
    bool changed = false;
    while (!t_.runs.empty() && t_.runs.front().number + t_.runs.front().count <= number) {
      t_.runs.erase(t_.runs.begin());
      changed = true;
    }
    if (t_.runs.empty() || t_.runs.front().number >= number) return changed;
    auto& r = t_.runs.front();
    const auto gone = static_cast<std::uint32_t>(number - r.number);
    if (r.is_content()) {
      r.msn += gone;
    } else {
      for (std::uint32_t i = 0; i < gone; ++i)
        r.start += r.media->tracks[in_.index].segments[r.segment + i];
      r.segment += gone;
    }
    r.number = number;
    r.count -= gone;
    // RFC 8216 6.2.2: the tag leaves with its segment.
    r.discontinuity = false;
    return true;
  }

  track& t_;
  const track_inputs& in_;
  instant edge_;
};

}  // namespace

void leave_behind(track& t, std::size_t first_splice, std::int64_t dsn_shift) {
  if (t.passed >= first_splice) return;
  t.runs.clear();
  t.in_break = false;
  t.passed = first_splice;
  t.dsn_shift = dsn_shift;
}

bool advance(track& t, const track_inputs& in) {
  return walker{t, in}.run_all();
}

}  // namespace interlude::stitch
