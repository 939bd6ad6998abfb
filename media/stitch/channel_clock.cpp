#include "media/stitch/channel_clock.hpp"

#include <algorithm>

#include "media/hls/attribute_list.hpp"
#include "media/stitch/segment_lines.hpp"

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

// How far a date may stand before the end of the segment before it and still be that origin's
// rounding, not a jump.
constexpr duration date_slack = 500ms;

duration length_of(std::span<const hls::segment> segments) {
  duration total{0};
  for (const auto& s : segments) total += s.length;
  return total;
}

// The date of segment `index` as its own or a later segment's date tells it.
constexpr std::int64_t max_dsn_step = 64;  // more between two segments is no counting
constexpr duration max_target_duration = std::chrono::minutes{2};
constexpr std::size_t spare_segments = 256;

std::optional<instant> origin_date(std::span<const hls::segment> segments, std::size_t index) {
  duration before{0};
  for (auto i = index; i < segments.size(); ++i) {
    if (segments[i].program_date_time) return *segments[i].program_date_time - before;
    before += segments[i].length;
  }
  return std::nullopt;
}

std::int64_t dsn_at(const hls::media_playlist& playlist, std::size_t index) {
  auto dsn = playlist.discontinuity_sequence;
  for (std::size_t i = 0; i <= index; ++i) dsn += playlist.segments[i].discontinuities;
  return dsn;
}

std::vector<std::string> plain_date_ranges(const hls::media_playlist& playlist) {
  std::vector<std::string> out;
  for (const auto& line : playlist.lines) {
    if (line.kind != hls::tag::date_range) continue;
    if (line.value.find("SCTE35-") != std::string_view::npos) continue;
    out.push_back(std::string{line.text} + '\n');
  }
  return out;
}

std::string start_line(const hls::media_playlist& playlist) {
  for (const auto& line : playlist.lines)
    if (line.kind == hls::tag::start) return std::string{line.text} + '\n';
  return {};
}

}  // namespace

// One playlist being read, and the segment of it that is being placed.
struct rendition_clock::arrival {
  const hls::media_playlist& playlist;
  std::string_view url;
  instant now;
  std::span<const window_ptr> others;
  std::size_t index = 0;
  std::int64_t msn = 0;
  std::int64_t dsn = 0;

  const hls::segment& segment() const { return playlist.segments[index]; }
};

instant rendition_clock::align(const arrival& a) const {
  for (const auto& other : a.others) {
    if (!other) continue;
    if (const auto* twin = other->find(a.msn); twin != nullptr && twin->dsn == a.dsn)
      return twin->start;
  }
  for (const auto& other : a.others) {
    if (!other || a.segment().discontinuities == 0) continue;
    const auto twin =
        std::find_if(other->segments.begin(), other->segments.end(),
                     [&](const segment_ptr& s) { return s->discontinuity && s->dsn == a.dsn; });
    if (twin != other->segments.end()) return (*twin)->start;
  }
  const auto rest = length_of(std::span{a.playlist.segments}.subspan(a.index));
  for (const auto& other : a.others)
    if (other) return other->edge() - rest;
  return a.now - rest;
}

instant rendition_clock::place(const arrival& a, const content_segment* previous) {
  const bool adjacent = previous != nullptr && previous->msn + 1 == a.msn;
  const auto& own = a.segment().program_date_time;
  const auto date = own || adjacent ? own : origin_date(a.playlist.segments, a.index);
  auto start = date ? on_channel_clock(*date) : adjacent ? previous->end() : align(a);
  if (previous == nullptr) return start;
  if (date && start < previous->end() - date_slack) {
    // Section 1: a clock that jumps starts a new era; ours goes on where it was.
    s_.era_offset += previous->end() - start;
    start = previous->end();
  }
  return std::max(start, previous->start);
}

// After a restart an origin may list again what it had published before; dates tell.
std::size_t rendition_clock::repeated_after_restart(const hls::media_playlist& playlist) const {
  const auto& known = s_.window->segments;
  std::size_t repeated = 0;
  for (; repeated < playlist.segments.size(); ++repeated) {
    const auto date = origin_date(playlist.segments, repeated);
    if (!date) break;
    const auto middle = on_channel_clock(*date) + playlist.segments[repeated].length / 2;
    if (middle < known.front()->start || middle > s_.window->edge()) break;
  }
  return repeated;
}

// Called when the playlist's numbers contradict what is known. Finds the offset that makes sense of
// it.
std::optional<refresh_outcome> rendition_clock::renumber(const hls::media_playlist& playlist) {
  const auto& known = s_.window->segments;
  const auto& incoming = playlist.segments;
  const auto last_identity = segment_identity(incoming.back());
  if (const auto it =
          std::find_if(known.rbegin(), known.rend(),
                       [&](const segment_ptr& s) { return s->identity == last_identity; });
      it != known.rend() && it != known.rbegin())
    return refresh_outcome::stale;
  for (std::size_t i = incoming.size(); i-- > 0;) {
    if (segment_identity(incoming[i]) != known.back()->identity) continue;
    // A replica with numbers of its own: the same segments, told apart by their names.
    s_.msn_offset = known.back()->msn - playlist.media_sequence - static_cast<std::int64_t>(i);
    s_.dsn_offset = known.back()->dsn - dsn_at(playlist, i);
    return std::nullopt;
  }
  const auto skip = repeated_after_restart(playlist);
  if (skip == incoming.size()) return refresh_outcome::stale;
  s_.msn_offset = known.back()->msn + 1 - playlist.media_sequence - static_cast<std::int64_t>(skip);
  s_.dsn_offset = known.back()->dsn + 1 - dsn_at(playlist, skip);
  return refresh_outcome::restarted;
}

result<refresh_outcome> rendition_clock::refresh(const hls::media_playlist& playlist,
                                                 std::string_view url, instant now,
                                                 std::span<const window_ptr> others,
                                                 std::int64_t unknown) {
  const auto& incoming = playlist.segments;
  if (incoming.empty())
    return error{errc::malformed, std::string{url}, "the playlist has no segments"};
  if (playlist.target_duration > max_target_duration)
    return error{errc::malformed, std::string{url},
                 "a target duration of " + format_seconds(playlist.target_duration) +
                     " s (are these milliseconds?)"};
  auto next = *this;  // errors leave the state as it was
  const auto count = static_cast<std::int64_t>(incoming.size());
  auto outcome = refresh_outcome::advanced;
  if (s_.window) {
    const auto& known = s_.window->segments;
    const auto first = playlist.media_sequence + s_.msn_offset;
    const auto last = first + count - 1;
    const auto common = std::min(last, known.back()->msn);
    const auto* twin = common >= first ? s_.window->find(common) : nullptr;
    const bool consistent =
        twin != nullptr
            ? twin->identity == segment_identity(incoming[static_cast<std::size_t>(common - first)])
            : first > known.back()->msn;
    if (!consistent) {
      if (const auto verdict = next.renumber(playlist)) outcome = *verdict;
    } else if (twin != nullptr) {
      // The same segment has the same number, whatever a redundant packager counts from.
      next.s_.dsn_offset = twin->dsn - dsn_at(playlist, static_cast<std::size_t>(common - first));
    }
    if (consistent && last < known.back()->msn) outcome = refresh_outcome::stale;
    if (outcome == refresh_outcome::stale) return outcome;
  }

  // What there was behind the known segments is gone: so are they, since a window has no holes.
  const bool passes_over = outcome == refresh_outcome::restarted && unknown > 0;
  if (passes_over) {
    next.s_.msn_offset += unknown;
    next.s_.dsn_offset += unknown;
  }
  arrival a{playlist, url, now, others};
  std::vector<segment_ptr> fresh;
  const content_segment* previous = s_.window ? s_.window->segments.back().get() : nullptr;
  auto dsn = playlist.discontinuity_sequence + next.s_.dsn_offset;
  for (; a.index < incoming.size(); ++a.index) {
    dsn += a.segment().discontinuities;
    a.msn = playlist.media_sequence + next.s_.msn_offset + static_cast<std::int64_t>(a.index);
    a.dsn = dsn;
    if (previous != nullptr && a.msn <= previous->msn) continue;
    const auto most = max_dsn_step + (passes_over && fresh.empty() ? unknown : 0);
    if (previous != nullptr && (dsn < previous->dsn || dsn > previous->dsn + most)) {
      const auto sane = previous->dsn + (a.segment().discontinuities > 0 ? 1 : 0);
      next.s_.dsn_offset += sane - dsn;
      a.dsn = dsn = sane;
    }
    auto made = make_content_segment(playlist, a.segment(), url,
                                     playlist.media_sequence + static_cast<std::int64_t>(a.index));
    if (!made) return made.error();
    made->lines.shrink_to_fit();  // kept as long as the segment is listed
    made->msn = a.msn;
    made->dsn = dsn;
    made->start = next.place(a, previous);
    made->dated = a.segment().program_date_time.has_value();
    made->discontinuity =
        a.segment().discontinuities > 0 || (outcome == refresh_outcome::restarted && fresh.empty());
    fresh.push_back(std::make_shared<const content_segment>(*std::move(made)));
    previous = fresh.back().get();
  }
  if (outcome == refresh_outcome::advanced && s_.window) {
    if (fresh.empty())
      outcome = refresh_outcome::unchanged;
    else if (fresh.front()->msn > s_.window->segments.back()->msn + 1)
      outcome = refresh_outcome::jumped;
  }
  next.s_.playlist_first = playlist.media_sequence + next.s_.msn_offset;
  next.publish(a, std::move(fresh), outcome == refresh_outcome::jumped || passes_over);
  *this = std::move(next);
  return outcome;
}

// Joins what was known and what is new into the window that readers see.
void rendition_clock::publish(const arrival& a, std::vector<segment_ptr> fresh, bool forget_known) {
  auto made = std::make_shared<rendition_window>();
  made->target_duration = s_.window ? s_.window->target_duration : a.playlist.target_duration;
  made->version = std::max(s_.window ? s_.window->version : 1, a.playlist.version);
  made->independent_segments = a.playlist.independent_segments;
  made->ended = a.playlist.endlist;
  made->start_line = start_line(a.playlist);
  made->date_ranges = plain_date_ranges(a.playlist);
  made->revision = s_.window ? s_.window->revision + 1 : 1;

  std::vector<segment_ptr> all;
  if (s_.window && !forget_known) all = s_.window->segments;
  all.insert(all.end(), std::make_move_iterator(fresh.begin()),
             std::make_move_iterator(fresh.end()));
  const auto first_listed = std::find_if(
      all.begin(), all.end(), [&](const segment_ptr& s) { return s->msn >= s_.playlist_first; });
  made->window_start = first_listed == all.end() ? all.back()->start : (*first_listed)->start;
  if (s_.window) made->window_start = std::max(made->window_start, s_.window->window_start);
  // A stitched window spans at least three target durations, whatever the origin's does. By length,
  // not by the clock: that may have jumped.
  auto kept = std::min(first_listed, all.end() - 1);
  for (duration before{0}; kept != all.begin() && before < 4 * made->target_duration;)
    before += (*--kept)->length;
  all.erase(all.begin(), kept);
  // Segments of no length would never leave by the clock.
  const auto most = 2 * a.playlist.segments.size() + spare_segments;
  if (all.size() > most) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(most));
  made->segments = std::move(all);
  s_.window = std::move(made);
}

instant rendition_clock::on_channel_clock(instant origin_date, instant position) const noexcept {
  const auto shifted = origin_date + s_.era_offset;
  return std::chrono::abs(shifted - position) <= std::chrono::abs(origin_date - position)
             ? shifted
             : origin_date;
}

instant rendition_clock::position_of(std::size_t index) const noexcept {
  const auto* s = s_.window->find(s_.playlist_first + static_cast<std::int64_t>(index));
  if (s != nullptr) return s->start;
  return s_.playlist_first + static_cast<std::int64_t>(index) < s_.window->segments.front()->msn
             ? s_.window->segments.front()->start
             : s_.window->edge();
}

}  // namespace interlude::stitch
