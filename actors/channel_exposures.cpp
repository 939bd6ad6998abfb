// Whose exposures a channel counts, and which it takes back.
#include <algorithm>
#include <caf/all.hpp>

#include "actors/channel.hpp"

namespace interlude {

// What is written down of exposures reaches the disk before the plan that shows them: the writer
// takes one thing after the other.
channel_state::pod_choice channel_state::choose(const std::vector<ads::pod_candidate>& candidates,
                                                const pod_question& what) {
  if (!arguments_.exposures || what.viewer.empty())
    return {ads::choose_pod(candidates, what.length, settings().pods), {}};
  auto choice = arguments_.exposures->choose(what.viewer, candidates, what.length, settings().pods,
                                             what.start);
  if (choice.write) caf::anon_send(arguments_.writer, *std::move(choice.write));
  if (!choice.taken.exposures.empty())
    taken_[what.break_id].push_back({what.guided, std::move(choice.taken)});
  return {std::move(choice.places), std::move(choice.refused)};
}

// A cohort is counted like a viewer: who stays in it has seen what it has seen.
std::string channel_state::whose_exposures(const std::string& audience) const {
  const auto who = arguments_.view->audiences.who(audience);
  if (settings().audiences.per_viewer && who) return ads::viewer_key(*who);
  return "audience:" + settings().path() + '/' + audience;
}

// What is chosen for a break that is called off before it begins has not been shown to anybody. Of
// one that is passed over guided players may have played what they had been told.
void channel_state::give_back_exposures() {
  std::erase_if(taken_, [this](const auto& entry) {
    const auto& [break_id, all] = entry;
    const auto* b = find_break(break_id);
    if (b != nullptr && stitch::is_open_state(b->state)) return false;
    if (b == nullptr || !stitch::is_left_to_content(b->state)) return true;
    for (const auto& taken : all) {
      if (taken.guided && b->state != stitch::break_state::cancelled) continue;
      if (auto write = arguments_.exposures->give_back(taken.exposures))
        caf::anon_send(arguments_.writer, *std::move(write));
    }
    return true;
  });
}

const stitch::ad_break* channel_state::find_break(const std::string& id) const {
  const auto& breaks = timeline_->breaks();
  const auto it = std::find_if(breaks.begin(), breaks.end(),
                               [&](const stitch::ad_break& b) { return b.id == id; });
  return it == breaks.end() ? nullptr : &*it;
}

}  // namespace interlude
