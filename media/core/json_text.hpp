// JSON for people: indented, numbers as one writes them (60, 9166.345789) where Boost.JSON's own
// serializer writes 6E1.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace interlude {

std::string indented_json(const boost::json::value& v);

}  // namespace interlude
