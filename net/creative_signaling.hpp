// What an asset list tells of its ads: ad creative signaling (SVTA 2053-2), which players of
// interstitials read.
//
// Each asset that is an ad has a slot: identifiers, click-through, verifications, and tracking with
// its URLs filled for this viewer, as far as it is left to the player (player_events.hpp). Beside
// the assets a pod has what is told of the break. Times are in seconds from the list's start; an
// event's offset from its slot's. The same answer for each question: [CACHEBUSTING] follows from
// session and break.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "media/stitch/plan.hpp"
#include "net/player_events.hpp"

namespace interlude::net {

// Adds it to the list that media/stitch made of `plan`. `start`: of the break.
void add_signaling(boost::json::object& list, const stitch::plan& plan, instant start,
                   std::size_t primary, const ads::asked_break& asked, const avail_viewer& viewer,
                   const std::function<tracked_ad_ptr(const std::string&)>& find);

}  // namespace interlude::net
