// How the node logs: to standard error, a line for each message, as text or JSON.
#pragma once

#include <string>

namespace interlude {

// As text, until a configuration has been read.
void start_log();
// `level`: of spdlog ("info"). `format`: "text" or "json".
void set_log(const std::string& level, const std::string& format);

}  // namespace interlude
