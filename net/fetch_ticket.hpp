// A request on its way through the client.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "actors/http_fetcher.hpp"

namespace interlude::net {

// Answers exactly once, at the latest when it is destroyed.
class fetch_ticket {
 public:
  fetch_ticket(fetch_request r, http_fetcher::callback done)
      : request(std::move(r)), done_(std::move(done)) {}
  fetch_ticket(tagged_request r, std::shared_ptr<answer_tray> to)
      : request(std::move(r.request)), tag_(r.tag), tray_(std::move(to)) {}
  ~fetch_ticket() {
    answer(error{errc::unavailable, request.url.substr(0, request.url.find('?')),
                 "the client is shutting down"});
  }
  fetch_ticket(const fetch_ticket&) = delete;
  fetch_ticket& operator=(const fetch_ticket&) = delete;

  void answer(result<fetch_response> r) {
    if (auto done = std::exchange(done_, nullptr)) done(std::move(r));
    if (auto to = std::exchange(tray_, nullptr)) {
      std::vector<fetch_answer> one;
      one.push_back({tag_, std::move(r)});
      to->put(std::move(one));
    }
  }
  // Of one that goes to a tray: it is answered together with others.
  const std::shared_ptr<answer_tray>& tray() const noexcept { return tray_; }
  void keep(result<fetch_response> r) { kept_.emplace(std::move(r)); }
  fetch_answer leave() {
    tray_ = nullptr;
    return {tag_, *std::move(kept_)};
  }

  fetch_request request;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point deadline = started + request.timeout;

 private:
  http_fetcher::callback done_{};  // or
  std::uint64_t tag_ = 0;
  std::shared_ptr<answer_tray> tray_{};
  std::optional<result<fetch_response>> kept_{};
};

// Those that keep their answers, by where these go.
inline std::vector<std::pair<std::shared_ptr<answer_tray>, std::vector<fetch_answer>>> bundles_of(
    std::vector<std::shared_ptr<fetch_ticket>> all) {
  std::vector<std::pair<std::shared_ptr<answer_tray>, std::vector<fetch_answer>>> out;
  while (!all.empty()) {
    const auto to = all.front()->tray();
    const auto others = std::stable_partition(all.begin(), all.end(),
                                              [&](const auto& t) { return t->tray() == to; });
    auto& answers = out.emplace_back(to, std::vector<fetch_answer>{}).second;
    answers.reserve(static_cast<std::size_t>(others - all.begin()));
    for (auto it = all.begin(); it != others; ++it) answers.push_back((*it)->leave());
    all.erase(all.begin(), others);
  }
  return out;
}

}  // namespace interlude::net
