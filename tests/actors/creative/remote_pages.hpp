// A network in memory for creatives.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/actors/creative/studio.hpp"

namespace interlude::test {

// Pages given out by a thread of their own, as the real client does.
class remote : public http_fetcher {
 public:
  ~remote() override {
    for (auto& t : threads_) t.join();
  }
  void fetch(fetch_request r, callback done) override {
    const std::lock_guard lock{mutex_};
    requests_.push_back(r);
    threads_.emplace_back([r = std::move(r), done = std::move(done), this] { done(answer_to(r)); });
  }
  // With a tag, who names it is told that nothing has changed.
  void put(const std::string& url, std::string body, std::string etag = {}) {
    const std::lock_guard lock{mutex_};
    pages_[url] = {std::move(body), std::move(etag)};
  }
  void take_away(const std::string& url) {
    const std::lock_guard lock{mutex_};
    pages_.erase(url);
  }
  std::vector<fetch_request> requests() {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

 private:
  struct resource {
    std::string body, etag;
  };

  result<fetch_response> answer_to(const fetch_request& r) {
    const std::lock_guard lock{mutex_};
    const auto page = pages_.find(r.url);
    fetch_response answer;
    answer.status = page == pages_.end() ? 404 : 200;
    answer.final_url = r.url;
    if (page == pages_.end()) return answer;
    if (page->second.body.size() > r.max_bytes) return error{errc::too_large, r.url, "too large"};
    answer.etag = page->second.etag;
    for (const auto& [field, value] : r.headers)
      if (field == "If-None-Match" && !answer.etag.empty() && value == answer.etag) {
        answer.status = 304;
        return answer;
      }
    answer.body = page->second.body;
    return answer;
  }

  std::map<std::string, resource> pages_;
  std::mutex mutex_;
  std::vector<fetch_request> requests_;
  std::vector<std::thread> threads_;
};

struct remote_studio : studio {
  explicit remote_studio(const scratch_folder& folder, creative_options options = {})
      : remote_studio(folder, std::make_shared<remote>(), std::move(options)) {}

  const std::shared_ptr<remote> network;

 private:
  remote_studio(const scratch_folder& folder, std::shared_ptr<remote> r, creative_options options)
      : studio(folder, r, std::move(options)), network(std::move(r)) {}
};

}  // namespace interlude::test
