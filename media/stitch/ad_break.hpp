// A break: an opportunity for ads on the channel clock, from the first cue that spoke of it to its
// end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "media/core/time.hpp"
#include "media/scte35/signals.hpp"

namespace interlude::stitch {

// In order of authority: where two sources speak of the same break, the earlier of these wins.
// The last is no cue: a viewer joined, and is shown a pre-roll.
enum class cue_source : std::uint8_t { control_api, playlist, in_band, time_schedule, join };

// Cues and segment boundaries are rounded by different people.
inline constexpr duration boundary_slack = std::chrono::milliseconds{250};

// A break's id: "b" and its start in milliseconds.
inline std::string name_of(instant start) {
  return "b" + std::to_string(
                   std::chrono::floor<std::chrono::milliseconds>(start.time_since_epoch()).count());
}

// Passed over: no segment boundary lay in it, so stitched viewers saw the programme; guided ones,
// who had been told of it, may have played it.
enum class break_state : std::uint8_t { announced, running, ended, cancelled, passed_over };

// Something of it may be yet to come.
constexpr bool is_open_state(break_state s) noexcept {
  return s == break_state::announced || s == break_state::running;
}

// Nothing of it is spliced into anything.
constexpr bool is_left_to_content(break_state s) noexcept {
  return s == break_state::cancelled || s == break_state::passed_over;
}

constexpr const char* to_string(break_state s) noexcept {
  switch (s) {
    case break_state::announced:
      return "announced";
    case break_state::running:
      return "running";
    case break_state::ended:
      return "ended";
    case break_state::cancelled:
      return "cancelled";
    case break_state::passed_over:
      return "passed_over";
  }
  return "unknown";
}

struct ad_break {
  std::string id;  // the channel's own, safe in a URL: "b" and the start in milliseconds
  std::string
      event_id;  // the cue tag's or the operator's (DATERANGE ID, ...); empty if it has none
  std::string splice_id;  // the SCTE-35 event's, of the outermost one where they nest
  scte35::signal_rank rank = scte35::signal_rank::insert;  // of that event
  cue_source source = cue_source::playlist;
  break_state state = break_state::announced;
  instant start{};
  std::optional<duration> planned;  // as the cue said
  std::optional<instant>
      end;  // certain as far as is known today; nullopt: until an IN cue, or max_break
  bool waits_for_in = false;  // auto_return = 0: what was planned ends nothing
  bool ended_by_cue = false;  // an IN cue has spoken: nothing else moves the end again

  // Splice points on the reference rendition's segment boundaries, once they are known (section 3
  // of the rules).
  std::optional<instant> out_point;
  std::optional<instant> in_point;
  std::int64_t dsn_before = 0;  // the origin's discontinuity number of what precedes the out point
  std::optional<instant>
      not_before;  // content up to here had been shown when the cue came: it stands

  // Where it is over if nothing more is heard.
  instant latest_end(duration max_break) const { return end.value_or(start + max_break); }
  // What a decision should fill.
  duration wanted(duration default_break) const {
    if (end && *end > start) return *end - start;
    return planned.value_or(default_break);
  }
  friend bool operator==(const ad_break&, const ad_break&) = default;
};

}  // namespace interlude::stitch
