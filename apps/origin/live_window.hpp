// What the origin's playlists say at a point in time: a pure function of options, faults and the
// clock.
//
// Segment n begins n segment durations after the epoch and is listed once it is over. Its media is
// segment n modulo the loop, on timestamps that go on for ever. Every rendition is cut alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apps/origin/origin_channel.hpp"

namespace interlude::origin {

struct live_segment {
  std::int64_t number = 0;
  instant start{};
  bool discontinuity = false;
};

// Break k of the channel begins k * break_every after the epoch (k >= 1).
struct live_break {
  std::uint32_t id = 0;
  instant start{}, end{};
  instant in{};  // where the IN cue stands
};

// The newest segment that is over at `now`, -1 before there is one.
std::int64_t newest_segment(const channel_options& c, std::string_view rendition, instant epoch,
                            instant now);
std::vector<live_segment> window_at(const channel_options& c, std::string_view rendition,
                                    instant epoch, instant now);
std::vector<live_break> breaks_between(const channel_options& c, instant epoch, instant from,
                                       instant to);

// How many discontinuities precede or start segment `number`.
std::int64_t discontinuities_until(const channel_options& c, std::int64_t number);
// How far the dates of segment `number` are from the clock.
duration jumps_until(const channel_options& c, std::int64_t number);
// The segment that numbering began anew with when `number` was written; 0: it never did.
std::int64_t numbering_base(const channel_options& c, std::int64_t number);

// "v0.m3u8" and its like; empty before the first segment is over.
std::string render_live_playlist(const channel_options& c, std::string_view rendition,
                                 instant epoch, instant now);

std::string render_master_playlist(const channel_options& c);

struct ladder_rung {
  const char* name;
  int width, height;
  std::int64_t bits_per_second;  // of the video
};
inline constexpr ladder_rung rungs[] = {
    {"v0", 640, 360, 900'000}, {"v1", 480, 270, 500'000}, {"v2", 320, 180, 250'000}};
inline constexpr std::int64_t audio_bits_per_second = 96'000;

// Names of all media playlists of the channel.
std::vector<std::string> renditions_of(const channel_options& c);

}  // namespace interlude::origin
