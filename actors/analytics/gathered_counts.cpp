#include "actors/analytics/gathered_counts.hpp"

#include <utility>

namespace interlude {

namespace {

std::string key_of(const tally& t) {
  return t.channel + '\n' + std::to_string(t.when.time_since_epoch().count()) + '\n' + t.name;
}

}  // namespace

void gathered_counts::add(std::vector<tally> all) {
  const std::lock_guard lock{mutex_};
  for (auto& t : all) {
    auto key = key_of(t);
    const auto it = counts_.find(key);
    if (it != counts_.end())
      it->second.count += t.count;
    else if (counts_.size() < most_)
      counts_.emplace(std::move(key), std::move(t));
    else
      ++lost_;
  }
}

std::vector<tally> gathered_counts::take() {
  std::unordered_map<std::string, tally> taken;
  {
    const std::lock_guard lock{mutex_};
    taken.swap(counts_);
  }
  std::vector<tally> out;
  out.reserve(taken.size());
  for (auto& [key, t] : taken) out.push_back(std::move(t));
  return out;
}

std::uint64_t gathered_counts::lost() const {
  const std::lock_guard lock{mutex_};
  return lost_;
}

}  // namespace interlude
