// An ad of VAST as what it is for the choice of a pod.
#pragma once

#include "ads/frequency/ad_identity.hpp"
#include "ads/pod/choose_pod.hpp"

namespace interlude::ads {

// `length` of its media, or of what it says of itself; `creative` is what its media is known by.
inline pod_candidate pod_candidate_of(const vast::resolved_ad& ad, std::string creative,
                                      duration length, bool in_pod) {
  pod_candidate out{length, in_pod,         std::move(creative), advertiser_of(ad.content),
                    {},     campaign_of(ad)};
  for (const auto& category : ad.content.categories)
    out.categories.push_back(category.authority + ' ' + category.code);
  return out;
}

}  // namespace interlude::ads
