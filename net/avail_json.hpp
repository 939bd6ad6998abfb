// What a session's breaks hold, as players that tell of ads themselves read it: the shape of AWS
// Elemental MediaTailor's client-side tracking, whose players can be pointed here.
//
// Times are said twice, as ISO 8601 durations and in seconds, from the session's start. Numbers of
// pixels and sequences are texts there, and ids of events differ in all of an answer.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "media/stitch/ad_break.hpp"
#include "media/stitch/plan.hpp"
#include "net/player_events.hpp"

namespace interlude::net {

// `out`: where the break begins for this viewer. Items without an ad of an ad server's have no
// tracking. `find` tells what is to be told of an ad, by its name in the plan.
boost::json::object avail_json(const stitch::ad_break& b, const stitch::plan& plan, instant out,
                               std::size_t primary, const ads::asked_break& asked,
                               const avail_viewer& viewer,
                               const std::function<tracked_ad_ptr(const std::string&)>& find);

// "PT8.5S"
std::string iso_duration(duration d);

}  // namespace interlude::net
