// What a command of the program says, and its exit status.
#pragma once

#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace interlude::test {

struct command_outcome {
  int status = 0;
  std::string out, err;
};

// `command`: run_scte35_command, run_vast_command.
template <class Command>
command_outcome run_command(Command command, const std::vector<std::string>& words,
                            const std::string& input) {
  std::istringstream in{input};
  std::ostringstream out, err;
  const int status = command(words, in, out, err);
  return {status, out.str(), err.str()};
}

}  // namespace interlude::test
