// The decision service's JSON: what the node answers at POST /v1/decision, and what it asks of, and
// reads from, a service of that kind (docs/decision-api.md).
//
// Pure. Bounded when it is read: in depth, in items, in texts and in URLs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/decision/ad_inquiry.hpp"

namespace interlude {

struct decision_question {
  ads::viewer who;
  ads::asked_break what;
};

// {"channel", "durationSec", "viewerInfo": {...}, "context": {...}}. What names the viewer is left
// out where it is withheld for want of consent.
std::string write_question(const ads::viewer& who, const ads::asked_break& what);
// `now` is when the break begins, if the question does not say. Errors name the member that is
// wrong.
result<decision_question> read_question(std::string_view body, instant now);

// A pod that was chosen.
struct decision_answer {
  std::string pod_id;
  std::string tier;  // "ads", "house", or "none"
  std::vector<ad_candidate> items;
};
// Without its last member, "cached", and the closing brace.
std::string write_answer(const decision_answer& a);
// The same, whole.
std::string finish_answer(std::string_view written, bool cached);

// Items as candidates, in order, each with the tracking that is given for it.
result<std::vector<ad_candidate>> read_answer(std::string_view body);

// How long an ad runs, as far as it says.
duration length_of(const ad_candidate& c);

}  // namespace interlude
