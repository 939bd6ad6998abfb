// Runs a child program to its end: ffmpeg and ffprobe.
//
// No shell, no inherited descriptors, a process group of its own at low priority, killed with all
// its children when the time is up. Blocks: for worker threads only.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "media/core/result.hpp"

namespace interlude {

// What is given back of a program that ended well: its stdout (at most 1 MiB), or the end of its
// stderr, where ffmpeg's filters report.
enum class program_text : std::uint8_t { output, messages };

// What it printed. errc::timed_out, errc::unavailable when it was
// stopped, errc::not_found if there is no such program, or errc::internal with the end of its
// stderr. A program that is over its time, or no longer wanted (`stop`, noticed within a tenth of a
// second), is killed with all its children.
result<std::string> run_program(const std::vector<std::string>& arguments,
                                std::chrono::milliseconds timeout, const std::stop_token& stop = {},
                                program_text wanted = program_text::output);

}  // namespace interlude
