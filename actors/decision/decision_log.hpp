// What the log has of a decision: what was asked, what was answered, which ads failed.
#pragma once

#include "actors/decision/decision_messages.hpp"

namespace interlude {

// Debug: an ad server is asked.
void log_question(const decision_wanted& question, const inquiry_settings& server);
// What it answered, by the name of its sort: a warning where the ad server is to blame that nothing
// of it plays.
void log_answer(const decision_wanted& question, const tier_report& report);
// An ad of the answer that cannot be played, whatever the break.
void log_skipped(const decision_wanted& question, const vast::error_notice& notice);

}  // namespace interlude
