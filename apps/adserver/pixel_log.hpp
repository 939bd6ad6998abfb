// The pixels that were requested: when, which, with which headers, and how often before.
//
// Bounded: the oldest are forgotten, their counts stay. Thread-safe.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::adserver {

struct pixel_request {
  instant at{};
  std::string target;  // path and query
  std::vector<std::pair<std::string, std::string>> headers;
};

class pixel_log {
 public:
  explicit pixel_log(std::size_t most = 100'000) : most_(most) {}

  void add(pixel_request p);
  void clear();
  // {"count", "duplicates", "failed", "pixels": [{"time", "url", "times", "headers": {...}}, ...]},
  // the latest first. Two requests are the same pixel if they differ in "cb" alone.
  boost::json::object show() const;
  // All that is still known, the first first: a line for each, as in
  // "1767225600123 /pixel?event=start\n" (milliseconds since 1970, path and query).
  std::string lines() const;
  // One that was requested, and has not arrived.
  void fail();

 private:
  static std::string name_of(const std::string& target);

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::deque<pixel_request> latest_;
  std::map<std::string, std::uint64_t> times_;
  std::uint64_t count_ = 0, failed_ = 0;
};

}  // namespace interlude::adserver
