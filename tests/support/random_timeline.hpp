// Random channels for the property test, and how to make a failing one smaller.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/simulated_channel.hpp"

namespace interlude::test {

enum class in_cue : std::uint8_t { none, on_time, early, late };

struct random_break {
  double start = 0;
  double length = 30;  // what the cue says, and where the break ends
  bool duration_told = true;
  in_cue in = in_cue::on_time;
  double in_shift = 0;      // seconds by which the IN cue is early or late
  bool date_range = false;  // told by EXT-X-DATERANGE instead of CUE tags
  bool continued = false;   // CUE-OUT-CONT on every segment
};

// The process is killed and another one goes on after `pause` seconds.
struct random_kill {
  double at = 0, pause = 0;
};

// A viewer who joins; with a pre-roll, or content in the middle of a break, in an audience of its
// own.
struct random_join {
  double at = 0, preroll = 0;
  bool content = false;
  bool alone() const { return preroll > 0 || content; }
};

// Everything that makes up one random channel: a plain value, so that a failing one can be reduced
// field by field.
struct random_timeline {
  std::uint64_t seed = 0;
  double segment = 4;
  double audio_segment = 4;
  std::size_t videos = 2;
  bool audio = false;
  std::size_t window = 8;
  bool cut_at_cues = true;
  dates dated = dates::everywhere;
  std::vector<double> delays;           // by rendition
  std::vector<double> discontinuities;  // of the origin, seconds
  std::vector<random_break> breaks;
  double decision_delay = 0;
  bool slate = true;
  std::vector<double> pod;  // ad lengths
  bool shuffled = false;    // every break tries the ads in an order of its own
  double poll = 2;
  std::vector<random_join> joins;  // of viewers beside the first
  std::vector<random_kill> kills;  // by time
  bool proxied = false;            // the node serves the content; the origin's tokens change
  double until = 300;
};

random_timeline make_random_timeline(std::uint64_t seed);
// A break every five minutes, with pods and errors of cues at random.
random_timeline make_long_timeline(std::uint64_t seed, double hours);
std::string describe(const random_timeline& t);

// Plays it; a number that stands for all playlists that were served. Throws the first violation.
std::size_t play(const random_timeline& t);
// Plays it; the first violation as text, empty if all is well.
std::string violation_of(const random_timeline& t);
// A timeline that still fails, with as few features as can be.
random_timeline shrink(random_timeline t);

}  // namespace interlude::test
