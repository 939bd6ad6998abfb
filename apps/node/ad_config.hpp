// The settings that say which ads a channel plays.
#pragma once

#include "actors/channel_settings.hpp"
#include "apps/node/config_reader.hpp"

namespace interlude {

void read_house_ad(config_reader& r, house_ad& ad);
void read_frequency(config_reader& r, ads::pod_rules& rules);
void read_keeping(config_reader& r, decision_keeping& k);
void read_audiences(config_reader& r, ads::audience_policy& a);

}  // namespace interlude
