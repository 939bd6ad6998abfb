// Makes each tracking request once, as it comes, and forgets it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "actors/beacon_sink.hpp"
#include "actors/http_fetcher.hpp"

namespace interlude {

class simple_beacons final : public beacon_sink,
                             public std::enable_shared_from_this<simple_beacons> {
 public:
  explicit simple_beacons(std::shared_ptr<http_fetcher> fetcher) : fetcher_(std::move(fetcher)) {}

  // Beyond a thousand under way they are dropped.
  void accept(beacon b) override;

 private:
  std::shared_ptr<http_fetcher> fetcher_;
  std::atomic<std::int64_t> under_way_{0};
};

}  // namespace interlude
