// All that one session is served, judged; and what its player is to fetch next. Pure: the time
// comes in.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "media/verify/date_range_rules.hpp"
#include "media/verify/playlist_invariants.hpp"

namespace interlude::swarm {

struct guided_break {
  std::string id;
  std::string asset_list;  // as written: relative to the playlist
  duration ahead{0};       // from the playlist's end to the break's start
};

// What came of one load of a media playlist.
struct sight {
  bool changed = true;
  duration target{std::chrono::seconds{4}};
  std::vector<std::string> violations;
  std::vector<std::string> ads;      // URIs of segments and maps that are new to the player
  std::vector<std::string> content;  // the same of the origin's
  std::vector<guided_break> breaks;  // told for the first time
  std::vector<verify::date_jump> jumps;
  std::optional<duration> stood_still;  // for how long, if that was long for a live playlist
};

class session_watch {
 public:
  session_watch();
  sight see(const std::string& rendition, const std::string& text, instant now);
  // The player was away: what it did not see, nobody was late with.
  void came_back() { followed_.clear(); }

 private:
  struct followed {
    std::int64_t fetched = -1;  // the last number that was
    std::string map;            // of the ad that was fetched last
    instant grown{};            // when a number was last appended
  };

  void list_fetches(followed& f, const std::vector<verify::shown_segment>& shown, sight& out) const;

  verify::playlist_invariants invariants_;
  verify::date_range_rules date_ranges_;
  std::map<std::string, followed> followed_;
  std::map<std::string, std::size_t> latest_;  // hashes of texts
};

}  // namespace interlude::swarm
