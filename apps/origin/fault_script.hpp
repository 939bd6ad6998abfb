// Faults that come by themselves: a script of what is to go wrong when, read once at the start.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude::origin {

struct scripted_fault {
  duration at{0};                 // after the start
  std::optional<duration> every;  // and again at this interval
  std::string channel;            // "*": all of them
  std::string faults;             // what the control URL takes, as JSON
};

struct fault_script {
  std::vector<scripted_fault> faults;
};

// A JSON array of {"at": 60, "channel": "ts", "faults": {...}, "every": 300}, or one such object a
// line; lines that are empty or begin with "//" are skipped. Every member and every fault is
// checked; errors name the entry. `channels` are the names there are.
result<fault_script> read_fault_script(std::string_view text,
                                       const std::vector<std::string>& channels);

// What is to happen after `from` until `to` (both since the start), in order of time. Entries of
// the same time keep the script's order.
struct due_fault {
  duration at{0};
  const scripted_fault* fault = nullptr;
};
std::vector<due_fault> faults_due(const fault_script& script, duration from, duration to);

}  // namespace interlude::origin
