// Files of the project, and of what lies beside it.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace interlude::test {

inline std::string read_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw std::runtime_error(path + " cannot be read");
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace interlude::test
