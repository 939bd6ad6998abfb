// A scripted origin: timelines in one line each, playlists as an origin would write them.
//
// A rendition is a list of segments on the clock; playlist_at() lists those that have ended by
// `now`, the newest `window` of them. Cues are tags put before the segment that starts at (or
// contains) a point in time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::test {

using namespace std::chrono_literals;

inline const instant epoch = *parse_iso8601("2026-01-01T00:00:00.000Z");
inline instant at(double seconds) {
  return epoch + from_seconds(seconds);
}

enum class dates : std::uint8_t { everywhere, first_only, never };

struct origin_segment {
  instant start{};
  duration length{0};
  bool discontinuity = false;
  std::vector<std::string> tags;
  std::string uri;
};

struct origin_rendition {
  std::string name = "v0";
  std::vector<origin_segment> segments;
  std::int64_t first_msn = 100;
  std::int64_t first_dsn = 0;
  std::size_t window = 8;
  duration target{4s};
  dates dated = dates::everywhere;
  duration delay{0};       // how late this rendition's segments are listed
  duration clock_skew{0};  // added to the dates it writes
  std::vector<std::string> head;
  bool tokens = false;  // each playlist gives its segments another query

  // Appends segments of `length` until `until`; the last one is as long as it needs to be.
  origin_rendition& fill(instant until, duration length) {
    while (next() < until) {
      origin_segment s;
      s.start = next();
      s.length = std::min(length, until - s.start);
      s.uri = name + "/" + std::to_string(segments.size()) + ".ts";
      segments.push_back(std::move(s));
    }
    return *this;
  }
  instant next() const {
    return segments.empty() ? epoch : segments.back().start + segments.back().length;
  }

  // The segment that starts at `t` or contains it.
  origin_segment& segment_at(instant t) {
    const auto it = std::partition_point(
        segments.begin(), segments.end(),
        [t](const origin_segment& s) { return s.start + s.length <= t + 1ms; });
    return it == segments.end() ? segments.back() : *it;
  }
  origin_segment& segment_nearest(instant t) {
    return *std::min_element(segments.begin(), segments.end(),
                             [t](const origin_segment& a, const origin_segment& b) {
                               return std::chrono::abs(a.start - t) < std::chrono::abs(b.start - t);
                             });
  }
  origin_rendition& tag(instant t, std::string line) {
    segment_at(t).tags.push_back(std::move(line));
    return *this;
  }
  origin_rendition& discontinuity_at(instant t) {
    segment_at(t).discontinuity = true;
    return *this;
  }

  std::string playlist_at(instant now) const {
    const auto listed = std::partition_point(
        segments.begin(), segments.end(),
        [&](const origin_segment& s) { return s.start + s.length + delay <= now; });
    const auto end = static_cast<std::size_t>(listed - segments.begin());
    const auto begin = end > window ? end - window : 0;
    auto dsn = first_dsn;
    for (std::size_t i = 0; i < begin; ++i) dsn += segments[i].discontinuity ? 1 : 0;
    std::string out =
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:" +
        std::to_string(std::chrono::ceil<std::chrono::seconds>(target).count()) +
        "\n#EXT-X-MEDIA-SEQUENCE:" + std::to_string(first_msn + static_cast<std::int64_t>(begin)) +
        "\n#EXT-X-DISCONTINUITY-SEQUENCE:" + std::to_string(dsn) + "\n";
    for (const auto& line : head) out += line + "\n";
    for (auto i = begin; i < end; ++i) {
      const auto& s = segments[i];
      if (s.discontinuity) out += "#EXT-X-DISCONTINUITY\n";
      if (dated == dates::everywhere || (dated == dates::first_only && i == begin))
        out += "#EXT-X-PROGRAM-DATE-TIME:" + format_iso8601(s.start + clock_skew) + "\n";
      for (const auto& line : s.tags) out += line + "\n";
      out += "#EXTINF:" + format_seconds(s.length) + ",\n" + s.uri +
             (tokens ? "?token=" + std::to_string(now.time_since_epoch().count()) : "") + "\n";
    }
    return out;
  }
};

}  // namespace interlude::test
