// What of a channel's timeline outlives its process, and its renditions of before.
#include <algorithm>
#include <utility>

#include "media/stitch/channel_timeline.hpp"
#include "media/stitch/stand_in.hpp"

namespace interlude::stitch {

using namespace std::chrono_literals;

timeline_state channel_timeline::state() const {
  auto s = channel_state();
  for (const auto& [key, m] : audiences_) s.audiences.push_back(m.state);
  return s;
}

timeline_state channel_timeline::channel_state() const {
  timeline_state s;
  s.renditions = renditions_;
  for (const auto& c : clocks_) s.clocks.push_back(c.state());
  s.breaks = schedule_.breaks();
  s.forgotten_breaks = schedule_.forgotten();
  s.shown_until = shown_until_;
  s.read_at =
      refreshed_at_[primary_] == instant{} ? kept_read_at_ : std::optional{refreshed_at_[primary_]};
  s.video_has_cues = video_has_cues_;
  s.slate = slate_;
  return s;
}

bool channel_timeline::add_renditions(std::vector<rendition_info> more) {
  const auto known = renditions_.size();
  auto all = renditions_;
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  auto stand_ins = find_stand_ins(all, known);
  if (!stand_ins) return false;
  renditions_ = std::move(all);
  clocks_.resize(renditions_.size());
  refreshed_at_.resize(renditions_.size());
  advanced_to_.resize(renditions_.size());
  track_filler filler{*std::move(stand_ins)};
  slate_ = filler.fill(slate_);
  for (auto& [key, m] : audiences_) {
    filler.fill(m.state);
    m.touch();
  }
  return true;
}

bool channel_timeline::restore(timeline_state s) {
  const auto count = s.renditions.size();
  if (count > renditions_.size() ||
      !std::equal(s.renditions.begin(), s.renditions.end(), renditions_.begin(),
                  [](const rendition_info& a, const rendition_info& b) {
                    return a.name == b.name && a.kind == b.kind;
                  }))
    return false;
  auto stand_ins = find_stand_ins(renditions_, count);
  if (!stand_ins) return false;
  track_filler filler{*std::move(stand_ins)};
  s.slate = filler.fill(s.slate);
  for (auto& a : s.audiences) filler.fill(a);
  for (std::size_t i = 0; i < count; ++i) clocks_[i] = rendition_clock{s.clocks[i]};
  schedule_.restore(std::move(s.breaks), s.forgotten_breaks);
  shown_until_ = s.shown_until;
  kept_read_at_ = s.read_at;
  video_has_cues_ = s.video_has_cues;
  if (s.slate) slate_ = s.slate;
  audiences_.clear();
  for (auto& a : s.audiences) {
    member m;
    // What was decided stands; what was only asked is asked again.
    for (const auto& p : a.decided) m.asked.push_back(p->break_id);
    auto key = a.key;
    m.state = std::move(a);
    audiences_.emplace(std::move(key), std::move(m));
  }
  resumed_ = true;
  return true;
}

// Segments of a rendition that the process before may have shown and that nobody knows any more:
// since the state was kept, playlists that only went on with content have changed nothing of it. An
// upper bound, the same for all renditions, since discontinuities are counted by it.
std::int64_t channel_timeline::unknown_since_kept(instant now) {
  if (unknown_since_kept_) return *unknown_since_kept_;
  constexpr duration shortest = 500ms, longest_away = std::chrono::hours{24};
  const auto& window = clocks_[primary_].window();
  if (!window) return 0;
  const auto usual = std::max((window->edge() - window->segments.front()->start) /
                                  static_cast<std::int64_t>(window->segments.size()),
                              shortest);
  const auto away = std::clamp(now - kept_read_at_.value_or(now), duration{0}, longest_away);
  // Twice as many as usual, and what was under way.
  unknown_since_kept_ = 2 * (away / usual) + 8;
  return *unknown_since_kept_;
}

channel_marks channel_timeline::marks() const {
  channel_marks m;
  m.breaks = schedule_.breaks();
  for (const auto& c : clocks_) {
    const auto& s = c.state();
    m.numbers.insert(m.numbers.end(), {s.msn_offset, s.dsn_offset, s.era_offset.count()});
    if (!s.window) continue;
    // Without dates, positions are counted from segment to segment: the count must not be lost.
    const auto& last = *s.window->segments.back();
    const auto half = static_cast<std::int64_t>(s.window->segments.size() / 2 + 1);
    if (!last.dated) m.numbers.push_back(last.msn / half);
  }
  return m;
}

}  // namespace interlude::stitch
