// What the breaks of a channel come to: counted when they have begun, by what was decided first.
#include "actors/analytics/break_tallies.hpp"
#include "actors/channel.hpp"

namespace interlude {

// A pre-roll has begun as soon as it is decided; of other breaks it is not certain that they will.
void channel_state::note_avail(const decision_story& story) {
  if (!arguments_.gathered) return;
  auto all = tallies_of(story, settings().path(), wall(now()));
  if (story.source == stitch::cue_source::join) return arguments_.gathered->add(std::move(all));
  avails_[story.break_id][is_guided(story.audience) ? 1 : 0].add(std::move(all));
}

// As with exposures, what is called off has been shown to nobody, and what is passed over may have
// been to guided viewers.
void channel_state::count_avails() {
  for (auto it = avails_.begin(); it != avails_.end();) {
    const auto* b = find_break(it->first);
    if (b != nullptr && b->state == stitch::break_state::announced) {
      ++it;
      continue;
    }
    const bool called_off = b != nullptr && b->state == stitch::break_state::cancelled;
    const bool passed_over = b != nullptr && stitch::is_left_to_content(b->state);
    for (const bool guided : {false, true}) {
      auto all = it->second[guided ? 1 : 0].take();
      for (auto& t : all) t.when = storage::hour_of(wall(now()));
      if (!called_off && (guided || !passed_over)) arguments_.gathered->add(std::move(all));
    }
    it = avails_.erase(it);
  }
}

}  // namespace interlude
