#include "actors/creative/job_queue.hpp"

#include <algorithm>
#include <utility>

namespace interlude {

job_queue::outcome job_queue::push(const std::string& host, std::string job) {
  if (host.empty()) {
    if (own_.size() >= capacity_) return {false, std::nullopt};
    own_.push_back(std::move(job));
    return {};
  }
  outcome out;
  if (count_ >= capacity_) {
    const auto longest = std::max_element(
        others_.begin(), others_.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    const auto mine = others_.find(host);
    const auto waiting = mine == others_.end() ? 0 : mine->second.size();
    if (longest == others_.end() || longest->second.size() <= waiting + 1)
      return {false, std::nullopt};
    out.dropped = std::move(longest->second.back());
    longest->second.pop_back();  // it had two at least
    --count_;
  }
  others_[host].push_back(std::move(job));
  ++count_;
  return out;
}

std::optional<std::string> job_queue::pop() {
  std::optional<std::string> job;
  if (!own_.empty()) {
    job = std::move(own_.front());
    own_.pop_front();
    return job;
  }
  if (others_.empty()) return job;
  auto turn = others_.upper_bound(served_);
  if (turn == others_.end()) turn = others_.begin();
  served_ = turn->first;
  job = std::move(turn->second.front());
  turn->second.pop_front();
  if (turn->second.empty()) others_.erase(turn);
  --count_;
  return job;
}

}  // namespace interlude
