// A plan: the pod of one break laid out on the break's time line for one audience (section 4 of the
// stitching rules).
//
// Lengths are those of the primary track (the ladder's first video track, else its first): all
// tracks of a creative have the same segments, to within a frame. What has been shown of a plan
// stands; only its unshown end may be cut, extended by slate, or replaced. Plans are immutable
// values: a change makes a new one. Pure functions.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "media/core/time.hpp"
#include "media/stitch/creative.hpp"

namespace interlude::stitch {

enum class item_kind : std::uint8_t { ad, slate, bumper };
const char* to_string(item_kind kind);

struct plan_item {
  creative_ptr media;
  item_kind kind = item_kind::ad;
  std::string name;
  std::uint32_t count = 0;  // how many of the creative's segments play; all of them, unless cut
  std::string tracking{};   // names what is to be told when it plays; empty: nothing
};

struct plan {
  std::string break_id;
  std::vector<plan_item> items;  // every one with count > 0
};

using plan_ptr = std::shared_ptr<const plan>;

// How much of a plan: all items before `item`, and `segments` segments of that one.
struct plan_position {
  std::uint32_t item = 0;
  std::uint32_t segments = 0;
  friend auto operator<=>(const plan_position&, const plan_position&) = default;
};

struct pod_ad {
  std::string name;
  creative_ptr media;
  std::string tracking{};  // see plan_item
};

// What may play in a break.
struct pod_offer {
  std::vector<pod_ad> ads;        // in order
  creative_ptr opening, closing;  // bumpers, at the break's two ends; null: none
};

struct pod_fit {
  std::vector<pod_ad> ads;
  duration left{0};  // for slate
  creative_ptr opening, closing;
};

// The ads, in order, that fit into `budget` one after another; one that does not is passed over.
// Creatives that lack tracks or whose segments exceed `target_duration` (RFC 8216bis 4.4.3.1) are
// passed over too. Bumpers only enclose ads, and never take the only ad's place.
pod_fit fit_pod(const pod_offer& offer, duration budget, std::size_t primary,
                std::size_t track_count, duration target_duration);

// Whether whole segments of slate may overrun a break: half a segment, which a stitched playlist
// takes up where content resumes, or not at all, where the player resumes it by itself.
enum class slate_rounding : std::uint8_t { nearest, down };

// Opening bumper, ads, slate, closing bumper. `tail`, if there is one, is a slate of just the
// length that is left; else `slate` fills with whole segments. Either may be null.
plan make_plan(std::string break_id, const pod_fit& pod, const creative_ptr& tail,
               const creative_ptr& slate, slate_rounding rounding, std::size_t primary);

duration length_of(const plan_item& item, std::size_t primary);
duration length_of(const plan& p, std::size_t primary);
// How much of its creative's own time line an item plays: all of it, unless it is cut.
duration shown_of(const plan_item& item, std::size_t primary);
// Length of the part up to `end`.
duration length_until(const plan& p, plan_position end, std::size_t primary);
// How many segments of track `index` stand for the first `count` of the primary's.
std::uint32_t segments_until(const plan_item& item, std::uint32_t count, std::size_t index,
                             std::size_t primary);
plan_position end_of(const plan& p);
// Of the last segment; zero for an empty plan.
duration last_length(const plan& p, std::size_t primary);

// Adds one segment of slate: the next of the slate that is playing, or the first of a new run of
// it. A closing bumper of which nothing has been shown stays the last.
void extend_by_slate(plan& p, plan_position shown, const creative_ptr& slate);

// Drops unshown segments at the end. `keep` says how far on the break's time line the plan should
// reach; a segment is dropped if it begins at or after that, or (with `nearest`) if most of it lies
// behind. Never cuts before `shown`.
void cut(plan& p, duration keep, plan_position shown, bool nearest, std::size_t primary);

// The slate of the exact length has been made: it takes the place of the slate at the plan's end,
// if none of that has been shown. Returns false if the plan stays as it is.
bool replace_slate(plan& p, plan_position shown, const creative_ptr& tail, std::size_t primary);

// A decision that came late: what was shown stays, what is offered follows as far as it fits into
// `budget`, then slate.
plan replace_unshown(const plan& p, plan_position shown, const pod_offer& offer,
                     const creative_ptr& slate, duration budget, std::size_t primary,
                     std::size_t track_count, duration target_duration);

}  // namespace interlude::stitch
