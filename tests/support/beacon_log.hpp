// Remembers the tracking requests that it is given.
#pragma once

#include <string>
#include <vector>

#include "actors/beacon_sink.hpp"

namespace interlude::test {

struct beacon_log final : beacon_sink {
  std::vector<std::string> urls;
  void accept(beacon b) override { urls.push_back(std::move(b.url)); }
};

}  // namespace interlude::test
