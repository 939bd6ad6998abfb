// Inflates gzip and zlib bodies with a bound on what comes out.
#pragma once

#include <string>
#include <string_view>

#include "media/core/result.hpp"

namespace interlude::net {

// errc::too_large when the inflated text exceeds `max_bytes` (however small the packed one is),
// errc::malformed when the data is damaged or ends early.
result<std::string> inflate_body(std::string_view packed, std::size_t max_bytes);

}  // namespace interlude::net
