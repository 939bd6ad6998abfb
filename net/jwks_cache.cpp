#include "net/jwks_cache.hpp"

#include "net/await.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

awaitable<result<std::string>> jwks_cache::get(std::string url) {
  std::string kept;
  {
    const std::lock_guard lock{mutex_};
    if (const auto it = entries_.find(url); it != entries_.end()) {
      kept = it->second.document;
      const auto now = std::chrono::steady_clock::now();
      if (!kept.empty() && now - it->second.fetched_at < 5min) co_return kept;
      if (now - it->second.failed_at < 2s && !kept.empty()) co_return kept;
      if (now - it->second.failed_at < 2s)
        co_return error{errc::unavailable, url, "the key server did not answer just now"};
    }
  }
  fetch_request request;
  request.url = url;
  request.timeout = 3000ms;
  request.max_bytes = 64 * 1024;
  auto answer = co_await await_result<fetch_response>(
      [&](auto done) { fetcher_.fetch(std::move(request), std::move(done)); });
  if (answer && answer->status == 200) {
    const std::lock_guard lock{mutex_};
    entries_[url] = {answer->body, std::chrono::steady_clock::now(), {}};
    co_return std::move(answer->body);
  }
  {
    const std::lock_guard lock{mutex_};
    entries_[url].failed_at = std::chrono::steady_clock::now();
  }
  if (!kept.empty()) co_return kept;
  if (!answer) co_return answer.error();
  co_return error{errc::unavailable, url,
                  "the key server answered HTTP " + std::to_string(answer->status)};
}

}  // namespace interlude::net
