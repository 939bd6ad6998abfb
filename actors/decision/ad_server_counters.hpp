// What became of requests to ad servers by host, for the metrics. Counted since the start.
//
// Hosts are those of the URLs that are configured: what wrappers name is any number of hosts, and
// goes into one line. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "actors/histogram.hpp"

namespace interlude {

struct ad_server_counters {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> errors{0};  // no answer, or HTTP 4xx and 5xx
  duration_histogram took;
};

class ad_server_book {
 public:
  static constexpr std::size_t most = 50;  // hosts with a line of their own
  static constexpr std::string_view others = "other";

  explicit ad_server_book(const std::vector<std::string>& urls);

  // By authority in lower case, "ads.test:8080".
  ad_server_counters& of(std::string_view host);
  const std::map<std::string, ad_server_counters, std::less<>>& all() const noexcept {
    return hosts_;
  }

 private:
  std::map<std::string, ad_server_counters, std::less<>> hosts_;  // its keys never change
};

}  // namespace interlude
