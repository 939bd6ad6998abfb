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

// How many of a list are wanted: 1 to 1000.
inline constexpr std::size_t usual_page = 100;
result<std::size_t> read_limit(std::string_view text);

}  // namespace interlude::net
