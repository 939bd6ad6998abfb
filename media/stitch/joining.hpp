// Viewers who are shown something else than the others from where they joined: a pre-roll, or the
// programme where others see the rest of a break.
//
// Their playlists are numbered differently ever after, so those who join at about the same time are
// an audience of their own (docs/decisions/0010). Pure functions.
#pragma once

#include <span>
#include <string>

#include "media/stitch/audience.hpp"

namespace interlude::stitch {

// What a viewer who joins in the middle of a break is shown until it is over.
enum class mid_break_join : std::uint8_t { fill, content };

struct join_policy {
  duration preroll{0};  // at most this much; zero: none
  mid_break_join mid_break = mid_break_join::fill;
};

// A break that takes the place of content at the live edge: who joins now begins in the middle of
// it.
bool is_on_air(std::span<const ad_break> breaks, const rendition_window& reference);

// The audience, new, begins at the live edge. A pre-roll takes the place of what a player would
// begin with (RFC 8216 6.3.3: three target durations before the end), and of what follows, up to
// the next break; where a break is on the air, its rest is pre-roll enough, unless viewers are to
// see content there.
void begin_at_join(audience& a, const join_policy& policy, std::span<const ad_break> breaks,
                   const rendition_window& reference);

// Content goes on at the boundary nearest to a pre-roll's end: unlike a break it replaces nothing
// that must not be seen.
void pin_prerolls(audience& a, const rendition_window& reference);

// The pre-roll of guided viewers who joined at about the same time: nothing of the channel's clock,
// the player inserts it. The latest few are remembered.
void begin_guided_preroll(audience& a, std::string id, instant at, duration length);

}  // namespace interlude::stitch
