// Where tracking requests go: whoever has one to make hands it over and is done with it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace interlude {

struct beacon {
  std::string url;  // its macros filled
  std::vector<std::pair<std::string, std::string>> headers;
};

class beacon_sink {
 public:
  virtual ~beacon_sink() = default;
  // From any thread; never blocks.
  virtual void accept(beacon b) = 0;
};

}  // namespace interlude
