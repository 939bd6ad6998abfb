// Runs a child program to its end: ffmpeg and ffprobe.
//
// No shell, no inherited descriptors, a process group of its own at low priority, killed with all
// its children when the time is up. Blocks: for worker threads only.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "media/core/result.hpp"

namespace interlude {

// What it printed to stdout (at most 1 MiB). errc::timed_out, or errc::internal with the end of its
// stderr.
result<std::string> run_program(const std::vector<std::string>& arguments,
                                std::chrono::milliseconds timeout);

}  // namespace interlude
