// The parts of the configuration that speak of tracking requests.
#pragma once

#include "actors/beacon/beacon_sink.hpp"
#include "apps/node/config.hpp"
#include "apps/node/config_reader.hpp"

namespace interlude {

// Of the node: how much it takes, and how hosts are asked.
void read_beacons(config_reader& r, beacon_settings& b);
// Of a channel: how often what fails is repeated.
void read_beacon_policy(config_reader& r, beacon_policy& p);

}  // namespace interlude
