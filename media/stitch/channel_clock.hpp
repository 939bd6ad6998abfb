// The channel clock: puts every segment of every rendition on one time line and under one
// numbering.
//
// Positions are the origin's EXT-X-PROGRAM-DATE-TIME (stitching rules, section 1). A rendition
// without any is aligned with one that is already placed: by MSN where both know it, else by
// discontinuity number, else by the live edge; the first of all is pinned so that its edge is
// "now". A clock that jumps back starts a new era: what follows is shifted so that time never runs
// backwards, and cue dates of that era shift with it.
//
// rendition_clock is the state of one rendition; refresh() is its only way to change. Not
// thread-safe; one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "media/core/result.hpp"
#include "media/hls/media_playlist.hpp"
#include "media/stitch/content.hpp"

namespace interlude::stitch {

// What a refresh meant.
enum class refresh_outcome : std::uint8_t {
  unchanged,  // no new segment (tags may differ)
  advanced,   // segments were added
  stale,      // older than what is known (a lagging cache or replica): ignored
  restarted,  // the origin's numbering began anew; ours goes on, with a discontinuity
  jumped,  // segments are missing between what was known and what came (nobody was polling, or the
           // origin skipped)
};

// What a clock knows, for keeping (see timeline_state.hpp).
struct clock_state {
  window_ptr window;            // null before the first refresh
  std::int64_t msn_offset = 0;  // channel number - origin number
  std::int64_t dsn_offset = 0;
  duration era_offset{0};
  std::int64_t playlist_first =
      0;  // channel number of the playlist's segment 0 at the last refresh
};

class rendition_clock {
 public:
  rendition_clock() = default;
  explicit rendition_clock(clock_state s) : s_(std::move(s)) {}
  const clock_state& state() const noexcept { return s_; }

  // `playlist` came from `url` at `now`. `others` are the windows of the channel's other renditions
  // (null ones are skipped), for aligning one without dates. Errors: errc::malformed for a playlist
  // that cannot be placed (no segments, a URI that is none); the state is then as before.
  // `unknown`: so many segments behind those that are known may have been numbered, by a process
  // that has ended; if the origin's numbers begin anew, theirs are passed over.
  result<refresh_outcome> refresh(const hls::media_playlist& playlist, std::string_view url,
                                  instant now, std::span<const window_ptr> others,
                                  std::int64_t unknown = 0);

  // The state after the last successful refresh; null before the first.
  const window_ptr& window() const noexcept { return s_.window; }
  // Channel time of a date the origin wrote.
  instant on_channel_clock(instant origin_date) const noexcept {
    return origin_date + s_.era_offset;
  }
  // The same for a date of unknown era: of the readings there are, the one nearest to `position`.
  instant on_channel_clock(instant origin_date, instant position) const noexcept;
  duration era_offset() const noexcept { return s_.era_offset; }
  // Channel position of the playlist's segment `index` at the last refresh; the live edge for an
  // index past the end.
  instant position_of(std::size_t index) const noexcept;

 private:
  struct arrival;

  std::optional<refresh_outcome> renumber(const hls::media_playlist& playlist);
  std::size_t repeated_after_restart(const hls::media_playlist& playlist) const;
  instant place(const arrival& a, const content_segment* previous);
  instant align(const arrival& a) const;
  void publish(const arrival& a, std::vector<segment_ptr> segments, bool changed);

  clock_state s_;
};

}  // namespace interlude::stitch
