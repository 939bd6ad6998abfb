// Everything of a channel's timeline that must outlive the process, so that numbers keep their
// meaning: the clocks, the schedule, and what each audience's playlists have come to.
//
// Written as JSON text with a version. Reading checks that the parts fit together (consecutive
// numbers, plans within their creatives, one track per rendition) and answers errc::malformed or
// errc::unsupported otherwise: a state that is not sound is better begun anew. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/stitch/ad_break.hpp"
#include "media/stitch/audience.hpp"
#include "media/stitch/channel_clock.hpp"
#include "media/stitch/rendition.hpp"

namespace interlude::stitch {

struct timeline_state {
  std::vector<rendition_info> renditions;  // in the order of all that follows
  std::vector<clock_state> clocks;
  std::vector<ad_break> breaks;
  std::uint64_t forgotten_breaks = 0;
  std::optional<instant> shown_until;
  std::optional<instant> read_at;  // by the wall clock: when the reference rendition was read last
  bool video_has_cues = false;
  creative_ptr slate;  // what open-ended breaks go on with until it has been conditioned anew
  std::vector<audience> audiences;
};

// What must be on disk before viewers see a snapshot: all that cannot be found out again from the
// origin's playlists. Playlists that only go on with content change none of it.
struct durable_marks {
  struct splice_mark {
    std::string audience, break_id;
    plan_ptr plan;
    plan_position shown;
    std::optional<instant> resume;
    friend bool operator==(const splice_mark&, const splice_mark&) = default;
  };
  std::vector<ad_break> breaks;
  std::vector<splice_mark> splices;
  std::vector<plan_ptr> decided;
  std::vector<std::int64_t> numbers;  // of clocks and tracks
  friend bool operator==(const durable_marks&, const durable_marks&) = default;
};

std::string write_timeline_state(const timeline_state& state);
result<timeline_state> read_timeline_state(std::string_view text);

}  // namespace interlude::stitch
