#include "tests/support/playlist_invariants.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "media/hls/media_playlist.hpp"

namespace interlude::test {

using namespace std::chrono_literals;

namespace {

std::string describe(const shown_segment& s) {
  return std::to_string(s.number) + " " + s.uri + " " + format_seconds(s.length) + "s dsn " +
         std::to_string(s.dsn) + " at " + format_iso8601(s.date) +
         (s.key.empty() ? "" : " " + s.key) + (s.map.empty() ? "" : " " + s.map);
}

std::string key_of(const hls::media_playlist& p, const hls::segment& s) {
  std::string out;
  if (s.key_set >= 0)
    for (const auto line : p.key_sets[static_cast<std::size_t>(s.key_set)])
      out += p.lines[line].text;
  return out;
}

}  // namespace

shown_playlist read_shown(std::string text) {
  auto parsed = hls::parse_media_playlist(text);
  if (!parsed) throw std::runtime_error(parsed.error().message() + "\n" + text);
  shown_playlist out;
  out.text = std::move(text);
  out.target = parsed->target_duration;
  auto number = parsed->media_sequence;
  auto dsn = parsed->discontinuity_sequence;
  std::optional<instant> clock;
  for (const auto& s : parsed->segments) {
    shown_segment shown;
    shown.number = number++;
    shown.uri = s.uri;
    shown.length = s.length;
    shown.discontinuity = s.discontinuities > 0;
    dsn += s.discontinuities;
    shown.dsn = dsn;
    if (s.program_date_time) clock = *s.program_date_time;
    if (!clock) throw std::runtime_error("the first segment has no date\n" + out.text);
    if (s.discontinuities > 0 && !s.program_date_time)
      throw std::runtime_error("a discontinuity without a date\n" + out.text);
    shown.date = *clock;
    *clock += s.length;
    shown.key = key_of(*parsed, s);
    if (s.map >= 0) shown.map = parsed->lines[parsed->maps[static_cast<std::size_t>(s.map)]].text;
    out.segments.push_back(std::move(shown));
  }
  return out;
}

void playlist_invariants::check_repeats(const std::string& rendition, const shown_playlist& p,
                                        std::vector<std::string>& wrong) {
  auto& seen = seen_[rendition];
  for (const auto& s : p.segments) {
    const auto [it, fresh] = seen.emplace(s.number, s);
    if (fresh) continue;
    const auto& old = it->second;
    const bool same = old.uri == s.uri && old.length == s.length && old.dsn == s.dsn &&
                      old.key == s.key && old.map == s.map &&
                      old.discontinuity == s.discontinuity &&
                      std::chrono::abs(old.date - s.date) <= 1ms;
    if (!same)
      wrong.push_back("7a: a number changed its meaning\n  was " + describe(old) + "\n  is  " +
                      describe(s));
  }
}

void playlist_invariants::check_order(const std::string& rendition, const shown_playlist& p,
                                      std::vector<std::string>& wrong) {
  const auto before = latest_.find(rendition);
  if (before == latest_.end() || before->second.segments.empty()) return;
  const auto& old = before->second.segments;
  if (p.segments.front().number < old.front().number)
    wrong.push_back("7b: the first number went down");
  if (p.segments.back().number < old.back().number)
    wrong.push_back("7b: the last number went down");
  if (before->second.target != p.target) wrong.push_back("8: the target duration changed");
}

void playlist_invariants::check_dates(const shown_playlist& p, std::vector<std::string>& wrong) {
  for (std::size_t i = 0; i + 1 < p.segments.size(); ++i) {
    const auto& a = p.segments[i];
    const auto& b = p.segments[i + 1];
    if (b.date < a.date - 1ms)  // dates are written to the millisecond
      wrong.push_back("7c: the date goes back\n  from " + describe(a) + "\n  to   " + describe(b));
    if (!b.discontinuity && std::chrono::abs(b.date - (a.date + a.length)) > 250ms)
      wrong.push_back("7c: date and EXTINF disagree\n  at " + describe(a) + "\n  to " +
                      describe(b));
    if (a.length >= p.target + 500ms)
      wrong.push_back("4: longer than the target duration: " + describe(a));
  }
}

void playlist_invariants::check_renditions(const std::string& rendition, const shown_playlist& p,
                                           std::vector<std::string>& wrong) {
  for (const auto& [other, playlist] : latest_) {
    if (other == rendition) continue;
    for (const auto& s : p.segments) {
      // Boundaries of different renditions lie up to a segment apart: compare where both are well
      // inside.
      const auto middle = s.date + s.length / 2;
      const auto twin = std::find_if(
          playlist.segments.begin(), playlist.segments.end(),
          [&](const shown_segment& o) { return o.date <= middle && middle < o.date + o.length; });
      if (twin == playlist.segments.end() || twin->is_ad() != s.is_ad()) continue;
      if (twin->dsn != s.dsn && std::chrono::abs(twin->date - s.date) < 100ms)
        wrong.push_back("7d: discontinuity numbers differ\n  " + rendition + " " + describe(s) +
                        "\n  " + other + " " + describe(*twin));
    }
  }
}

void playlist_invariants::check_pace(const std::string& rendition, const shown_playlist& p,
                                     instant edge, duration slack,
                                     std::vector<std::string>& wrong) {
  auto [it, first] = pace_.try_emplace(rendition, pace{edge, p.segments.back().number});
  // A viewer who stayed away longer than the window has missed segments: what was appended cannot
  // be added up.
  const auto before = latest_.find(rendition);
  const bool missed = before != latest_.end() &&
                      p.segments.front().number > before->second.segments.back().number + 1;
  if (missed) it->second = {edge, p.segments.back().number};
  if (first || missed) return;
  const auto& seen = seen_[rendition];
  for (auto s = seen.upper_bound(it->second.last_number); s != seen.end(); ++s) {
    it->second.appended += s->second.length;
    it->second.last_number = s->first;
  }
  const auto appended = it->second.appended;
  const auto drift = appended - (edge - it->second.first_edge);
  if (std::chrono::abs(drift) > p.target + slack)
    wrong.push_back("7e: appended " + format_seconds(appended) + "s while the channel went on " +
                    format_seconds(edge - it->second.first_edge) + "s");
}

std::vector<std::string> playlist_invariants::check(const std::string& rendition,
                                                    const std::string& text, instant edge,
                                                    duration slack) {
  std::vector<std::string> wrong;
  auto p = read_shown(text);
  if (p.segments.empty()) return {"an empty playlist"};
  duration total{0};
  for (const auto& s : p.segments) total += s.length;
  check_repeats(rendition, p, wrong);
  check_order(rendition, p, wrong);
  check_dates(p, wrong);
  check_renditions(rendition, p, wrong);
  check_pace(rendition, p, edge, slack, wrong);
  if (!wrong.empty()) {
    const auto before = latest_.find(rendition);
    wrong.push_back("before:\n" +
                    (before == latest_.end() ? std::string{"(nothing)"} : before->second.text) +
                    "now:\n" + text);
  }
  latest_[rendition] = std::move(p);
  return wrong;
}

}  // namespace interlude::test
