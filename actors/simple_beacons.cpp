#include "actors/simple_beacons.hpp"

namespace interlude {

void simple_beacons::accept(beacon b) {
  constexpr std::int64_t most_under_way = 1000;
  if (under_way_.fetch_add(1) >= most_under_way) {
    --under_way_;
    return;
  }
  fetch_request request;
  request.url = std::move(b.url);
  request.headers = std::move(b.headers);
  request.timeout = std::chrono::milliseconds{3000};
  request.max_bytes = 64 * 1024;
  request.from_stranger = true;
  fetcher_->fetch(std::move(request), [self = shared_from_this()](const result<fetch_response>&) {
    --self->under_way_;
  });
}

}  // namespace interlude
