#include "apps/swarm/swarm_report.hpp"

#include <boost/json.hpp>
#include <cstdio>

namespace interlude::swarm {

namespace {

namespace json = boost::json;

// Enough to find a cause by; a node that is wrong everywhere must not fill the memory.
constexpr std::size_t kept_violations = 200;
constexpr std::size_t kept_moments = 20'000;

std::int64_t second_of(instant t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

std::string date_of(std::int64_t second) {
  return format_iso8601(instant{std::chrono::seconds{second}});
}

std::string rule_of(const std::string& text) {
  return text.substr(0, text.find(':'));
}

double milliseconds(duration d) {
  return static_cast<double>(d.count()) / 1000;
}

json::object figures(const histogram& h) {
  return {{"count", h.count()},
          {"p50_ms", milliseconds(h.quantile(0.5))},
          {"p90_ms", milliseconds(h.quantile(0.9))},
          {"p99_ms", milliseconds(h.quantile(0.99))},
          {"max_ms", milliseconds(h.max())}};
}

}  // namespace

void swarm_report::answered(request_kind kind, const std::string& channel, unsigned status,
                            duration latency, instant at) {
  latencies_[static_cast<std::size_t>(kind)].add(latency);
  ++statuses_[{kind, status}];
  if (status >= 400)
    count_failure(
        channel,
        std::string{request_names[static_cast<std::size_t>(kind)]} + " " + std::to_string(status),
        at);
}

void swarm_report::failed(request_kind kind, const std::string& channel, const std::string& why,
                          instant at) {
  ++statuses_[{kind, 0}];
  count_failure(channel, std::string{request_names[static_cast<std::size_t>(kind)]} + " " + why,
                at);
}

void swarm_report::count_failure(const std::string& channel, const std::string& what, instant at) {
  const moment key{second_of(at), channel, what};
  if (failures_.size() < kept_moments || failures_.contains(key)) ++failures_[key];
}

std::string swarm_report::violated(const place& where, const std::vector<std::string>& found,
                                   instant at) {
  std::string text;
  bool new_here = false;
  for (const auto& v : found) {
    text += v + '\n';
    // What stood before and stands now comes last and breaks no rule.
    if (v.starts_with("before:")) continue;
    ++violations_;
    new_here = ++by_rule_[where.channel + ' ' + where.mode + ' ' + rule_of(v)] <= 5 || new_here;
  }
  if (!new_here || kept_.size() >= kept_violations) return {};
  kept_.push_back({at, where, text});
  return format_iso8601(at) + ' ' + where.channel + ' ' + where.mode + " session " + where.session +
         ' ' + where.rendition + '\n' + text;
}

void swarm_report::stood_still(const place& where, duration length, instant until) {
  auto& s = stalls_[{second_of(until), where.channel, where.rendition}];
  ++s.first;
  s.second = std::max(s.second, length);
}

void swarm_report::jumped(const place& where, duration by, instant at) {
  auto& j = jumps_[{second_of(at), where.channel, where.rendition}];
  ++j.first;
  j.second = by;
}

std::string swarm_report::json(instant now) const {
  json::object latencies, statuses, by_rule, sessions;
  json::array failures, stalls, jumps, violations;
  for (std::size_t i = 0; i < request_names.size(); ++i)
    latencies[request_names[i]] = figures(latencies_[i]);
  for (const auto& [key, count] : statuses_) {
    const auto& [kind, status] = key;
    auto& of_kind = statuses[request_names[static_cast<std::size_t>(kind)]];
    if (!of_kind.is_object()) of_kind = json::object{};
    of_kind.get_object()[status == 0 ? "no answer" : std::to_string(status)] = count;
  }
  for (const auto& [key, count] : failures_)
    failures.push_back({{"at", date_of(std::get<0>(key))},
                        {"channel", std::get<1>(key)},
                        {"what", std::get<2>(key)},
                        {"count", count}});
  const auto moments = [](const auto& from, json::array& to) {
    for (const auto& [key, seen] : from)
      to.push_back({{"at", date_of(std::get<0>(key))},
                    {"channel", std::get<1>(key)},
                    {"rendition", std::get<2>(key)},
                    {"viewers", seen.first},
                    {"seconds", to_seconds(seen.second)}});
  };
  moments(stalls_, stalls);
  moments(jumps_, jumps);
  for (const auto& v : kept_)
    violations.push_back({{"at", format_iso8601(v.at)},
                          {"channel", v.where.channel},
                          {"mode", v.where.mode},
                          {"session", v.where.session},
                          {"rendition", v.where.rendition},
                          {"text", v.text}});
  for (const auto& [rule, count] : by_rule_) by_rule[rule] = count;
  for (const auto& [mode, count] : sessions_) sessions[mode] = count;
  return json::serialize(json::object{{"begun", format_iso8601(begun_)},
                                      {"seconds", to_seconds(now - begun_)},
                                      {"sessions", std::move(sessions)},
                                      {"playlists_checked", checked_},
                                      {"latencies", std::move(latencies)},
                                      {"statuses", std::move(statuses)},
                                      {"failures", std::move(failures)},
                                      {"stalls", std::move(stalls)},
                                      {"date_jumps", std::move(jumps)},
                                      {"violation_count", violations_},
                                      {"violations_by_rule", std::move(by_rule)},
                                      {"violations", std::move(violations)}});
}

std::string swarm_report::summary(instant now) const {
  std::array<char, 160> line{};
  const auto print = [&](auto... values) {
    std::snprintf(line.data(), line.size(), values...);
    return std::string{line.data()};
  };
  std::string out = print("%-10s %10s %9s %9s %9s %9s  (ms)\n", "requests", "answered", "p50",
                          "p90", "p99", "max");
  for (std::size_t i = 0; i < request_names.size(); ++i) {
    const auto& h = latencies_[i];
    out +=
        print("%-10s %10llu %9.1f %9.1f %9.1f %9.1f\n", request_names[i],
              static_cast<unsigned long long>(h.count()), milliseconds(h.quantile(0.5)),
              milliseconds(h.quantile(0.9)), milliseconds(h.quantile(0.99)), milliseconds(h.max()));
  }
  std::map<std::string, std::uint64_t> failures;
  for (const auto& [key, count] : failures_)
    failures[std::get<1>(key) + ": " + std::get<2>(key)] += count;
  for (const auto& [what, count] : failures) out += what + ": " + std::to_string(count) + '\n';
  for (const auto& [rule, count] : by_rule_)
    out += "VIOLATED " + rule + ": " + std::to_string(count) + '\n';
  out += std::to_string(checked_) + " playlists checked in " + format_seconds(now - begun_) +
         " s, " + std::to_string(violations_) + " violations\n";
  return out;
}

}  // namespace interlude::swarm
