// Key documents (JWKS) of viewer-token issuers: fetched when they are needed, kept for five
// minutes, the old one kept on when the issuer does not answer; after a failure the issuer is left
// alone for two seconds. Thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "actors/http_fetcher.hpp"
#include "net/http_message.hpp"

namespace interlude::net {

class jwks_cache {
 public:
  explicit jwks_cache(http_fetcher& fetcher) : fetcher_(fetcher) {}

  awaitable<result<std::string>> get(std::string url);

 private:
  struct entry {
    std::string document;
    std::chrono::steady_clock::time_point fetched_at{}, failed_at{};
  };

  http_fetcher& fetcher_;
  std::mutex mutex_;
  std::map<std::string, entry> entries_;
};

}  // namespace interlude::net
