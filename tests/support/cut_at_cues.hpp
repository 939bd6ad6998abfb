// A rendition with a break at 40 s whose segments are cut at the cues.
#pragma once

#include <string>
#include <utility>

#include "tests/support/simulated_channel.hpp"

namespace interlude::test {

// Breaks start at 40 s, after ten segments of four seconds.
inline constexpr auto out = "#EXT-X-CUE-OUT:30";
inline constexpr auto in = "#EXT-X-CUE-IN";

// 40 s of programme, a break of `length`, programme again; segments are cut at the cues.
inline origin_rendition cut_at_cues(double length = 30, duration segment = 4s,
                                    std::string name = "v0") {
  origin_rendition r;
  r.name = std::move(name);
  r.target = std::chrono::ceil<std::chrono::seconds>(segment);
  r.fill(at(40), segment).fill(at(40 + length), segment).fill(at(200), segment);
  return r;
}

// With both cues: the break plays red, green and blue whole.
inline origin_rendition usual_break(std::string name = "v0") {
  return cut_at_cues(30, 4s, std::move(name)).tag(at(40), out).tag(at(70), in);
}
inline constexpr auto usual_pod = "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1";

}  // namespace interlude::test
