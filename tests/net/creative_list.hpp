// Creatives of a node that stands still: two, and no others.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "actors/creative/creative_status.hpp"

namespace interlude::net {

class creative_list : public creative_gateway {
 public:
  void list_creatives(std::string after, std::size_t limit,
                      std::function<void(result<creative_page>)> done) override {
    note("list " + after + " " + std::to_string(limit));
    creative_page page;
    page.bytes = 5000;
    page.budget = 9000;
    page.next = after.empty() ? "bad" : "";
    creative_status ready;
    ready.key = "ready1";
    ready.stage = creative_stage::ready;
    ready.source = "http://cdn.test/a.mp4";
    ready.length = std::chrono::seconds{8};
    ready.loudness = -17.26;
    ready.bytes = 5000;
    ready.used = instant{std::chrono::seconds{60}};
    creative_status bad;
    bad.key = "bad";
    bad.stage = creative_stage::quarantined;
    bad.source = "http://cdn.test/b.mp4";
    bad.until = instant{std::chrono::hours{1}};
    bad.failures = 6;
    bad.why = "the server answered HTTP 404";
    page.creatives = {bad, ready};
    done(std::move(page));
  }
  void retry_creative(std::string key, std::function<void(result<bool>)> done) override {
    note("retry " + key);
    if (key == "bad") return done(true);
    done(error{errc::not_found, key, "no source of this key has failed"});
  }
  void remove_creative(std::string key, std::function<void(result<bool>)> done) override {
    note("remove " + key);
    if (key == "ready1") return done(true);
    done(error{errc::not_found, key, "no creative of this key has been made"});
  }

  std::vector<std::string> asked() {
    const std::lock_guard lock{mutex_};
    return asked_;
  }

 private:
  void note(std::string question) {
    const std::lock_guard lock{mutex_};
    asked_.push_back(std::move(question));
  }

  std::mutex mutex_;
  std::vector<std::string> asked_;
};

}  // namespace interlude::net
