// How actors reach the outside world: one asynchronous HTTP request. net/http_client is the real
// one; tests script theirs.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"

namespace interlude {

struct fetch_request {
  std::string method = "GET";
  std::string url;  // http or https
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds timeout{5000};  // for the whole exchange, redirects included
  std::size_t max_bytes = 2 * 1024 * 1024;  // of the decoded body
  int max_redirects = 5;
  bool wants_body = true;  // else what is in it, and how it is packed, is nobody's business
  // The URL is not the operator's, but came in an ad server's answer: it must not lead into the
  // network that the node stands in.
  bool from_stranger = false;
  bool stranger_redirects = false;  // the same for where it is redirected to
};

// Any HTTP status is a response; only what prevented an answer is an error (errc::timed_out,
// unavailable, too_large, malformed), with `where` the URL without its query and `what` the reason.
struct fetch_response {
  unsigned status = 0;
  std::string body;  // decoded (gzip)
  std::string content_type, etag, last_modified, location, retry_after;
  std::string final_url;  // after redirects
  duration elapsed{0};
};

class http_fetcher {
 public:
  using callback = std::function<void(result<fetch_response>)>;
  virtual ~http_fetcher() = default;
  // `done` is called exactly once, from any thread, also when the fetcher is shut down
  // (errc::unavailable).
  virtual void fetch(fetch_request request, callback done) = 0;
};

}  // namespace interlude
