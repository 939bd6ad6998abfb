// How actors reach the outside world: one asynchronous HTTP request. net/http_client is the real
// one; tests script theirs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
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
  // Else what is in it, of what type and how much, is nobody's business: the status is the answer,
  // if it is a whole one.
  bool wants_body = true;
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

// Where the answers to many requests are put down, by whatever thread they come on; those that come
// together at a time.
struct fetch_answer {
  std::uint64_t tag = 0;  // of the request
  result<fetch_response> answer;
};
class answer_tray {
 public:
  virtual ~answer_tray() = default;
  virtual void put(std::vector<fetch_answer> all) = 0;
};

struct tagged_request {
  std::uint64_t tag = 0;
  fetch_request request;
};

class http_fetcher {
 public:
  using callback = std::function<void(result<fetch_response>)>;
  virtual ~http_fetcher() = default;
  // `done` is called exactly once, from any thread, also when the fetcher is shut down
  // (errc::unavailable).
  virtual void fetch(fetch_request request, callback done) = 0;
  // Each is answered exactly once, in the same way. For who makes thousands in a second: whoever
  // makes and whoever hears of them is woken once for many.
  virtual void fetch_all(std::vector<tagged_request> all, const std::shared_ptr<answer_tray>& to) {
    for (auto& one : all)
      fetch(std::move(one.request), [to, tag = one.tag](result<fetch_response> answer) {
        std::vector<fetch_answer> single;
        single.push_back({tag, std::move(answer)});
        to->put(std::move(single));
      });
  }
};

}  // namespace interlude
