// All that one channel knows, put together: renditions on one clock, the schedule of breaks, the
// audiences.
//
// The channel actor owns one and feeds it what the origin said, what operators asked and what was
// decided; viewers read the immutable snapshots it gives out. A round is: refresh() for each
// playlist that came, decide() for what open_decisions() names, advance(), take_snapshot(). Pure:
// time and decisions are arguments. Not thread-safe; one owner.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/core/result.hpp"
#include "media/hls/media_playlist.hpp"
#include "media/stitch/audience.hpp"
#include "media/stitch/channel_clock.hpp"
#include "media/stitch/joining.hpp"
#include "media/stitch/rendition.hpp"
#include "media/stitch/schedule.hpp"
#include "media/stitch/timeline_state.hpp"

namespace interlude::stitch {

// What viewers are served from. Everything in it is immutable.
struct snapshot {
  std::uint64_t version = 0;
  std::size_t primary = 0;
  std::vector<window_ptr> windows;  // by rendition; null: not read yet
  instant advanced_at{};  // when the channel came to them; audiences that are held are left behind
  std::vector<ad_break> breaks;
  duration max_break{0};  // how long one lasts of which nothing else is known
  std::map<std::string, std::shared_ptr<const audience>, std::less<>> audiences;
};

using snapshot_ptr = std::shared_ptr<const snapshot>;

// A break that an audience has no plan for.
struct open_decision {
  std::string audience;
  ad_break opportunity;
  duration wanted{0};
};

class channel_timeline {
 public:
  channel_timeline(std::vector<rendition_info> renditions, break_policy policy);

  // Goes on where another timeline was: numbers keep their meaning, breaks on the air go on. Its
  // renditions must be the first of ours. False, and nothing happens, if they are not, or if one
  // that came since cannot be added (see add_renditions).
  bool restore(timeline_state state);
  timeline_state state() const;
  // The same without the audiences.
  timeline_state channel_state() const;
  // An audience as it is; it must be known.
  const audience& state_of(std::string_view key) const {
    return audiences_.find(key)->second.state;
  }
  // The audiences of which something may have changed since this was asked last.
  std::vector<std::string> take_changed();
  // The origin has more renditions than before; indices go on. Ads under way have no media for
  // them: that of the like rendition stands in. False, and nothing happens, if there is none of
  // that kind.
  bool add_renditions(std::vector<rendition_info> more);
  // While these stay the same, what viewers are shown follows from a state that was kept.
  channel_marks marks() const;

  // A playlist of rendition `index` came from `url`. Errors leave everything as it was.
  result<refresh_outcome> refresh(std::size_t index, const hls::media_playlist& playlist,
                                  std::string_view url, instant now);

  // Cues that were found in the media of the reference rendition.
  void observe_in_band(std::span<const cue> cues);

  // From now on breaks are planned for this audience. Known already: nothing happens. With `join`,
  // it begins at the live edge, as soon as that is known.
  // `when_read`: not before let_join().
  void add_audience(std::string key, bool guided, std::optional<join_policy> join = {},
                    bool when_read = false);
  // The reference rendition has been read, or cannot be: who was to wait for that begins where its
  // live edge is. False if nobody was.
  bool let_join();
  // A pre-roll for guided viewers (see joining.hpp), to be decided like a break.
  void add_guided_preroll(std::string_view audience, std::string id, instant at, duration length);
  void drop_audience(std::string_view key);
  bool knows_audience(std::string_view key) const { return audiences_.contains(key); }
  std::vector<std::string> audience_keys() const;
  std::size_t audience_count() const noexcept { return audiences_.size(); }

  // An audience whose decision is awaited stays where it is while others go on. Counted: each hold
  // needs its release.
  void hold(std::string_view key);
  void release(std::string_view key);
  bool is_held(std::string_view key) const;

  // What needs a decision, of all audiences or of one; each is named once.
  std::vector<open_decision> take_open_decisions();
  std::vector<open_decision> take_open_decisions(std::string_view audience);
  // The pod for a break, in order; what does not fit is passed over. `tail` is a slate of the
  // length that is left, if there is one. May come before the break starts, or late: then what was
  // shown of the stand-in stays.
  void decide(std::string_view audience, std::string_view break_id, const pod_offer& pod,
              creative_ptr tail);

  // What was decided, null if nothing was (or it is long ago).
  plan_ptr decided(std::string_view audience, std::string_view break_id) const;
  bool knows_break(std::string_view audience, std::string_view break_id) const;
  // Announced or running: a decision can still come.
  bool is_open(std::string_view audience, std::string_view break_id) const;

  // A slate of just the length that a decided pod leaves has been made since.
  void improve_slate(std::string_view audience, std::string_view break_id,
                     const creative_ptr& tail);

  // Conditioned slate; null while there is none.
  void set_slate(creative_ptr slate) { slate_ = std::move(slate); }

  // Moves every playlist to where the channel is now; held ones stay.
  void advance(instant now);
  // Something was read that no advance() has taken up.
  bool is_behind() const;
  // The same for some audiences, to where the others are: while it is not behind.
  void advance_only(std::span<const std::string> keys, instant now);

  result<ad_break> start_break(std::string event_id, std::optional<instant> at,
                               std::optional<duration> planned);
  result<ad_break> stop_break(std::string_view id, std::optional<instant> at);
  result<ad_break> extend_break(std::string_view id, duration total);
  result<ad_break> cancel_break(std::string_view id) { return schedule_.cancel(id); }

  // The furthest the reference rendition has come, nullopt before it was read.
  std::optional<instant> live_edge() const;
  const std::vector<ad_break>& breaks() const noexcept { return schedule_.breaks(); }
  std::uint64_t forgotten_breaks() const noexcept { return schedule_.forgotten(); }
  const window_ptr& window(std::size_t index) const { return clocks_[index].window(); }
  std::size_t primary() const noexcept { return primary_; }
  std::uint64_t unreadable_cues() const noexcept { return unreadable_cues_; }
  std::uint64_t forbidden_breaks() const noexcept { return schedule_.forbidden_breaks(); }
  std::uint64_t suppressed_breaks() const noexcept { return schedule_.suppressed_breaks(); }

  // As of the last advance(): what was read since is shown with the next.
  snapshot_ptr take_snapshot();

 private:
  struct member {
    audience state;
    std::vector<std::string> asked;   // break ids, latest last
    std::optional<join_policy> join;  // it has yet to begin
    bool joins_when_read = false;
    std::optional<instant> waits_since;
    std::size_t holds = 0;
    bool changed = true;                       // since it was kept
    std::shared_ptr<const audience> snapshot;  // null: it is not what it was
    void touch() {
      changed = true;
      snapshot.reset();
    }
  };

  std::vector<cue> read_cues(std::size_t index, const hls::media_playlist& playlist);
  const rendition_window* reference_window(instant now) const;
  bool waits_for_reference(instant now);
  std::int64_t unknown_since_kept(instant now);
  void advance_audience(member& m, const rendition_window& reference);
  void begin_joined();
  void take_open_decisions(const std::string& key, member& m,
                           std::vector<open_decision>& out) const;
  bool stays(member& m, instant now, const rendition_window& reference) const;
  static bool waits_to_join(member& m, instant now, duration patience);
  const ad_break* find_break(std::string_view audience, std::string_view break_id) const;
  plan plan_of(const audience& a, const ad_break& b, const pod_fit& pod,
               const creative_ptr& tail) const;

  std::vector<rendition_info> renditions_;
  std::size_t primary_ = 0;
  std::vector<rendition_clock> clocks_;
  std::vector<instant> refreshed_at_;
  std::vector<window_ptr> advanced_to_;  // what the audiences' tracks have come to
  instant advanced_at_{};                // when
  schedule schedule_;
  std::map<std::string, member, std::less<>> audiences_;
  creative_ptr slate_;
  std::optional<instant> shown_until_;
  bool video_has_cues_ = false;
  bool resumed_ = false;                 // restored, and the reference rendition not read since
  std::optional<instant> resumed_at_;    // when it was first to be shown
  std::optional<instant> kept_read_at_;  // see timeline_state
  std::optional<std::int64_t> unknown_since_kept_;
  std::uint64_t version_ = 0;
  std::uint64_t unreadable_cues_ = 0;
};

}  // namespace interlude::stitch
