// What a VAST answer says, for people and scripts: one JSON object.
//
// Fields have the names of VAST 4.3, in camelCase ("adTitle", "vastAdTagURI"); durations and
// offsets are in seconds, or text like "25%". An ad's media files, tracking, clicks and universal
// ad ids stand beside its id, whichever <Creative> they came from: those of the creative that is
// played, or, of a wrapper, all. What the answer does not have is not there.
#pragma once

#include <boost/json/object.hpp>

#include "ads/vast/vast_response.hpp"

namespace interlude::vast {

boost::json::object to_json(const vast_response& response);
boost::json::object to_json(const ad& a);

}  // namespace interlude::vast
