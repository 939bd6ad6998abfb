#include "actors/channel_counters.hpp"

#include <algorithm>
#include <string_view>

#include "actors/decision/decision_story.hpp"

namespace interlude {

plan_tier tier_of(const decision_story& story) {
  const auto plays = [&](std::string_view tier) {
    return std::any_of(story.ads.begin(), story.ads.end(),
                       [&](const considered_ad& ad) { return !ad.skipped && ad.tier == tier; });
  };
  for (const auto tier : {plan_tier::ads, plan_tier::service, plan_tier::house})
    if (plays(plan_tier_names[static_cast<std::size_t>(tier)])) return tier;
  return story.slate_length > duration{0} ? plan_tier::slate : plan_tier::content;
}

void count_plan(channel_counters& counters, const decision_story& story) {
  counters.plans[static_cast<std::size_t>(tier_of(story))].fetch_add(1, std::memory_order_relaxed);
  const auto add = [&](break_fill fill, duration length) {
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(length).count();
    counters.planned_milliseconds[static_cast<std::size_t>(fill)].fetch_add(
        static_cast<std::uint64_t>(std::max<std::int64_t>(whole, 0)), std::memory_order_relaxed);
  };
  add(break_fill::ads, story.ads_length);
  add(break_fill::slate, story.slate_length);
  add(break_fill::bumpers, story.bumper_length);
  if (story.source != stitch::cue_source::join) add(break_fill::content, story.content_length());
}

}  // namespace interlude
