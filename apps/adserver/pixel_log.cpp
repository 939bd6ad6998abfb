#include "apps/adserver/pixel_log.hpp"

#include <boost/json/array.hpp>

namespace interlude::adserver {

namespace json = boost::json;

std::string pixel_log::name_of(const std::string& target) {
  const auto at = target.find("&cb=");
  if (at == std::string::npos) return target;
  const auto end = target.find('&', at + 1);
  return target.substr(0, at) + (end == std::string::npos ? "" : target.substr(end));
}

void pixel_log::add(pixel_request p) {
  const std::lock_guard lock{mutex_};
  ++count_;
  if (times_.size() < most_ || times_.contains(name_of(p.target))) ++times_[name_of(p.target)];
  latest_.push_front(std::move(p));
  if (latest_.size() > most_) latest_.pop_back();
}

void pixel_log::clear() {
  const std::lock_guard lock{mutex_};
  latest_.clear();
  times_.clear();
  count_ = failed_ = 0;
}

json::object pixel_log::show() const {
  const std::lock_guard lock{mutex_};
  std::uint64_t again = 0;
  for (const auto& [name, times] : times_) again += times - 1;
  json::array pixels;
  for (const auto& p : latest_) {
    json::object headers;
    for (const auto& [name, value] : p.headers) headers[name] = value;
    const auto times = times_.find(name_of(p.target));
    pixels.push_back(json::object{{"time", format_iso8601(p.at)},
                                  {"url", p.target},
                                  {"times", times == times_.end() ? 1 : times->second},
                                  {"headers", std::move(headers)}});
  }
  return {
      {"count", count_}, {"duplicates", again}, {"failed", failed_}, {"pixels", std::move(pixels)}};
}

std::string pixel_log::lines() const {
  const std::lock_guard lock{mutex_};
  std::string out;
  for (auto p = latest_.rbegin(); p != latest_.rend(); ++p)
    out += std::to_string(
               std::chrono::floor<std::chrono::milliseconds>(p->at).time_since_epoch().count()) +
           ' ' + p->target + '\n';
  return out;
}

void pixel_log::fail() {
  const std::lock_guard lock{mutex_};
  ++failed_;
}

}  // namespace interlude::adserver
