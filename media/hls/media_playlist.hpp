// A media playlist as RFC 8216bis describes it, read in one pass without an allocation per line.
//
// The playlist owns its text; everything else is views into it, so a parsed playlist is moved,
// never copied in parts. Every line is kept, unknown ones too: write_playlist(playlist.lines) gives
// back the bytes that were parsed (line ends become "\n"). Errors name the line and the reason.
// Bounded by `limits`. Thread-safe once built (immutable).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"
#include "media/hls/playlist_line.hpp"

namespace interlude::hls {

struct limits {
  std::size_t max_bytes = 2 * 1024 * 1024;
  std::size_t max_lines = 20'000;
};

struct byte_range {
  std::uint64_t length = 0;
  std::uint64_t offset =
      0;  // resolved: an omitted offset continues the previous range of the same URI
  friend bool operator==(const byte_range&, const byte_range&) = default;
};

// One segment. `lines` are all its lines in order: the tags since the previous URI line, then the
// URI line itself.
struct segment {
  std::string_view uri;
  duration length{0};                 // EXTINF
  std::uint32_t discontinuities = 0;  // EXT-X-DISCONTINUITY tags before it: each one counts
  bool gap = false;
  std::optional<instant> program_date_time;  // as written at this segment, not extrapolated
  std::optional<byte_range> range;
  // The EXT-X-KEY lines in force (several KEYFORMATs may be) and the EXT-X-MAP line in force,
  // wherever they stand: indices into media_playlist::key_sets and ::maps; -1 is none. METHOD=NONE
  // gives -1.
  std::int32_t key_set = -1;
  std::int32_t map = -1;
  std::uint32_t first_line = 0;  // index into media_playlist::lines
  std::uint32_t line_count = 0;
};

struct media_playlist {
  std::shared_ptr<const std::string> text;
  std::vector<playlist_line> lines;
  std::vector<segment> segments;
  std::vector<std::vector<std::uint32_t>>
      key_sets;                     // line indices of the EXT-X-KEY tags of each set
  std::vector<std::uint32_t> maps;  // line indices of the EXT-X-MAP tags

  int version = 1;
  duration target_duration{0};
  std::int64_t media_sequence = 0;
  std::int64_t discontinuity_sequence = 0;
  bool independent_segments = false;
  bool i_frames_only = false;
  bool endlist = false;
  std::string_view playlist_type;  // "", "EVENT" or "VOD"

  std::span<const playlist_line> lines_of(const segment& s) const {
    return std::span{lines}.subspan(s.first_line, s.line_count);
  }
};

// EXT-X-DEFINE variables are substituted when `variables` (NAME/VALUE pairs imported from the
// multivariant playlist, or taken from the query of the playlist's own URL) or the playlist itself
// define them: then `text` holds the substituted text. An EXT-X-DEFINE that cannot be satisfied is
// an error, as section 4.4.2.3 demands.
struct variable {
  std::string name;
  std::string value;
};

result<media_playlist> parse_media_playlist(std::string text, const limits& bounds = {},
                                            std::span<const variable> imported = {},
                                            std::string_view own_query = {});

std::string write_playlist(std::span<const playlist_line> lines);

}  // namespace interlude::hls
