// An ad of VAST as what it is for the choice of a pod.
#pragma once

#include "ads/pod/choose_pod.hpp"
#include "ads/vast/vast_response.hpp"

namespace interlude::ads {

// `length` of its media, or of what it says of itself; `creative` is what its media is known by.
inline pod_candidate pod_candidate_of(const vast::ad& ad, std::string creative, duration length,
                                      bool in_pod) {
  pod_candidate out{length, in_pod, std::move(creative), ad.advertiser.text, {}};
  for (const auto& category : ad.categories)
    out.categories.push_back(category.authority + ' ' + category.code);
  return out;
}

}  // namespace interlude::ads
