// Reads the settings of what is counted.
#pragma once

#include "apps/node/config.hpp"
#include "apps/node/config_reader.hpp"

namespace interlude {

void read_analytics(config_reader& r, analytics_settings& a);
void read_events_log(config_reader& r, events_log_settings& e);

}  // namespace interlude
