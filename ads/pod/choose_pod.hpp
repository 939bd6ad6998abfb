// Which ads of an answer fill a break.
//
// The longest fill that does not exceed it: of an ad server's pod in the pod's order, and then, in
// what is left, of the ads that stand alone, those that fit best. Never the same creative twice,
// nor (unless it is allowed) two ads of one advertiser or of one category. Where two choices are
// equally long the one with the earlier ads stands. Exact for as many ads as ad servers send; for
// absurdly many the best of those looked at, so that the time is bounded. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::ads {

struct pod_candidate {
  duration length{0};
  bool in_pod = false;  // its place among the others of the pod is where it stands in the list
  std::string creative;
  std::string advertiser;               // a domain or a name; empty: of nobody in particular
  std::vector<std::string> categories;  // "authority code"
};

struct pod_rules {
  bool separate_advertisers = true, separate_categories = true;
};

// Places in `candidates`, in the order in which they play.
std::vector<std::size_t> choose_pod(std::span<const pod_candidate> candidates, duration budget,
                                    const pod_rules& rules = {});

}  // namespace interlude::ads
