#include "ads/pod/choose_pod.hpp"

#include <algorithm>

namespace interlude::ads {

namespace {

constexpr std::size_t most_steps = 20'000;

// Looks through all choices of some candidates, the first of them first, and keeps the longest.
class search {
 public:
  search(std::span<const pod_candidate> all, const pod_rules& rules) : all_(all), rules_(rules) {}

  // Adds to `chosen` those of `places` that fill `left` best; returns what is left then.
  duration fill(std::vector<std::size_t>& chosen, std::vector<std::size_t> places, duration left) {
    places_ = std::move(places);
    rest_.assign(places_.size() + 1, duration{0});
    for (auto i = places_.size(); i-- > 0;) rest_[i] = rest_[i + 1] + all_[places_[i]].length;
    chosen_ = best_ = chosen;
    best_left_ = left;
    steps_ = 0;
    look(0, left);
    chosen = best_;
    return best_left_;
  }

 private:
  void look(std::size_t at, duration left) {
    if (left < best_left_) {
      best_left_ = left;
      best_ = chosen_;
    }
    // Nothing is left to be won, by filling all or by what there still is.
    if (best_left_ == duration{0} || at == places_.size() || left - rest_[at] >= best_left_ ||
        ++steps_ > most_steps)
      return;
    const auto& c = all_[places_[at]];
    if (c.length <= left && agrees(c)) {
      chosen_.push_back(places_[at]);
      look(at + 1, left - c.length);
      chosen_.pop_back();
    }
    look(at + 1, left);
  }

  bool agrees(const pod_candidate& c) const {
    return std::none_of(chosen_.begin(), chosen_.end(), [&](std::size_t i) {
      const auto& other = all_[i];
      if (c.creative == other.creative) return true;
      if (rules_.separate_advertisers && !c.advertiser.empty() && c.advertiser == other.advertiser)
        return true;
      return rules_.separate_categories &&
             std::find_first_of(c.categories.begin(), c.categories.end(), other.categories.begin(),
                                other.categories.end()) != c.categories.end();
    });
  }

  std::span<const pod_candidate> all_;
  const pod_rules& rules_;
  std::vector<std::size_t> places_, chosen_, best_;
  std::vector<duration> rest_;  // of the lengths from a place on
  duration best_left_{0};
  std::size_t steps_ = 0;
};

}  // namespace

std::vector<std::size_t> choose_pod(std::span<const pod_candidate> candidates, duration budget,
                                    const pod_rules& rules) {
  std::vector<std::size_t> pod, alone, chosen;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (candidates[i].length > duration{0}) (candidates[i].in_pod ? pod : alone).push_back(i);
  search s{candidates, rules};
  const auto left = s.fill(chosen, std::move(pod), budget);
  s.fill(chosen, std::move(alone), left);
  return chosen;
}

}  // namespace interlude::ads
