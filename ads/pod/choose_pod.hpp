// Which ads of an answer fill a break.
//
// The longest fill that does not exceed it: of an ad server's pod in the pod's order, and then, in
// what is left, of the ads that stand alone, those that fit best. Never the same creative twice,
// nor (unless it is allowed) two ads of one advertiser or of one category, nor what a viewer has
// seen too often, the ads of the pod counted in. Where two choices are equally long the one with
// the earlier ads stands. Exact for as many ads as ad servers send; for absurdly many the best of
// those looked at, so that the time is bounded. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "ads/frequency/exposure_history.hpp"
#include "media/core/time.hpp"

namespace interlude::ads {

struct pod_candidate {
  duration length{0};
  bool in_pod = false;  // its place among the others of the pod is where it stands in the list
  std::string creative;
  std::string advertiser;               // a domain or a name; empty: of nobody in particular
  std::vector<std::string> categories;  // "authority code"
  std::string campaign{};               // empty: of none in particular
};

// As what a candidate is counted that plays at that time.
exposure exposure_of(const pod_candidate& candidate, instant at) noexcept;

struct pod_rules {
  bool separate_advertisers = true, separate_categories = true;
  frequency_policy frequency{};
};

// Places in `candidates`, in the order in which they play. `seen`: by the viewer; `at`: when the
// break begins.
std::vector<std::size_t> choose_pod(std::span<const pod_candidate> candidates, duration budget,
                                    const pod_rules& rules = {}, const exposure_history& seen = {},
                                    instant at = {});

}  // namespace interlude::ads
