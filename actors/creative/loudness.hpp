// How loud a creative is, and what brings it to what is wanted (ITU-R BS.1770, EBU R 128).
//
// Two passes: the whole source is measured, then all of it is moved by one gain, so that it keeps
// its dynamics. Only where that would drive peaks over -2 dBTP (ATSC A/85) are they held down.
// Pure; ffmpeg does the measuring.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/creative/media_input.hpp"
#include "media/core/result.hpp"

namespace interlude {

// As a target: nothing is measured, nothing changed.
inline constexpr double as_loud_as_it_is = 0;

struct loudness {
  double integrated = 0;  // LKFS
  double peak = 0;        // dBTP
};

struct gain {
  double decibels = 0;
  bool limited = false;  // peaks have to be held down
};

// `source` as a track of so many channels plays it. The report is what it prints to stderr.
std::vector<std::string> measuring_command(const media_input& source, int channels);

// nullopt: silence, or too short to be measured (under 0.4 s).
result<std::optional<loudness>> read_loudness(std::string_view report);

// At most 40 dB up: what needs more is noise. None for silence.
gain gain_to(const std::optional<loudness>& measured, double target);

// Parts of a filter graph, each ending in a comma: the mix to a number of channels, the same when
// measured as when played; the gain, nothing if there is none.
std::string mixed_to(int channels);
std::string gain_filters(const gain& g);

}  // namespace interlude
