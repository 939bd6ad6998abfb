// Remembers the tracking requests that it is given.
#pragma once

#include <string>
#include <vector>

#include "actors/beacon/beacon_sink.hpp"

namespace interlude::test {

struct beacon_log final : beacon_sink {
  std::vector<beacon_event> events;
  std::vector<std::string> urls;

  void accept(std::vector<beacon_event> all, std::function<void(acceptance)> done) override {
    acceptance answer;
    for (auto& e : all) {
      if (!e.key.empty()) answer.keys.push_back(e.key);
      for (const auto& b : e.beacons) urls.push_back(b.url);
      events.push_back(std::move(e));
    }
    done(std::move(answer));
  }
};

}  // namespace interlude::test
