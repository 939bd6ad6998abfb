#include "net/metrics/metric_family.hpp"

#include <limits>

namespace interlude::net {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;

ClientMetric& add_labelled(MetricFamily& f, metric_labels labels) {
  auto& m = f.metric.emplace_back();
  for (const auto& [name, value] : labels) m.label.push_back({name, std::string{value}});
  return m;
}

}  // namespace

MetricFamily counter(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Counter, {}};
}

MetricFamily gauge(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Gauge, {}};
}

MetricFamily distribution(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Histogram, {}};
}

void add(MetricFamily& f, double value, metric_labels labels) {
  auto& m = add_labelled(f, labels);
  (f.type == MetricType::Counter ? m.counter.value : m.gauge.value) = value;
}

void add_buckets(MetricFamily& f, std::span<const std::uint64_t> bounds,
                 std::span<const std::uint64_t> counts, std::uint64_t sum, double per_unit,
                 metric_labels labels) {
  auto& h = add_labelled(f, labels).histogram;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    const auto upper = i < bounds.size() ? static_cast<double>(bounds[i]) / per_unit
                                         : std::numeric_limits<double>::infinity();
    h.bucket.push_back({total, upper});
  }
  h.sample_count = total;
  h.sample_sum = static_cast<double>(sum) / per_unit;
}

}  // namespace interlude::net
