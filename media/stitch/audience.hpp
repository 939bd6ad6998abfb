// The viewers for whom one decision holds, and what their playlists have come to.
//
// settle() moves the plans of the breaks on the air: cuts them when the break ends early, extends
// them by slate when it goes on, and decides where content resumes (section 6 of the stitching
// rules). The carry is what rounding to segment boundaries has added up to: ad time shown minus
// content time removed. It stays within a segment, because every break starts from it. Value type;
// pure.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "media/stitch/ad_break.hpp"
#include "media/stitch/schedule.hpp"
#include "media/stitch/track.hpp"

namespace interlude::stitch {

using track_ptr = std::shared_ptr<const track>;

struct audience {
  std::string key;
  bool guided = false;  // interstitials: content is left as it is
  // Of an audience that joined (see joining.hpp):
  std::optional<instant> from;         // nothing before this is shown
  std::optional<instant> breaks_from;  // breaks that began before are left to the content
  std::vector<ad_break> own;           // its pre-roll; guided: those of the latest to join
  std::vector<plan_ptr>
      decided;        // what was decided for the latest breaks: asset lists and tracking read it
  duration carry{0};  // after all splices that have resumed, on the reference rendition
  std::int64_t dsn_shift = 0;       // likewise: our discontinuity number minus the origin's
  std::int64_t base_dsn_shift = 0;  // the same after the splices that have been forgotten
  std::vector<splice> splices;
  std::optional<instant> last_out;  // of the latest splice ever
  std::size_t first_splice = 0;     // how many have been forgotten
  std::vector<track_ptr> tracks;    // one per rendition; null: not asked for yet
  instant advanced_at{};            // when the channel came to the windows that they show
};

// The plan decided for a break, null if there is none (any more).
plan_ptr find_decided(const audience& a, std::string_view break_id);

struct settle_inputs {
  const rendition_window& reference;
  std::span<const ad_break> breaks;
  const break_policy& policy;
  creative_ptr slate;  // conditioned to this ladder, or null
  std::size_t primary = 0;
};

// The splice of this break, or null.
splice* find_splice(audience& a, std::string_view break_id);
const splice* find_splice(const audience& a, std::string_view break_id);

// What is known of a break: the channel's, or the audience's own.
const ad_break* find_break(const audience& a, std::span<const ad_break> breaks,
                           std::string_view id);

// Breaks whose out point is known get their splice: `plan_for(break)` must answer with a plan
// (maybe empty: content).
template <class F>
void open_splices(audience& a, std::span<const ad_break> breaks, F&& plan_for);
void open_splice(audience& a, const ad_break& b, plan_ptr plan);

void settle(audience& a, const settle_inputs& in);

// Advances the track of rendition `index`; makes it if it is not there. True if the output changed.
bool advance_track(audience& a, std::size_t index, std::size_t primary,
                   const rendition_window& window, instant horizon);

// Forgets splices that were over before `t`, the start of the reference window less what renditions
// may lag.
void forget_before(audience& a, instant t);

template <class F>
void open_splices(audience& a, std::span<const ad_break> breaks, F&& plan_for) {
  if (a.guided) return;
  const auto open = [&](const ad_break& b) {
    if (b.state != break_state::running || !b.out_point || find_splice(a, b.id) != nullptr) return;
    if (a.last_out && *b.out_point <= *a.last_out)
      return;  // spliced before, or behind what has been
    open_splice(a, b, plan_for(b));
  };
  for (const auto& b : a.own) open(b);
  for (const auto& b : breaks)
    if (!a.breaks_from || b.out_point >= a.breaks_from) open(b);
}

}  // namespace interlude::stitch
