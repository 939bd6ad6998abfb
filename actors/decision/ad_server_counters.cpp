#include "actors/decision/ad_server_counters.hpp"

#include "media/core/lowered.hpp"
#include "media/core/url_host.hpp"

namespace interlude {

ad_server_book::ad_server_book(const std::vector<std::string>& urls) {
  for (const auto& url : urls)
    if (const auto host = host_in(url); !host.empty() && hosts_.size() < most)
      hosts_.try_emplace(lowered(host));
  hosts_.try_emplace(std::string{others});
}

ad_server_counters& ad_server_book::of(std::string_view host) {
  const auto it = hosts_.find(host);
  return it == hosts_.end() ? hosts_.find(others)->second : it->second;
}

}  // namespace interlude
