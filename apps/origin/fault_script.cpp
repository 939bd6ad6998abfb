#include "apps/origin/fault_script.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "apps/origin/control.hpp"

namespace interlude::origin {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr double longest = 7 * 86'400;  // seconds

error wrong(const std::string& where, std::string what) {
  return {errc::malformed, where, std::move(what)};
}

result<duration> read_time(const std::string& where, std::string_view name, const json::value& v,
                           double least) {
  const auto place = where + "." + std::string{name};
  if (!v.is_number()) return wrong(place, "seconds are expected");
  const auto seconds = v.to_number<double>();
  if (seconds < least || seconds > longest)
    return wrong(place, "is not from " + format_seconds(from_seconds(least)) + " to " +
                            format_seconds(from_seconds(longest)) + " seconds");
  return from_seconds(seconds);
}

result<bool> read_member(scripted_fault& f, const std::string& where, std::string_view name,
                         const json::value& v, const std::vector<std::string>& channels) {
  if (name == "at" || name == "every") {
    const auto time = read_time(where, name, v, name == "at" ? 0 : 1);
    if (!time) return time.error();
    if (name == "at")
      f.at = *time;
    else
      f.every = *time;
  } else if (name == "channel") {
    if (!v.is_string()) return wrong(where + ".channel", "a name or \"*\" is expected");
    f.channel = v.get_string();
    if (f.channel != "*" &&
        std::find(channels.begin(), channels.end(), f.channel) == channels.end())
      return wrong(where + ".channel", "there is no channel " + f.channel);
  } else if (name == "faults") {
    f.faults = json::serialize(v);
    const auto known = apply_control({}, f.faults, 0, {});
    if (!known) return wrong(where + ".faults", known.error().message());
  } else {
    return wrong(where + "." + std::string{name},
                 "unknown member; known are: at, every, channel, faults");
  }
  return true;
}

result<scripted_fault> read_entry(const json::value& v, const std::string& where,
                                  const std::vector<std::string>& channels) {
  if (!v.is_object()) return wrong(where, "an object is expected");
  scripted_fault f;
  for (const auto& [name, member] : v.get_object())
    if (const auto read = read_member(f, where, name, member, channels); !read) return read.error();
  for (const auto* name : {"at", "channel", "faults"})
    if (!v.get_object().contains(name)) return wrong(where, std::string{name} + " is missing");
  return f;
}

bool is_skipped(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t\r");
  return begin == std::string_view::npos || line.substr(begin).starts_with("//");
}

result<fault_script> read_lines(std::string_view text, const std::vector<std::string>& channels) {
  fault_script out;
  for (int number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (is_skipped(line)) continue;
    const auto where = "line " + std::to_string(number);
    boost::system::error_code ec;
    const auto v = json::parse(line, ec);
    if (ec) return wrong(where, "is no JSON: " + ec.message());
    auto f = read_entry(v, where, channels);
    if (!f) return f.error();
    out.faults.push_back(*std::move(f));
  }
  return out;
}

}  // namespace

result<fault_script> read_fault_script(std::string_view text,
                                       const std::vector<std::string>& channels) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text[begin] != '[') return read_lines(text, channels);
  boost::system::error_code ec;
  const auto v = json::parse(text, ec);
  if (ec) return wrong("script", "is no JSON: " + ec.message());
  fault_script out;
  for (std::size_t i = 0; i < v.get_array().size(); ++i) {
    auto f = read_entry(v.get_array()[i], "entry " + std::to_string(i + 1), channels);
    if (!f) return f.error();
    out.faults.push_back(*std::move(f));
  }
  return out;
}

std::vector<due_fault> faults_due(const fault_script& script, duration from, duration to) {
  std::vector<due_fault> out;
  for (const auto& f : script.faults) {
    auto at = f.at;
    if (f.every && from >= at) at += ((from - at) / *f.every + 1) * *f.every;
    for (; at <= to; at += *f.every) {
      if (at > from) out.push_back({at, &f});
      if (!f.every) break;
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const due_fault& a, const due_fault& b) { return a.at < b.at; });
  return out;
}

}  // namespace interlude::origin
