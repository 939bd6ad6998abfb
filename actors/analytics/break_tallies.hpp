// What a decision for a break, and an ad server's answer, add to the counters. Pure.
#pragma once

#include <string>
#include <vector>

#include "actors/analytics/tally.hpp"
#include "actors/decision/decision_story.hpp"

namespace interlude {

// An avail: a break for an audience, and what fills it by its plan. A pre-roll is as long as what
// plays in it.
std::vector<tally> tallies_of(const decision_story& story, const std::string& channel, instant at);

// That an ad server was asked, what came of it, and how long it took with all its wrappers.
std::vector<tally> tallies_of(const tier_report& report, const std::string& channel, instant at);

}  // namespace interlude
