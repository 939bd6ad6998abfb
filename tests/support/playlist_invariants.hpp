// Watches every playlist that one session is served and says what is wrong with it: the invariants
// 7a to 7e of the stitching rules, and what section 8 demands of the tags.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::test {

struct shown_segment {
  std::int64_t number = 0;
  std::string uri;
  duration length{0};
  std::int64_t dsn = 0;
  instant date{};
  bool discontinuity = false;
  std::string key, map;
  bool is_ad() const { return uri.starts_with("ad/"); }
};

struct shown_playlist {
  std::string text;
  duration target{0};
  std::vector<shown_segment> segments;
};

// Reads a served playlist; throws std::runtime_error with the parser's message if it is none.
shown_playlist read_shown(std::string text);

class playlist_invariants {
 public:
  // `edge` is the origin's live edge of that rendition when the playlist was served. `slack` widens
  // 7e. Returns the violations in words, empty if all is well.
  std::vector<std::string> check(const std::string& rendition, const std::string& text,
                                 instant edge, duration slack = duration{0});

  const std::vector<shown_segment>& last(const std::string& rendition) const {
    return latest_.at(rendition).segments;
  }
  // Everything ever shown of a rendition, by number.
  const std::map<std::int64_t, shown_segment>& all(const std::string& rendition) const {
    return seen_.at(rendition);
  }

 private:
  struct pace {
    instant first_edge{};
    std::int64_t last_number = 0;  // that `appended` counts
    duration appended{0};
  };

  void check_repeats(const std::string& rendition, const shown_playlist& p,
                     std::vector<std::string>& wrong);
  void check_order(const std::string& rendition, const shown_playlist& p,
                   std::vector<std::string>& wrong);
  void check_dates(const shown_playlist& p, std::vector<std::string>& wrong);
  void check_renditions(const std::string& rendition, const shown_playlist& p,
                        std::vector<std::string>& wrong);
  void check_pace(const std::string& rendition, const shown_playlist& p, instant edge,
                  duration slack, std::vector<std::string>& wrong);

  std::map<std::string, shown_playlist> latest_;
  std::map<std::string, std::map<std::int64_t, shown_segment>> seen_;
  std::map<std::string, pace> pace_;
};

}  // namespace interlude::test
