// Everything of a channel's timeline that must outlive the process, so that numbers keep their
// meaning: the clocks, the schedule, and what each audience's playlists have come to.
//
// Written as JSON text with a version, in parts: the channel's, and one for each audience, so that
// what one audience comes to does not have all others written again. Reading checks that the parts
// fit together (consecutive numbers, plans within their creatives, one track per rendition) and
// answers errc::malformed or errc::unsupported otherwise: a state that is not sound is better begun
// anew. Pure.
#pragma once

#include <cstdint>
#include <map>
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
struct channel_marks {
  std::vector<ad_break> breaks;
  std::vector<std::int64_t> numbers;  // of clocks
  friend bool operator==(const channel_marks&, const channel_marks&) = default;
};
struct audience_marks {
  struct splice_mark {
    std::string break_id;
    plan_ptr plan;
    plan_position shown;
    std::optional<instant> resume;
    friend bool operator==(const splice_mark&, const splice_mark&) = default;
  };
  std::vector<ad_break> own;
  std::vector<splice_mark> splices;
  std::vector<plan_ptr> decided;
  std::vector<std::int64_t> numbers;  // of tracks
  friend bool operator==(const audience_marks&, const audience_marks&) = default;
};
audience_marks marks_of(const audience& a);

// The texts of a state.
struct kept_timeline {
  std::string channel;
  std::map<std::string, std::string> audiences;  // by key
  friend bool operator==(const kept_timeline&, const kept_timeline&) = default;
};

// The creatives that a channel's parts name. They stand in the channel's own part, which therefore
// is written last, and again whenever another part has named a new one.
using creative_table = std::map<std::string, creative_ptr>;

std::string write_audience(const audience& a, creative_table& creatives);
// `state` without its audiences.
std::string write_channel(const timeline_state& state, creative_table& creatives);

kept_timeline write_timeline_state(const timeline_state& state);
result<timeline_state> read_timeline_state(const kept_timeline& kept);

}  // namespace interlude::stitch
