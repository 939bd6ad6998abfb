#include "apps/swarm/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace interlude::swarm {

namespace {

constexpr double growth = 1.05;

std::size_t bucket_of(duration d, std::size_t count) {
  const auto us = static_cast<double>(std::max<std::int64_t>(1, d.count()));
  return std::min(count - 1, static_cast<std::size_t>(std::log(us) / std::log(growth)));
}

}  // namespace

void histogram::add(duration d) {
  ++buckets_[bucket_of(d, buckets_.size())];
  ++count_;
  max_ = std::max(max_, d);
}

duration histogram::quantile(double q) const {
  if (count_ == 0) return duration{0};
  const auto wanted = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    below += buckets_[i];
    if (below < std::max<std::uint64_t>(1, wanted)) continue;
    const auto upper = std::pow(growth, static_cast<double>(i + 1));
    return std::min(max_, duration{static_cast<std::int64_t>(upper)});
  }
  return max_;
}

}  // namespace interlude::swarm
