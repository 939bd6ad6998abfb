// Fetches content from origins for the viewers of channels whose segments the node serves, and
// keeps it (content_cache.hpp).
//
// The client is one of its own: a slow download of segments must not keep a playlist waiting for a
// connection. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "actors/channel_settings.hpp"
#include "actors/http_fetcher.hpp"
#include "media/stitch/content_names.hpp"
#include "net/content_cache.hpp"

namespace interlude::net {

struct proxy_options {
  std::uint64_t cache_bytes = 256ull * 1024 * 1024;       // of all channels together
  std::uint64_t max_segment_bytes = 64ull * 1024 * 1024;  // a larger one is not served
};

class content_proxy {
 public:
  // `fetcher` outlives it.
  content_proxy(http_fetcher& fetcher, const proxy_options& options);

  const content_cache& cache() const { return *cache_; }
  // Null if it has to be fetched.
  content_cache::body_ptr find(const stitch::content_source& source);
  // `done` is called exactly once, from any thread. Errors: errc::timed_out if the origin took
  // longer than four times the channel's origin_timeout, errc::internal if this node does too much
  // already, any other for what cannot be served.
  void fetch(const channel_settings& channel, const stitch::content_source& source,
             content_cache::callback done);

 private:
  http_fetcher& fetcher_;
  const std::uint64_t max_segment_bytes_;
  std::shared_ptr<content_cache> cache_;
};

}  // namespace interlude::net
