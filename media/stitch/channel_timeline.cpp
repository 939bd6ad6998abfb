#include "media/stitch/channel_timeline.hpp"

#include <algorithm>
#include <utility>

#include "media/stitch/cue_reader.hpp"

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

std::size_t first_video(const std::vector<rendition_info>& renditions) {
  const auto it = std::find_if(renditions.begin(), renditions.end(), [](const rendition_info& r) {
    return r.kind == rendition_kind::video;
  });
  return it == renditions.end() ? 0 : static_cast<std::size_t>(it - renditions.begin());
}

}  // namespace

channel_timeline::channel_timeline(std::vector<rendition_info> renditions, break_policy policy)
    : renditions_(std::move(renditions)),
      primary_(first_video(renditions_)),
      clocks_(renditions_.size()),
      refreshed_at_(renditions_.size()),
      advanced_to_(renditions_.size()),
      schedule_(policy) {}

std::vector<cue> channel_timeline::read_cues(std::size_t index,
                                             const hls::media_playlist& playlist) {
  auto [out, unreadable] = stitch::read_cues(playlist, clocks_[index], schedule_.policy().signals);
  unreadable_cues_ += unreadable;
  // Section 3: video decides. Other renditions are listened to only where no video ever carries a
  // cue.
  const bool video = renditions_[index].kind == rendition_kind::video;
  if (video && !out.empty()) video_has_cues_ = true;
  if (!video && video_has_cues_) out.clear();
  return out;
}

result<refresh_outcome> channel_timeline::refresh(std::size_t index,
                                                  const hls::media_playlist& playlist,
                                                  std::string_view url, instant now) {
  std::vector<window_ptr> others;
  for (std::size_t i = 0; i < clocks_.size(); ++i)
    if (i != index) others.push_back(clocks_[i].window());
  auto& clock = clocks_[index];
  const auto era = clock.era_offset();
  const auto edge = clock.window() ? std::optional{clock.window()->edge()} : std::nullopt;
  const bool restored = clock.window() && refreshed_at_[index] == instant{};
  const auto unknown = restored ? unknown_since_kept(now) : 0;
  const auto outcome = clock.refresh(playlist, url, now, others, unknown);
  if (!outcome) return outcome;
  refreshed_at_[index] = now;
  if (*outcome == refresh_outcome::stale) return outcome;
  // Nobody knows how much of this window was shown before the process ended: all of it stands.
  if (resumed_)
    shown_until_ = std::max(shown_until_.value_or(clock.window()->edge()), clock.window()->edge());
  if (index == primary_) resumed_ = false;
  // Section 1: breaks do not cross a jump of the clock.
  if (edge && index == primary_ && clock.era_offset() != era) schedule_.close_at(*edge);
  schedule_.observe(read_cues(index, playlist), *clock.window(), shown_until_);
  return outcome;
}

void channel_timeline::observe_in_band(std::span<const cue> cues) {
  if (const auto& w = clocks_[primary_].window()) schedule_.observe(cues, *w, shown_until_);
}

void channel_timeline::add_audience(std::string key, bool guided, std::optional<join_policy> join,
                                    bool when_read) {
  const auto [it, added] = audiences_.try_emplace(key);
  if (!added) return;
  it->second.state.key = std::move(key);
  it->second.state.guided = guided;
  it->second.state.tracks.resize(renditions_.size());
  it->second.join = join;
  it->second.joins_when_read = when_read;
  begin_joined();
}

bool channel_timeline::let_join() {
  bool any = false;
  for (auto& [key, m] : audiences_) any |= std::exchange(m.joins_when_read, false);
  if (any) begin_joined();
  return any;
}

std::vector<std::string> channel_timeline::audience_keys() const {
  std::vector<std::string> out;
  for (const auto& [key, m] : audiences_) out.push_back(key);
  return out;
}

void channel_timeline::begin_joined() {
  const auto& window = clocks_[primary_].window();
  if (!window || refreshed_at_[primary_] == instant{}) return;
  for (auto& [key, m] : audiences_)
    if (m.join && !m.joins_when_read) {
      begin_at_join(m.state, *std::exchange(m.join, std::nullopt), schedule_.breaks(), *window);
      m.touch();
    }
}

// Only the primary rendition says where to begin; if it does not come, there is no pre-roll.
bool channel_timeline::waits_to_join(member& m, instant now, duration patience) {
  if (!m.join) return false;
  if (!m.waits_since) m.waits_since = now;
  if (now - *m.waits_since <= patience) return true;
  m.join.reset();
  return false;
}

void channel_timeline::add_guided_preroll(std::string_view audience, std::string id, instant at,
                                          duration length) {
  const auto it = audiences_.find(audience);
  if (it == audiences_.end()) return;
  begin_guided_preroll(it->second.state, std::move(id), at, length);
  it->second.touch();
}

void channel_timeline::drop_audience(std::string_view key) {
  if (const auto it = audiences_.find(key); it != audiences_.end()) audiences_.erase(it);
}

void channel_timeline::hold(std::string_view key) {
  if (const auto it = audiences_.find(key); it != audiences_.end()) ++it->second.holds;
}

void channel_timeline::release(std::string_view key) {
  if (const auto it = audiences_.find(key); it != audiences_.end() && it->second.holds > 0)
    --it->second.holds;
}

bool channel_timeline::is_held(std::string_view key) const {
  const auto it = audiences_.find(key);
  return it != audiences_.end() && it->second.holds > 0;
}

std::vector<std::string> channel_timeline::take_changed() {
  std::vector<std::string> out;
  for (auto& [key, m] : audiences_)
    if (std::exchange(m.changed, false)) out.push_back(key);
  return out;
}

void channel_timeline::take_open_decisions(const std::string& key, member& m,
                                           std::vector<open_decision>& out) const {
  // As long as a break is known, what was asked and decided for it is; the schedule is bounded.
  std::erase_if(m.asked, [&](const std::string& id) {
    return stitch::find_break(m.state, schedule_.breaks(), id) == nullptr;
  });
  const auto ask = [&](const ad_break& b) {
    if (!is_open_state(b.state)) return;
    if (m.state.breaks_from && b.out_point && *b.out_point < *m.state.breaks_from &&
        b.source != cue_source::join)
      return;
    if (std::find(m.asked.begin(), m.asked.end(), b.id) != m.asked.end()) return;
    m.asked.push_back(b.id);
    out.push_back({key, b, b.wanted(schedule_.policy().default_break)});
  };
  for (const auto& b : m.state.own) ask(b);
  for (const auto& b : schedule_.breaks()) ask(b);
}

std::vector<open_decision> channel_timeline::take_open_decisions() {
  begin_joined();
  std::vector<open_decision> out;
  for (auto& [key, m] : audiences_) take_open_decisions(key, m, out);
  return out;
}

std::vector<open_decision> channel_timeline::take_open_decisions(std::string_view audience) {
  begin_joined();
  std::vector<open_decision> out;
  if (const auto it = audiences_.find(audience); it != audiences_.end())
    take_open_decisions(it->first, it->second, out);
  return out;
}

// A pre-roll is as long as its ads.
plan channel_timeline::plan_of(const audience& a, const ad_break& b, const pod_fit& pod,
                               const creative_ptr& tail) const {
  const bool filled = b.source != cue_source::join;
  const auto rounding = a.guided ? slate_rounding::down : slate_rounding::nearest;
  return make_plan(b.id, pod, filled ? tail : nullptr, filled ? slate_ : nullptr, rounding,
                   primary_);
}

void channel_timeline::decide(std::string_view audience_key, std::string_view break_id,
                              const pod_offer& pod, creative_ptr tail) {
  const auto it = audiences_.find(audience_key);
  const auto* b = find_break(audience_key, break_id);
  if (b == nullptr) return;
  const auto& window = clocks_[primary_].window();
  const auto target = window ? window->target_duration : duration{10s};
  const auto wanted = b->wanted(schedule_.policy().default_break);
  auto& a = it->second.state;
  it->second.touch();
  const auto fit = fit_pod(pod, wanted, primary_, renditions_.size(), target);
  auto made = std::make_shared<const plan>(plan_of(a, *b, fit, tail));
  if (find_decided(a, break_id) == nullptr) {
    std::erase_if(a.decided,
                  [&](const plan_ptr& p) { return !knows_break(audience_key, p->break_id); });
    a.decided.push_back(made);
  }
  for (auto& own : a.own)
    if (own.id == break_id) own.end = own.start + length_of(*made, primary_);
  auto* sp = find_splice(a, break_id);
  if (sp == nullptr || sp->resume) return;
  if (sp->shown == plan_position{})
    sp->plan = std::move(made);
  else
    sp->plan = std::make_shared<const plan>(
        replace_unshown(*sp->plan, sp->shown, pod, b->source == cue_source::join ? nullptr : slate_,
                        wanted, primary_, renditions_.size(), target));
}

plan_ptr channel_timeline::decided(std::string_view audience_key, std::string_view break_id) const {
  const auto it = audiences_.find(audience_key);
  return it == audiences_.end() ? nullptr : find_decided(it->second.state, break_id);
}

const ad_break* channel_timeline::find_break(std::string_view audience_key,
                                             std::string_view break_id) const {
  const auto it = audiences_.find(audience_key);
  return it == audiences_.end()
             ? nullptr
             : stitch::find_break(it->second.state, schedule_.breaks(), break_id);
}

bool channel_timeline::knows_break(std::string_view audience, std::string_view break_id) const {
  return find_break(audience, break_id) != nullptr;
}

bool channel_timeline::is_open(std::string_view audience, std::string_view break_id) const {
  const auto* b = find_break(audience, break_id);
  return b != nullptr && is_open_state(b->state);
}

void channel_timeline::improve_slate(std::string_view audience_key, std::string_view break_id,
                                     const creative_ptr& tail) {
  const auto it = audiences_.find(audience_key);
  // A player that was given an asset list keeps it.
  if (it == audiences_.end() || it->second.state.guided) return;
  auto& a = it->second.state;
  it->second.touch();
  const auto improve = [&](plan_ptr& p, plan_position shown) {
    plan better = *p;
    if (replace_slate(better, shown, tail, primary_))
      p = std::make_shared<const plan>(std::move(better));
  };
  auto* sp = find_splice(a, break_id);
  for (auto& p : a.decided)
    if (p->break_id == break_id && sp == nullptr) improve(p, {});
  if (sp != nullptr && !sp->resume) improve(sp->plan, sp->shown);
}

// The primary rendition; while the origin does not deliver it, whichever video (at last, whichever
// rendition) is fresh.
const rendition_window* channel_timeline::reference_window(instant now) const {
  const auto fresh = [&](std::size_t i) {
    const auto& w = clocks_[i].window();
    return w && now - refreshed_at_[i] <= 2 * w->target_duration;
  };
  if (fresh(primary_)) return clocks_[primary_].window().get();
  for (const auto kind : {rendition_kind::video, rendition_kind::audio})
    for (std::size_t i = 0; i < clocks_.size(); ++i)
      if (renditions_[i].kind == kind && fresh(i)) return clocks_[i].window().get();
  return clocks_[primary_].window().get();
}

void channel_timeline::advance_audience(member& m, const rendition_window& reference) {
  auto& a = m.state;
  a.advanced_at = advanced_at_;
  m.touch();
  open_splices(a, schedule_.breaks(), [&](const ad_break& b) -> plan_ptr {
    if (auto decided = find_decided(a, b.id)) return decided;
    // Nothing was decided in time: slate, and if there is none, content.
    const pod_fit nothing{{}, b.wanted(schedule_.policy().default_break), nullptr, nullptr};
    return std::make_shared<const plan>(plan_of(a, b, nothing, nullptr));
  });
  pin_prerolls(a, reference);
  settle(a, {reference, schedule_.breaks(), schedule_.policy(), slate_, primary_});
  forget_before(a, reference.window_start - 2 * reference.target_duration);
  // Guided playlists stay one segment behind: a cue that comes with the break's first segment is
  // then told before the programme is listed up to it. Players that have buffered to the very
  // boundary do not see a break appear there.
  const auto horizon =
      a.guided && !reference.ended ? reference.segments.back()->start : reference.edge();
  for (std::size_t i = 0; i < clocks_.size(); ++i)
    if (const auto& w = clocks_[i].window()) advance_track(a, i, primary_, *w, horizon);
}

// What the process before had shown may go further than the reference rendition as it was kept, and
// as others are now: nothing is shown before it has been read, for a while.
bool channel_timeline::waits_for_reference(instant now) {
  constexpr duration patience = 2s;
  if (!resumed_) return false;
  if (!resumed_at_) resumed_at_ = now;
  return now - *resumed_at_ < patience;
}

bool channel_timeline::stays(member& m, instant now, const rendition_window& reference) const {
  return m.holds > 0 || waits_to_join(m, now, 2 * reference.target_duration);
}

bool channel_timeline::is_behind() const {
  for (std::size_t i = 0; i < clocks_.size(); ++i)
    if (refreshed_at_[i] != instant{} && clocks_[i].window() != advanced_to_[i]) return true;
  return false;
}

void channel_timeline::advance_only(std::span<const std::string> keys, instant now) {
  const auto* reference = reference_window(now);
  if (reference == nullptr || waits_for_reference(now)) return;
  for (const auto& key : keys)
    if (const auto it = audiences_.find(key);
        it != audiences_.end() && !stays(it->second, now, *reference))
      advance_audience(it->second, *reference);
}

void channel_timeline::advance(instant now) {
  const auto* reference = reference_window(now);
  if (reference == nullptr || waits_for_reference(now)) return;
  advanced_at_ = now;
  schedule_.announce_timed(*reference);
  schedule_.pin(*reference);
  for (auto& [key, m] : audiences_)
    if (!stays(m, now, *reference)) advance_audience(m, *reference);
  // What another process had read is for going on from, not for showing: it may be hours old.
  for (std::size_t i = 0; i < clocks_.size(); ++i)
    if (refreshed_at_[i] != instant{}) advanced_to_[i] = clocks_[i].window();
  shown_until_ = std::max(shown_until_.value_or(reference->edge()), reference->edge());
  schedule_.close_shown(reference->edge());
  schedule_.forget_before(reference->window_start - 2 * reference->target_duration);
}

// While the primary rendition is not delivered, others have gone on.
std::optional<instant> channel_timeline::live_edge() const {
  const auto& w = clocks_[primary_].window();
  if (!w) return std::nullopt;
  return std::max(w->edge(), shown_until_.value_or(w->edge()));
}

result<ad_break> channel_timeline::start_break(std::string event_id, std::optional<instant> at,
                                               std::optional<duration> planned) {
  const auto edge = live_edge();
  if (!edge) return error{errc::unavailable, "start", "nothing has been read from the origin yet"};
  return schedule_.start(std::move(event_id), at.value_or(*edge), planned, shown_until_);
}

result<ad_break> channel_timeline::stop_break(std::string_view id, std::optional<instant> at) {
  const auto edge = live_edge();
  if (!edge) return error{errc::unavailable, "stop", "nothing has been read from the origin yet"};
  return schedule_.stop(id, at.value_or(*edge));
}

result<ad_break> channel_timeline::extend_break(std::string_view id, duration total) {
  const auto edge = live_edge();
  if (!edge) return error{errc::unavailable, "extend", "nothing has been read from the origin yet"};
  return schedule_.extend(id, total, *edge);
}

snapshot_ptr channel_timeline::take_snapshot() {
  auto s = std::make_shared<snapshot>();
  s->version = ++version_;
  s->primary = primary_;
  s->windows = advanced_to_;
  s->advanced_at = advanced_at_;
  s->breaks = schedule_.breaks();
  s->max_break = schedule_.policy().max_break;
  for (auto& [key, m] : audiences_) {
    if (!m.snapshot) m.snapshot = std::make_shared<const audience>(m.state);
    s->audiences.emplace_hint(s->audiences.end(), key, m.snapshot);
  }
  return s;
}

}  // namespace interlude::stitch
