#include "ads/pod/choose_pod.hpp"

#include <algorithm>

namespace interlude::ads {

namespace {

constexpr std::size_t most_steps = 20'000;

// Looks through all choices of some candidates, the first of them first, and keeps the longest.
class search {
 public:
  search(std::span<const pod_candidate> all, const pod_rules& rules, const exposure_history& seen,
         instant at)
      : all_(all), rules_(rules) {
    for (const auto& c : all_) {
      const auto next = exposure_of(c, at);
      may_play_.push_back(c.length > duration{0} && !seen.why_not(next, rules.frequency));
      counted_.push_back(next);
      for (const auto& cap : rules.frequency.caps) seen_.push_back(seen.count(next, cap));
    }
  }

  bool may_play(std::size_t i) const { return may_play_[i]; }

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
    if (c.length <= left && agrees(c) && stays_within_caps(places_[at])) {
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

  bool stays_within_caps(std::size_t place) const {
    const auto& caps = rules_.frequency.caps;
    for (std::size_t k = 0; k < caps.size(); ++k) {
      const auto key = counted_[place].key(caps[k].per);
      const auto same = std::count_if(chosen_.begin(), chosen_.end(), [&](std::size_t i) {
        return counted_[i].key(caps[k].per) == key;
      });
      const auto count = seen_[place * caps.size() + k] + static_cast<std::uint64_t>(same);
      if (key != 0 && count >= caps[k].max) return false;
    }
    return true;
  }

  std::span<const pod_candidate> all_;
  const pod_rules& rules_;
  std::vector<bool> may_play_;
  std::vector<exposure> counted_;
  std::vector<std::uint64_t> seen_;  // by candidate and cap
  std::vector<std::size_t> places_, chosen_, best_;
  std::vector<duration> rest_;  // of the lengths from a place on
  duration best_left_{0};
  std::size_t steps_ = 0;
};

}  // namespace

exposure exposure_of(const pod_candidate& candidate, instant at) noexcept {
  return {at, count_key(candidate.creative), count_key(candidate.campaign),
          count_key(candidate.advertiser)};
}

std::vector<std::size_t> choose_pod(std::span<const pod_candidate> candidates, duration budget,
                                    const pod_rules& rules, const exposure_history& seen,
                                    instant at) {
  search s{candidates, rules, seen, at};
  std::vector<std::size_t> pod, alone, chosen;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (s.may_play(i)) (candidates[i].in_pod ? pod : alone).push_back(i);
  const auto left = s.fill(chosen, std::move(pod), budget);
  s.fill(chosen, std::move(alone), left);
  return chosen;
}

}  // namespace interlude::ads
