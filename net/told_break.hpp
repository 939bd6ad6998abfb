// What the ad servers of a break ask to be told of it (VMAP 1.0.1 section 2.3.3): that it has
// begun, with the first of a server's ads, and that it is over, with the last.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "net/player_events.hpp"

namespace interlude::net {

class told_break {
 public:
  // The break's next ad, which begins at `from` in it. Behind one that is cut it does not end.
  void add(const tracked_ad& ad, const player_events& events, duration from, duration length) {
    if (ad.break_events.empty()) return;
    auto it = std::find_if(all_.begin(), all_.end(),
                           [&](const server& s) { return s.name == ad.server; });
    if (it == all_.end()) {
      all_.push_back({ad.server, events.of_break("breakStart", duration{0}), {}});
      it = std::prev(all_.end());
      it->begins.position = from;
    }
    it->ends = events.is_cut() ? player_event{} : events.of_break("breakEnd", length);
    it->ends.position += from;
  }
  // Those that have URLs, with their positions in the break.
  std::vector<player_event> events() const {
    std::vector<player_event> out;
    for (const auto& s : all_)
      for (const auto* e : {&s.begins, &s.ends})
        if (!e->urls.empty()) out.push_back(*e);
    return out;
  }

 private:
  struct server {
    std::string name;
    player_event begins, ends;
  };
  std::vector<server> all_;
};

}  // namespace interlude::net
