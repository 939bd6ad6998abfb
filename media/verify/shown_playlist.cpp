#include "media/verify/shown_playlist.hpp"

#include <optional>
#include <utility>

namespace interlude::verify {

namespace {

std::string key_of(const hls::media_playlist& p, const hls::segment& s) {
  std::string out;
  if (s.key_set >= 0)
    for (const auto line : p.key_sets[static_cast<std::size_t>(s.key_set)])
      out += p.lines[line].text;
  return out;
}

}  // namespace

std::string describe(const shown_segment& s) {
  return std::to_string(s.number) + " " + s.uri + " " + format_seconds(s.length) + "s dsn " +
         std::to_string(s.dsn) + (s.discontinuity ? " anew" : "") + " at " +
         format_iso8601(s.date) + (s.key.empty() ? "" : " " + s.key) +
         (s.map.empty() ? "" : " " + s.map);
}

result<shown_playlist> to_shown(const hls::media_playlist& parsed) {
  shown_playlist out;
  out.text = parsed.text;
  out.target = parsed.target_duration;
  auto number = parsed.media_sequence;
  auto dsn = parsed.discontinuity_sequence;
  std::optional<instant> clock;
  for (const auto& s : parsed.segments) {
    shown_segment shown;
    shown.number = number++;
    shown.uri = s.uri;
    shown.length = s.length;
    shown.discontinuity = s.discontinuities > 0;
    dsn += s.discontinuities;
    shown.dsn = dsn;
    if (s.program_date_time) clock = *s.program_date_time;
    if (!clock) return error{errc::malformed, "8", "the first segment has no date"};
    if (shown.discontinuity && !s.program_date_time)
      return error{errc::malformed, "8", "a discontinuity without a date: " + shown.uri};
    shown.date = *clock;
    *clock += s.length;
    shown.key = key_of(parsed, s);
    if (s.map >= 0) shown.map = parsed.lines[parsed.maps[static_cast<std::size_t>(s.map)]].text;
    out.segments.push_back(std::move(shown));
  }
  return out;
}

result<shown_playlist> read_shown(std::string text) {
  auto parsed = hls::parse_media_playlist(std::move(text));
  if (!parsed) return parsed.error();
  return to_shown(*parsed);
}

}  // namespace interlude::verify
