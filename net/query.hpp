// The query of a request, read.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/core/result.hpp"

namespace interlude::net {

// Names and values in order, percent-decoded. errc::malformed if it is not as RFC 3986 says.
result<std::vector<std::pair<std::string, std::string>>> read_parameters(std::string_view query);

}  // namespace interlude::net
