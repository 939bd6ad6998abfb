// Metrics as Prometheus has them: families of one name, with a value for each set of labels.
#pragma once

#include <prometheus/metric_family.h>

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/histogram.hpp"

namespace interlude::net {

using prometheus::MetricFamily;
using metric_families = std::vector<MetricFamily>;
using metric_labels = std::initializer_list<std::pair<const char*, std::string_view>>;

// Without a value yet.
MetricFamily counter(std::string name, std::string help);
MetricFamily gauge(std::string name, std::string help);
MetricFamily distribution(std::string name, std::string help);

void add(MetricFamily& f, double value, metric_labels labels = {});
template <class Number>
void add(MetricFamily& f, const std::atomic<Number>& value, metric_labels labels = {}) {
  add(f, static_cast<double>(value.load(std::memory_order_relaxed)), labels);
}
// `counts` has one more than there are bounds.
void add_buckets(MetricFamily& f, std::span<const std::uint64_t> bounds,
                 std::span<const std::uint64_t> counts, std::uint64_t sum, double per_unit,
                 metric_labels labels);
template <const auto& Bounds>
void add(MetricFamily& f, const histogram_reading<Bounds>& r, metric_labels labels = {}) {
  add_buckets(f, Bounds.upper, r.counts, r.sum, Bounds.per_unit, labels);
}

// With its one value.
template <class Value>
MetricFamily counter(std::string name, std::string help, const Value& value) {
  auto f = counter(std::move(name), std::move(help));
  add(f, value);
  return f;
}
template <class Value>
MetricFamily gauge(std::string name, std::string help, const Value& value) {
  auto f = gauge(std::move(name), std::move(help));
  add(f, value);
  return f;
}
template <class Value>
MetricFamily distribution(std::string name, std::string help, const Value& value) {
  auto f = distribution(std::move(name), std::move(help));
  add(f, value);
  return f;
}

}  // namespace interlude::net
