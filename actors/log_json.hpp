// A line of the log as one JSON object, for log collectors.
//
// What log_line wrote comes apart into its fields again: counts and times are numbers, all else is
// text. Of other lines that begin with "channel <org>/<name>: " the channel does, and the rest is
// "message". Bytes that are no UTF-8 are replaced (U+FFFD), so that each line is JSON whatever was
// logged.
#pragma once

#include <string>
#include <string_view>

namespace interlude {

// {"time":"2026-11-24T17:21:01.000Z","level":"info","event":"FILLED_AVAIL",...}, without a line
// end.
std::string log_json(std::string_view time, std::string_view level, std::string_view text);

}  // namespace interlude
