// The schedule of ad breaks of one channel: merges what cues say into breaks (section 2 of the
// stitching rules).
//
// The same cue repeated in rolling windows, in several renditions, or in several spellings is one
// break. Remembers ended breaks long enough that a cue that is still in a window does not start
// them anew. Bounded. Not thread-safe; one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"
#include "media/stitch/ad_break.hpp"
#include "media/stitch/content.hpp"
#include "media/stitch/time_schedule.hpp"

namespace interlude::stitch {

enum class overrun_policy : std::uint8_t { slate, content };

struct break_policy {
  duration default_break =
      std::chrono::seconds{30};  // for the decision, when a cue tells no duration
  duration max_break = std::chrono::minutes{10};
  duration min_break = std::chrono::milliseconds{500};  // shorter ones are not worth a splice
  overrun_policy on_overrun = overrun_policy::slate;
  scte35::signal_policy signals;
  // Breaks that come too soon after the one before, or that would bring the last hour over so much
  // ad time, stay as they are in the content; an operator's do not. Zero: no limit.
  duration min_spacing{0};
  duration max_per_hour{0};
  std::vector<timed_breaks> timed;
};

// A cue placed on the channel clock.
struct cue {
  // boundary: the programme begins, ends or is left here; no break crosses it
  enum class kind : std::uint8_t { out, continuation, in, cancel, boundary };
  kind what = kind::out;
  cue_source source = cue_source::playlist;
  std::string event_id;   // of the tag
  std::string splice_id;  // of the SCTE-35 message
  scte35::signal_rank rank = scte35::signal_rank::insert;
  instant at{};  // out: the start; in: the end; continuation: where the tag stands
  std::optional<duration> planned;
  std::optional<duration> elapsed;  // of a continuation
  bool end_is_certain = false;      // the cue's own duration ends the break, whatever else may come
  bool waits_for_in = false;        // auto_return = 0
  bool forbidden = false;           // not to be filled on the web
};

// What a SCTE-35 signal is as a cue.
cue::kind kind_of(scte35::signal_kind kind);

class schedule {
 public:
  explicit schedule(break_policy policy = {}) : policy_(policy) {}

  // Cues of one refresh in playlist order. `window` is that rendition's, `shown_until` the furthest
  // live edge any viewer has seen (nullopt: none yet). Returns true if a break changed.
  bool observe(std::span<const cue> cues, const rendition_window& window,
               std::optional<instant> shown_until);

  // Breaks by the clock that begin within half a minute of `edge`.
  bool announce_timed(const rendition_window& window);

  // Finds out points and in points that this window decides. Called for the reference rendition
  // only.
  bool pin(const rendition_window& window);

  // Viewers have seen the channel up to here: breaks whose in point lies before it are over,
  // whatever cues say later.
  void close_shown(instant shown_until);

  // The clock jumped or numbering broke at `at`: no break crosses it.
  void close_at(instant at);

  // By hand. start: errc::malformed if it overlaps a break that is known. stop: errc::not_found.
  result<ad_break> start(std::string event_id, instant at, std::optional<duration> planned,
                         std::optional<instant> shown_until);
  result<ad_break> stop(std::string_view event_or_break_id, instant at);
  // The break lasts `total` from its start, whatever was planned. errc::not_found; errc::malformed
  // if that is behind `edge` already, or beyond max_break, or would overlap the next break.
  result<ad_break> extend(std::string_view event_or_break_id, duration total, instant edge);
  // Only what has not begun: errc::malformed if it has.
  result<ad_break> cancel(std::string_view event_or_break_id);

  const std::vector<ad_break>& breaks() const noexcept { return breaks_; }  // by start
  const break_policy& policy() const noexcept { return policy_; }
  // Forgets breaks that ended before `t`, all but the latest few that rolling cues may repeat.
  void forget_before(instant t);
  // Restores what breaks() and forgotten() gave before a restart.
  void restore(std::vector<ad_break> breaks, std::uint64_t forgotten) {
    breaks_ = std::move(breaks);
    forgotten_ = forgotten;
  }

  std::uint64_t ignored_cues() const noexcept { return ignored_; }
  std::uint64_t forbidden_breaks() const noexcept { return forbidden_; }
  std::uint64_t suppressed_breaks() const noexcept { return suppressed_; }
  std::uint64_t forgotten() const noexcept { return forgotten_; }  // breaks no longer in breaks()

 private:
  bool apply_out(const cue& c, const rendition_window& window, std::optional<instant> shown_until);
  bool apply_continuation(const cue& c, const rendition_window& window,
                          std::optional<instant> shown_until);
  bool apply_in(const cue& c);
  bool apply_cancel(const cue& c);
  bool apply_boundary(const cue& c);
  bool forbid(const cue& c);
  bool is_too_much(const ad_break& b) const;
  void make_way(const ad_break& b);
  void take_event(ad_break& b, const cue& c) const;
  std::optional<instant> end_of(const ad_break& b) const;
  bool refine(ad_break& b, const cue& c);
  ad_break* same_event(const cue& c, duration slack);
  ad_break* by_name(const cue& c);
  // The latest of this name that is announced or running; without one, running before announced.
  ad_break* find_open(std::string_view event_or_break_id);
  ad_break* covering(instant at);
  bool is_full() const;
  ad_break& insert(ad_break b);
  std::string unused_name(instant start) const;
  bool inside_what_is_left(const cue& c) const;
  bool pin_out(ad_break& b, const rendition_window& window);
  bool pin_in(ad_break& b, const rendition_window& window);

  break_policy policy_;
  std::vector<ad_break> breaks_;
  std::uint64_t ignored_ = 0;
  std::uint64_t forbidden_ = 0;
  std::uint64_t suppressed_ = 0;
  std::uint64_t forgotten_ = 0;
};

}  // namespace interlude::stitch
