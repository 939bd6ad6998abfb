// What decision actors are asked, and answer.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/channel_settings.hpp"
#include "actors/decision/decision_cache.hpp"
#include "ads/house_pod.hpp"

namespace interlude {

// Which ads for this break and this audience?
struct decision_wanted {
  ads::asked_break what;
  std::string audience;                   // those who share the decision
  ads::viewer who;                        // what all of them have in common
  std::vector<inquiry_settings> servers;  // the waterfall
  std::vector<ads::house_ad_rule> house_ads;
  std::chrono::milliseconds budget{1000};  // for all ad servers together
  decision_keeping keeping;
  // A break is worth asking for: what is stale is for when nobody has anything better to say. Else
  // it is the answer, and somebody is asked behind it.
  bool patient = false;
};
struct decision_made {
  std::shared_ptr<const ads_found> found;  // null: nobody was asked
  bool cached = false;
  std::vector<std::string> house_ads;  // names in the order in which they should be tried
};
// The same from outside of the actors.
struct decision_asked {
  decision_wanted question;
  std::function<void(decision_made)> done;
};

// What equal questions have in common.
std::string decision_key(const decision_wanted& question);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::decision_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::decision_made)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::decision_asked)
