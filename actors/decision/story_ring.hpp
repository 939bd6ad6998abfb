// The stories of a channel's latest breaks.
//
// Bounded in breaks, in audiences of each, and in bytes: the oldest break makes room, and what
// finds none even so is counted. Pre-rolls, of which a busy channel has one every few seconds, have
// bounds of their own and push no break out. Plain; one owner.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "actors/decision/decision_story.hpp"
#include "media/core/result.hpp"

namespace interlude {

struct story_bounds {
  std::size_t breaks = 64;
  std::size_t audiences = 256;  // of one break
  std::size_t bytes = 1024 * 1024;
};

// A break as the first story that was told of it knows it.
struct told_break {
  std::string id;
  stitch::cue_source source = stitch::cue_source::playlist;
  instant start{};
  duration wanted{0};
};
struct break_stories {
  told_break what;
  std::vector<story_ptr> stories;  // in the order in which they were told
  std::size_t left_out = 0;
};
// A line for a list.
struct break_line {
  told_break what;
  std::size_t audiences = 0, left_out = 0;
  double fill_rate = 0;  // how much of the break ads fill, from 0 to 1: the audiences' mean
};

class story_ring {
 public:
  explicit story_ring(const story_bounds& bounds = {}) : bounds_(bounds) {}

  // One more, or another one of the same audience.
  void add(story_ptr story);

  bool knows(std::string_view break_id) const { return find(break_id) != nullptr; }
  std::vector<break_line> lines() const;  // the oldest first
  // `audience` empty: of all. not_found: nothing is known of the break.
  result<break_stories> of(std::string_view break_id, std::string_view audience = {}) const;

 private:
  struct entry {
    break_stories kept;
    std::size_t bytes = 0;
  };
  struct kind {
    std::deque<entry> breaks;
    std::size_t bytes = 0;
  };

  const entry* find(std::string_view break_id) const;
  kind& kind_of(const decision_story& story) {
    return kinds_[story.source == stitch::cue_source::join ? 1 : 0];
  }
  static entry& entry_of(kind& k, const decision_story& story);
  void make_room(kind& k, const entry& keep, std::size_t size) const;

  story_bounds bounds_;
  std::array<kind, 2> kinds_;  // breaks, pre-rolls
};

}  // namespace interlude
