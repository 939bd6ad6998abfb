// Runs a child program to its end: ffmpeg and ffprobe.
//
// No shell, no inherited descriptors, a process group of its own at low priority, killed with all
// its children when the time is up. Blocks: for worker threads only.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "media/core/result.hpp"

namespace interlude {

// What it printed to stdout (at most 1 MiB). errc::timed_out, errc::unavailable when it was
// stopped, or errc::internal with the end of its stderr. A program that is over its time, or no
// longer wanted
// (`stop`, noticed within a tenth of a second), is killed with all its children.
result<std::string> run_program(const std::vector<std::string>& arguments,
                                std::chrono::milliseconds timeout,
                                const std::stop_token& stop = {});

}  // namespace interlude
