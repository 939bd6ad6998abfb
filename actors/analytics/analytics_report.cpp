#include "actors/analytics/analytics_report.hpp"

#include <algorithm>
#include <charconv>

namespace interlude {

namespace {

constexpr std::array<std::pair<dimension, const char*>, 9> dimensions = {
    {{dimension::hour, "hour"},
     {dimension::day, "day"},
     {dimension::channel, "channel"},
     {dimension::ad, "ad"},
     {dimension::creative, "creative"},
     {dimension::tier, "tier"},
     {dimension::event, "event"},
     {dimension::tracking, "tracking"},
     {dimension::server, "server"}}};

constexpr char between = '\0';
constexpr std::size_t day_size = 10;  // 2026-11-24

// Which part of a counter's name it is, if that has it.
std::optional<std::size_t> part_with(dimension d, counter_kind kind) {
  constexpr std::array of_event = {dimension::tracking, dimension::tier, dimension::ad,
                                   dimension::creative, dimension::event};
  if (kind == counter_kind::avail) return d == dimension::tier ? std::optional{0u} : std::nullopt;
  if (kind == counter_kind::server)
    return d == dimension::server ? std::optional{0u} : std::nullopt;
  const auto it = std::find(of_event.begin(), of_event.end(), d);
  if (it == of_event.end() || (d == dimension::event && kind == counter_kind::shown))
    return std::nullopt;
  return static_cast<std::size_t>(it - of_event.begin());
}

std::string value_of(dimension d, std::string_view channel, storage::hour when,
                     const counter_name& name) {
  switch (d) {
    case dimension::hour:
      return format_iso8601(when);
    case dimension::day:
      return format_iso8601(when).substr(0, day_size);
    case dimension::channel:
      return std::string{channel};
    default:
      return std::string{name.parts[*part_with(d, name.kind)]};
  }
}

bool is_of_time_or_place(dimension d) {
  return d == dimension::hour || d == dimension::day || d == dimension::channel;
}

void add_event(analytics_row& row, std::string_view event, std::uint64_t count) {
  row.all_events += count;
  for (std::size_t i = 0; i < counted_events.size(); ++i)
    if (event == counted_events[i]) row.events[i] += count;
}

void add_avail(avail_sums& to, std::string_view measure, std::uint64_t count) {
  const duration time{static_cast<std::int64_t>(count)};
  if (measure == avail_measure::avails) to.avails += count;
  if (measure == avail_measure::wanted) to.wanted += time;
  if (measure == avail_measure::filled) to.filled += time;
  if (measure == avail_measure::slate) to.slate += time;
  if (measure == avail_measure::bumpers) to.bumpers += time;
  if (measure == avail_measure::content) to.content += time;
}

void add_server(server_sums& to, std::string_view measure, std::string_view detail,
                std::uint64_t count) {
  if (measure == server_measure::requests) to.requests += count;
  if (measure == server_measure::answers) to.answers += count;
  if (measure == server_measure::empty) to.empty += count;
  if (measure == server_measure::timeouts) to.timeouts += count;
  if (measure == server_measure::errors) to.errors += count;
  if (measure == server_measure::passed_over) to.passed_over += count;
  if (measure == server_measure::vast_error) to.vast_errors[std::string{detail}] += count;
  std::size_t bucket = latency_buckets::count;
  std::from_chars(detail.data(), detail.data() + detail.size(), bucket);
  if (measure == server_measure::latency) to.latency.add(bucket, count);
}

void add_count(analytics_row& row, const counter_name& name, std::uint64_t count) {
  switch (name.kind) {
    case counter_kind::event:
      return add_event(row, name.parts[4], count);
    case counter_kind::shown:
      row.shown += duration{static_cast<std::int64_t>(count)};
      return;
    case counter_kind::avail:
      return add_avail(row.breaks, name.parts[1], count);
    case counter_kind::server:
      return add_server(row.servers, name.parts[1], name.parts[2], count);
  }
}

bool is_known(counter_kind kind) {
  return kind == counter_kind::event || kind == counter_kind::shown ||
         kind == counter_kind::avail || kind == counter_kind::server;
}

}  // namespace

std::optional<dimension> dimension_of(std::string_view text) noexcept {
  for (const auto& [d, name] : dimensions)
    if (name == text) return d;
  return std::nullopt;
}

const char* to_string(dimension d) noexcept {
  for (const auto& [known, name] : dimensions)
    if (known == d) return name;
  return "";
}

// Null: the counter is in no row, or there is no room for another one.
analytics_row* report_builder::row_of(std::string_view channel, storage::hour when,
                                      const counter_name& name) {
  std::vector<std::string> of;
  std::string key;
  for (const auto d : by_) {
    key.append(of.emplace_back(value_of(d, channel, when, name))) += between;
  }
  // Counters come in order: many in a row are of one row.
  if (last_ != nullptr && key == key_) return last_;
  key_ = std::move(key);
  const auto it = rows_.find(key_);
  if (it != rows_.end()) return last_ = &it->second;
  last_ = nullptr;
  if (rows_.size() >= most_rows_) return nullptr;
  auto& made = rows_[key_];
  made.of = std::move(of);
  return last_ = &made;
}

bool report_builder::tells_of(const std::vector<dimension>& by, counter_kind kind) {
  return std::all_of(by.begin(), by.end(), [&](dimension d) {
    return is_of_time_or_place(d) || part_with(d, kind).has_value();
  });
}

bool report_builder::add(std::string_view channel, storage::hour when, std::string_view text,
                         std::uint64_t count) {
  const auto name = read_counter(text);
  if (!is_known(name.kind) || !tells_of(by_, name.kind)) return true;
  // Of breaks only what fills them has a tier.
  if (name.kind == counter_kind::avail && name.parts[0].empty() &&
      std::find(by_.begin(), by_.end(), dimension::tier) != by_.end())
    return true;
  auto* row = row_of(channel, when, name);
  if (row == nullptr) return false;
  add_count(*row, name, count);
  return true;
}

analytics_report report_builder::take() {
  analytics_report out;
  for (auto& [key, row] : rows_) out.rows.push_back(std::move(row));
  return out;
}

}  // namespace interlude
