#include "media/verify/playlist_invariants.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "media/hls/media_playlist.hpp"
#include "media/verify/tag_rules.hpp"

namespace interlude::verify {

using namespace std::chrono_literals;

namespace {

bool same(const shown_segment& a, const shown_segment& b) {
  return a.uri == b.uri && a.length == b.length && a.dsn == b.dsn && a.key == b.key &&
         a.map == b.map && a.discontinuity == b.discontinuity &&
         std::chrono::abs(a.date - b.date) <= 1ms;  // dates are written to the millisecond
}

// Whether a viewer has missed segments: what was appended cannot be added up.
bool has_gap(const shown_playlist& before, const shown_playlist& p) {
  return !before.segments.empty() && p.segments.front().number > before.segments.back().number + 1;
}

duration length_of(const shown_playlist& p) {
  duration total{0};
  for (const auto& s : p.segments) total += s.length;
  return total;
}

}  // namespace

void playlist_invariants::check_repeats(watched& w, const shown_playlist& p, violations& wrong) {
  for (const auto& s : p.segments) {
    const auto [it, fresh] = w.seen.emplace(s.number, s);
    if (fresh || same(it->second, s)) continue;
    wrong.push_back("7a: a number changed its meaning\n  was " + describe(it->second) + "\n  is  " +
                    describe(s));
    it->second = s;
  }
}

void playlist_invariants::check_order(const watched& w, const shown_playlist& p, instant edge,
                                      violations& wrong) {
  const auto& old = w.latest.segments;
  if (old.empty()) return;
  if (p.segments.front().number < old.front().number)
    wrong.push_back("7b: the first number went down");
  if (p.segments.back().number < old.back().number)
    wrong.push_back("7b: the last number went down");
  if (w.latest.target != p.target) wrong.push_back("8: the target duration changed");
  // Two target durations: what a viewer's waiting and the origin's segments round it by. Where the
  // dates have gone further than the viewer's clock, the origin had been standing still.
  const auto passed = (w.grown ? edge - *w.grown : duration{0}) + 2 * p.target;
  const bool caught_up = p.segments.back().end() - old.back().end() > passed + length_of(p);
  if (has_gap(w.latest, p) && w.grown && passed < length_of(p) && !caught_up)
    wrong.push_back("7b: numbers are skipped, " + format_seconds(edge - *w.grown) +
                    "s after the last growth");
}

void playlist_invariants::check_dates(const shown_playlist& p, violations& wrong) {
  for (std::size_t i = 0; i + 1 < p.segments.size(); ++i) {
    const auto& a = p.segments[i];
    const auto& b = p.segments[i + 1];
    if (b.date < a.date - 1ms)  // dates are written to the millisecond
      wrong.push_back("7c: the date goes back\n  from " + describe(a) + "\n  to   " + describe(b));
    if (!b.discontinuity && std::chrono::abs(b.date - a.end()) > 250ms)
      wrong.push_back("7c: date and EXTINF disagree\n  at " + describe(a) + "\n  to " +
                      describe(b));
    if (a.length >= p.target + 500ms)
      wrong.push_back("4: longer than the target duration: " + describe(a));
  }
}

void playlist_invariants::check_renditions(const std::string& rendition, const shown_playlist& p,
                                           violations& wrong) const {
  for (const auto& [other, w] : renditions_) {
    if (other == rendition) continue;
    const auto& theirs = w.latest.segments;
    for (const auto& s : p.segments) {
      // Boundaries of different renditions lie up to a segment apart: compare where both are well
      // inside.
      const auto middle = s.date + s.length / 2;
      const auto twin = std::find_if(theirs.begin(), theirs.end(), [&](const shown_segment& o) {
        return o.date <= middle && middle < o.end();
      });
      if (twin == theirs.end() || twin->is_ad() != s.is_ad()) continue;
      if (twin->dsn != s.dsn && std::chrono::abs(twin->date - s.date) < 100ms)
        wrong.push_back("7d: discontinuity numbers differ\n  " + rendition + " " + describe(s) +
                        "\n  " + other + " " + describe(*twin) + "\nthe other:\n" + *w.latest.text);
    }
  }
}

void playlist_invariants::check_pace(watched& w, const shown_playlist& p, instant edge,
                                     duration slack, violations& wrong) {
  if (!w.by_edge || has_gap(w.latest, p)) {
    w.by_edge = pace{edge, p.segments.back().number};
    return;
  }
  auto& pace = *w.by_edge;
  for (auto s = w.seen.upper_bound(pace.last_number); s != w.seen.end(); ++s) {
    pace.appended += s->second.length;
    pace.last_number = s->first;
  }
  const auto drift = pace.appended - (edge - pace.first_edge);
  if (std::chrono::abs(drift) > p.target + slack)
    wrong.push_back("7e: appended " + format_seconds(pace.appended) +
                    "s while the channel went on " + format_seconds(edge - pace.first_edge) + "s");
}

void playlist_invariants::check_dated_pace(watched& w, const shown_playlist& p, violations& wrong) {
  if (has_gap(w.latest, p)) w.by_dates.begin_anew();
  const auto last = w.by_dates.last_number();
  for (const auto& s : p.segments) {
    if (last && s.number <= *last) continue;
    auto outcome = w.by_dates.append(s, p.target);
    if (outcome.jump) jumps_.push_back(*outcome.jump);
    if (!outcome.violation.empty()) wrong.push_back(std::move(outcome.violation));
  }
}

void playlist_invariants::remember(watched& w, shown_playlist p, instant edge) const {
  const bool stayed = !w.latest.segments.empty() && edge - w.loaded <= 2 * p.target;
  if (!stayed)
    w.grown.reset();
  else if (p.segments.back().number > w.latest.segments.back().number)
    w.grown = edge;
  w.loaded = edge;
  w.seen.erase(w.seen.begin(), w.seen.lower_bound(p.segments.front().number - options_.remembered));
  w.latest = std::move(p);
}

std::vector<std::string> playlist_invariants::check(const std::string& rendition,
                                                    const std::string& text, instant edge,
                                                    duration slack) {
  auto parsed = hls::parse_media_playlist(text);
  if (!parsed) return {"8: not a playlist: " + parsed.error().message() + "\n" + text};
  return check(rendition, *parsed, edge, slack);
}

std::vector<std::string> playlist_invariants::check(const std::string& rendition,
                                                    const hls::media_playlist& parsed, instant edge,
                                                    duration slack) {
  auto p = to_shown(parsed);
  if (!p) return {p.error().message() + "\n" + *parsed.text};
  if (p->segments.empty()) return {"8: an empty playlist\n" + *parsed.text};
  auto wrong = check_tags(parsed);
  auto& w = renditions_[rendition];
  check_repeats(w, *p, wrong);
  check_order(w, *p, edge, wrong);
  check_dates(*p, wrong);
  check_renditions(rendition, *p, wrong);
  if (options_.edge_known)
    check_pace(w, *p, edge, slack, wrong);
  else
    check_dated_pace(w, *p, wrong);
  if (!wrong.empty())
    wrong.push_back("before:\n" + (w.latest.text ? *w.latest.text : "(nothing)") + "now:\n" +
                    *parsed.text);
  remember(w, *std::move(p), edge);
  return wrong;
}

}  // namespace interlude::verify
