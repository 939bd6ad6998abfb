// The control URL of the origin: strict JSON in, the channel's faults changed.
#pragma once

#include <string>
#include <string_view>

#include "apps/origin/origin_channel.hpp"
#include "media/core/result.hpp"

namespace interlude::origin {

// Applies {"in_shift": -10, "errors": 8, ...} (docs/origin.md) to `f`; `next` is the number of the
// channel's next segment, for what happens "now". Unknown or ill-typed members are errors and
// change nothing.
result<faults> apply_control(faults f, std::string_view json, std::int64_t next, instant now);
std::string describe_faults(const faults& f);

}  // namespace interlude::origin
