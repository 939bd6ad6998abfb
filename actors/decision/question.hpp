// What a channel asks its decision actors, from its settings.
#pragma once

#include "actors/channel_settings.hpp"
#include "actors/interfaces.hpp"

namespace interlude {

// On behalf of a viewer, or of one of whom only what a cohort has in common is to be told: the
// channel's audience policy decides. The budget is that of a break that has begun.
decision_wanted make_question(const channel_settings& channel, ads::asked_break what,
                              const ads::viewer& who);
// The same for an audience that is known by name, and whose viewer has been cut down already.
decision_wanted make_question(const channel_settings& channel, ads::asked_break what,
                              std::string cohort, ads::viewer who);

// Names of the house ads that suit a question, in the order in which they should be tried.
std::vector<std::string> house_order(const decision_wanted& question);

}  // namespace interlude
