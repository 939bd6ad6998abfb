// Watches every playlist that one session is served and says what is wrong with it: the invariants
// 7a to 7e of the stitching rules, and what section 8 demands of the tags.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "media/core/time.hpp"
#include "media/verify/pace_by_dates.hpp"
#include "media/verify/shown_playlist.hpp"

namespace interlude::verify {

struct invariant_options {
  // How many numbers behind the window keep their meaning in memory.
  std::int64_t remembered = std::numeric_limits<std::int64_t>::max() / 2;
  // Whether `edge` is the origin's live edge. Else it is the time of the viewer's clock, and 7e
  // goes by the dates (pace_by_dates).
  bool edge_known = true;
};

class playlist_invariants {
 public:
  explicit playlist_invariants(invariant_options options = {}) : options_(options) {}

  // `edge` is the origin's live edge of that rendition when the playlist was served. `slack` widens
  // 7e. Returns the violations in words, empty if all is well. Each is said once: what is shown
  // now is what later playlists are compared with.
  std::vector<std::string> check(const std::string& rendition, const std::string& text,
                                 instant edge, duration slack = duration{0});
  // The same for who has parsed it.
  std::vector<std::string> check(const std::string& rendition, const hls::media_playlist& parsed,
                                 instant edge, duration slack = duration{0});

  const std::vector<shown_segment>& last(const std::string& rendition) const {
    return renditions_.at(rendition).latest.segments;
  }
  // Everything that is remembered of what was shown of a rendition, by number.
  const std::map<std::int64_t, shown_segment>& all(const std::string& rendition) const {
    return renditions_.at(rendition).seen;
  }
  // Steps of the dates since this was last called.
  std::vector<date_jump> take_jumps() { return std::exchange(jumps_, {}); }

 private:
  struct pace {
    instant first_edge{};
    std::int64_t last_number = 0;  // that `appended` counts
    duration appended{0};
  };
  struct watched {
    shown_playlist latest;
    instant loaded{};  // when it was served last
    // When the viewer saw it grow last; not known for who came, or came back, after that.
    std::optional<instant> grown;
    std::map<std::int64_t, shown_segment> seen;
    std::optional<pace> by_edge;
    pace_by_dates by_dates;
  };
  using violations = std::vector<std::string>;

  static void check_repeats(watched& w, const shown_playlist& p, violations& wrong);
  static void check_order(const watched& w, const shown_playlist& p, instant edge,
                          violations& wrong);
  static void check_dates(const shown_playlist& p, violations& wrong);
  void check_renditions(const std::string& rendition, const shown_playlist& p,
                        violations& wrong) const;
  static void check_pace(watched& w, const shown_playlist& p, instant edge, duration slack,
                         violations& wrong);
  void check_dated_pace(watched& w, const shown_playlist& p, violations& wrong);
  void remember(watched& w, shown_playlist p, instant edge) const;

  invariant_options options_;
  std::map<std::string, watched> renditions_;
  std::vector<date_jump> jumps_;
};

}  // namespace interlude::verify
