#include "net/analytics_table.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <functional>

namespace interlude::net {

namespace {

namespace json = boost::json;

// Something that is said of each row.
struct column {
  const char* name;
  std::function<json::value(const analytics_row&)> value;
};

json::value rate_of(double part, double whole) {
  if (whole <= 0) return nullptr;
  return std::round(part / whole * 10'000) / 10'000;
}

column number_column(const char* name, std::function<std::uint64_t(const analytics_row&)> of) {
  return {name, [of = std::move(of)](const analytics_row& r) { return json::value(of(r)); }};
}

column time_column(const char* name, duration avail_sums::*sum) {
  return {name, [sum](const analytics_row& r) { return json::value(to_seconds(r.breaks.*sum)); }};
}

column count_column(const char* name, std::uint64_t server_sums::*sum) {
  return number_column(name, [sum](const analytics_row& r) { return r.servers.*sum; });
}

column latency_column(const char* name, double part) {
  return {name, [part](const analytics_row& r) -> json::value {
            const auto ms = r.servers.latency.quantile(part);
            return ms ? json::value(std::round(*ms)) : json::value{nullptr};
          }};
}

void add_event_columns(std::vector<column>& out) {
  constexpr std::array names = {"impressions", "starts",         "firstQuartiles",
                                "midpoints",   "thirdQuartiles", "completes"};
  for (std::size_t i = 0; i < names.size(); ++i)
    out.push_back(number_column(names[i], [i](const analytics_row& r) { return r.events[i]; }));
  out.push_back({"completionRate", [](const analytics_row& r) {
                   return rate_of(static_cast<double>(r.events[5]),
                                  static_cast<double>(r.events[1]));
                 }});
  out.push_back(
      {"seconds", [](const analytics_row& r) { return json::value(to_seconds(r.shown)); }});
}

void add_break_columns(std::vector<column>& out) {
  out.push_back(number_column("avails", [](const analytics_row& r) { return r.breaks.avails; }));
  out.push_back(time_column("wantedSeconds", &avail_sums::wanted));
  out.push_back(time_column("filledSeconds", &avail_sums::filled));
  out.push_back({"fillRate", [](const analytics_row& r) {
                   return rate_of(to_seconds(r.breaks.filled), to_seconds(r.breaks.wanted));
                 }});
  out.push_back(time_column("slateSeconds", &avail_sums::slate));
  out.push_back(time_column("bumperSeconds", &avail_sums::bumpers));
  out.push_back(time_column("contentSeconds", &avail_sums::content));
}

void add_server_columns(std::vector<column>& out) {
  out.push_back(count_column("adRequests", &server_sums::requests));
  out.push_back(count_column("adAnswers", &server_sums::answers));
  out.push_back(count_column("adEmpty", &server_sums::empty));
  out.push_back(count_column("adTimeouts", &server_sums::timeouts));
  out.push_back(count_column("adErrors", &server_sums::errors));
  out.push_back(count_column("adPassedOver", &server_sums::passed_over));
  out.push_back(latency_column("latencyP50Ms", 0.5));
  out.push_back(latency_column("latencyP90Ms", 0.9));
  out.push_back(latency_column("latencyP99Ms", 0.99));
  out.push_back({"vastErrors", [](const analytics_row& r) -> json::value {
                   json::object codes;
                   for (const auto& [code, count] : r.servers.vast_errors) codes[code] = count;
                   return codes;
                 }});
}

// Of what has all dimensions.
std::vector<column> columns_of(const std::vector<dimension>& by) {
  const auto has = [&](dimension d) { return std::find(by.begin(), by.end(), d) != by.end(); };
  std::vector<column> out;
  if (report_builder::tells_of(by, counter_kind::shown))
    add_event_columns(out);
  else if (report_builder::tells_of(by, counter_kind::event))
    out.push_back(number_column("count", [](const analytics_row& r) { return r.all_events; }));
  if (report_builder::tells_of(by, counter_kind::avail)) {
    if (has(dimension::tier))
      out.push_back(time_column("filledSeconds", &avail_sums::filled));
    else
      add_break_columns(out);
  }
  if (report_builder::tells_of(by, counter_kind::server)) add_server_columns(out);
  return out;
}

bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos;
}

std::string quoted(std::string_view text) {
  std::string out{is_formula(text) ? "'" : ""};
  out += text;
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  for (std::size_t at = 0; (at = out.find('"', at)) != std::string::npos; at += 2)
    out.insert(at, 1, '"');
  return '"' + out + '"';
}

std::string cell_of(const json::value& v) {
  if (v.is_null()) return {};
  // "303:2 401:1"
  if (const auto* codes = v.if_object()) {
    std::string out;
    for (const auto& [code, count] : *codes)
      out.append(out.empty() ? "" : " ").append(code).append(":").append(json::serialize(count));
    return out;
  }
  if (v.is_double()) return format_seconds(from_seconds(v.get_double()));  // no exponents
  return json::serialize(v);
}

}  // namespace

json::array rows_json(const analytics_report& report, const std::vector<dimension>& by) {
  const auto columns = columns_of(by);
  json::array out;
  for (const auto& row : report.rows) {
    json::object o;
    for (std::size_t i = 0; i < by.size(); ++i) o[to_string(by[i])] = row.of[i];
    for (const auto& c : columns) o[c.name] = c.value(row);
    out.push_back(std::move(o));
  }
  return out;
}

bool has_columns(const std::vector<dimension>& by) {
  return !columns_of(by).empty();
}

std::string rows_csv(const analytics_report& report, const std::vector<dimension>& by) {
  const auto columns = columns_of(by);
  std::string out;
  const auto put = [&](const std::string& cell, bool last) {
    out.append(cell).append(last ? "\r\n" : ",");
  };
  for (const auto d : by) put(to_string(d), false);
  for (const auto& c : columns) put(c.name, &c == &columns.back());
  for (const auto& row : report.rows) {
    for (const auto& text : row.of) put(quoted(text), false);
    for (const auto& c : columns) put(cell_of(c.value(row)), &c == &columns.back());
  }
  return out;
}

}  // namespace interlude::net
