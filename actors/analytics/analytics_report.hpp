// Counters summed up by what an operator asks for: one row for each channel, day, ad, ...
//
// A counter goes into the row that has all its dimensions; one that lacks a dimension which is
// asked for is in no row. So what there is to be said in a report follows from its dimensions.
// Pure.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/analytics/latency_buckets.hpp"
#include "actors/analytics/tally.hpp"

namespace interlude {

// "hour", "day", "channel", "ad", "creative", "tier", "event", "tracking", "server".
enum class dimension : std::uint8_t {
  hour,
  day,
  channel,
  ad,
  creative,
  tier,
  event,
  tracking,
  server
};
std::optional<dimension> dimension_of(std::string_view text) noexcept;
const char* to_string(dimension d) noexcept;

// Of ads that play; the positions in analytics_row::events.
inline constexpr std::array<const char*, 6> counted_events = {
    "impression", "start", "firstQuartile", "midpoint", "thirdQuartile", "complete"};

// Of breaks, as they were decided.
struct avail_sums {
  std::uint64_t avails = 0;
  duration wanted{0}, filled{0}, slate{0}, bumpers{0}, content{0};
};

// Of ad servers.
struct server_sums {
  std::uint64_t requests = 0, answers = 0, empty = 0, timeouts = 0, errors = 0, passed_over = 0;
  latency_buckets latency;
  std::map<std::string, std::uint64_t> vast_errors;
};

struct analytics_row {
  std::vector<std::string> of;  // one for each dimension; times as ISO 8601
  std::array<std::uint64_t, counted_events.size()> events{};
  std::uint64_t all_events = 0;  // those and others
  duration shown{0};             // of ads, in steps of a quarter
  avail_sums breaks;
  server_sums servers;
};

struct analytics_report {
  std::vector<analytics_row> rows;  // in the order of their dimensions
};

class report_builder {
 public:
  report_builder(std::vector<dimension> by, std::size_t most_rows)
      : by_(std::move(by)), most_rows_(most_rows) {}

  // Whether there may be something of this kind in a row.
  static bool tells_of(const std::vector<dimension>& by, counter_kind kind);

  // False: there are more rows than there may be.
  bool add(std::string_view channel, storage::hour when, std::string_view name,
           std::uint64_t count);
  analytics_report take();

 private:
  analytics_row* row_of(std::string_view channel, storage::hour when, const counter_name& name);

  std::vector<dimension> by_;
  std::size_t most_rows_;
  std::string key_;  // of the row that was found last
  analytics_row* last_ = nullptr;
  std::map<std::string, analytics_row, std::less<>> rows_;
};

}  // namespace interlude
