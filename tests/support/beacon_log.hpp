// Remembers the tracking requests that it is given.
#pragma once

#include <string>
#include <vector>

#include "actors/beacon/beacon_sink.hpp"

namespace interlude::test {

struct beacon_log final : beacon_sink {
  std::vector<beacon_event> events;
  std::vector<std::string> urls;
  acceptance answer = acceptance::kept;

  void accept(std::vector<beacon_event> all, std::function<void(acceptance)> done) override {
    for (auto& e : all) {
      for (const auto& b : e.beacons) urls.push_back(b.url);
      events.push_back(std::move(e));
    }
    done(answer);
  }
};

}  // namespace interlude::test
