// How ad servers are to be asked, from the configuration: the part of config.cpp that checks
// templates.
#pragma once

#include "actors/channel_settings.hpp"
#include "actors/decision/host_guard.hpp"
#include "apps/node/config_reader.hpp"

namespace interlude {

void read_ad_server(config_reader& r, ad_server& server);
// What holds for all of them.
void read_ad_requests(config_reader& r, host_guard_options& a);

}  // namespace interlude
