// The output of one rendition for one audience: an unbounded sequence of numbered segments that
// only ever grows at its end and is forgotten at its start (section 7 of the stitching rules).
//
// The sequence is kept as runs, content by content and ad by ad, so a track is some hundred bytes
// however long its window. advance() appends what has become visible; nothing that was appended is
// ever changed, which is how the invariants hold: they are not computed anew from request to
// request. Value type; copies are snapshots.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/stitch/content.hpp"
#include "media/stitch/plan.hpp"

namespace interlude::stitch {

// A plan on its way through the playlists of one audience. The points in time are the reference
// rendition's; each rendition takes its own nearest boundary.
struct splice {
  std::string break_id;
  plan_ptr plan;
  instant out{};                // where the break begins
  std::int64_t dsn_before = 0;  // the origin's discontinuity number before it
  std::int64_t dsn_shift = 0;   // our discontinuity number minus the origin's, before the break
  duration carry{0};  // by how much this audience's ads had overrun before (see audience::carry)
  duration delay{0};  // how much later than `out` its first ad is dated: the overrun of a break it
                      // follows directly
  bool follows = false;  // no content between the break before and this one
  plan_position shown;   // the furthest that any rendition has shown
  // Where content goes on, once that is certain; the plan is final then.
  std::optional<instant> resume;
  std::int64_t resume_dsn = 0;  // the origin's discontinuity number there
  std::int64_t dsn_shift_after =
      0;  // as dsn_shift, from there on: one number for all renditions (invariant 7d)
  duration carry_after{0};  // by how much the ads overran `resume`
  bool followed = false;    // `resume` is the next break's out point: no content in between
};

// Consecutive output segments of one kind.
struct run {
  std::int64_t number = 0;  // of the first one
  std::uint32_t count = 0;
  bool discontinuity = false;  // stands before the first one
  // Content: segments msn, msn+1, ... whose discontinuity number is their own plus dsn_shift.
  std::int64_t msn = 0;
  std::int64_t dsn_shift = 0;
  // Ads: segments `segment`, segment+1, ... of item `item` of break `break_id`; null media is
  // content.
  creative_ptr media;
  std::string break_id;
  std::uint32_t item = 0;
  std::uint32_t segment = 0;
  item_kind kind = item_kind::ad;
  std::int64_t dsn = 0;
  instant start{};  // date of the first ad segment; of content after ads: not before this

  bool is_content() const noexcept { return media == nullptr; }
};

struct track {
  std::vector<run> runs;
  std::int64_t next_msn = 0;     // the content segment to look at next
  std::int64_t next_number = 0;  // the number the next output segment will have
  std::int64_t dsn_shift = 0;    // our discontinuity number minus the origin's, for content now
  duration carry{0};             // ad time shown minus content time removed, all breaks together
  std::size_t passed =
      0;  // splices that are behind, counted from the oldest ever (see track_inputs)
  // While a break is on the air:
  bool in_break = false;
  instant out{};
  duration shown{0};       // ad time appended, in this rendition's own durations
  plan_position position;  // in primary segments
};

struct track_inputs {
  const rendition_window& window;
  std::span<const splice>
      splices;  // by time; splices[0] is number `first_splice` of all there ever were
  std::size_t first_splice = 0;
  std::size_t index = 0;            // this rendition's place in the ladder
  std::size_t primary = 0;          // the reference rendition's
  std::int64_t base_dsn_shift = 0;  // the shift before splices[0]
  instant horizon;  // content is not shown past this point: the reference rendition has not decided
                    // there
  std::optional<instant> from;  // a new track begins here, not where the window does
};

// Leaves a break that has been forgotten (nobody asked for this rendition while it was on): content
// follows.
void leave_behind(track& t, std::size_t first_splice, std::int64_t dsn_shift);

// Appends what has become visible, forgets what has left the window. Returns true if the output
// changed.
bool advance(track& t, const track_inputs& in);

// Calls visit(segment_view) for every segment of the window, in order.
struct segment_view {
  std::int64_t number = 0;
  std::int64_t dsn = 0;
  bool discontinuity = false;
  instant start{};
  duration length{0};
  const content_segment* content = nullptr;  // or an ad segment:
  const run* ad = nullptr;
  std::uint32_t segment = 0;
};

template <class F>
void for_each_segment(const track& t, const rendition_window& window, std::size_t index,
                      F&& visit) {
  for (const auto& r : t.runs) {
    auto start = r.start;
    for (std::uint32_t i = 0; i < r.count; ++i) {
      segment_view v;
      v.number = r.number + i;
      if (r.is_content()) {
        v.content = window.find(r.msn + i);
        if (v.content == nullptr) continue;
        v.dsn = v.content->dsn + r.dsn_shift;
        v.discontinuity = v.content->discontinuity || (i == 0 && r.discontinuity);
        v.start =
            i == 0 && r.discontinuity ? std::max(v.content->start, r.start) : v.content->start;
        v.length = v.content->length;
      } else {
        v.ad = &r;
        v.segment = r.segment + i;
        v.dsn = r.dsn;
        v.discontinuity = i == 0 && r.discontinuity;
        v.start = start;
        v.length = r.media->tracks[index].segments[v.segment];
        start += v.length;
      }
      visit(v);
    }
  }
}

}  // namespace interlude::stitch
