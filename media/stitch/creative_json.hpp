// A conditioned creative as JSON: how the catalogue and the timeline's state keep it.
#pragma once

#include <boost/json/object.hpp>

#include "media/stitch/creative.hpp"

namespace interlude::stitch {

boost::json::object to_json(const creative& c);
// Throws Boost.JSON's exceptions if it is none.
creative creative_from_json(const boost::json::object& o);

}  // namespace interlude::stitch
