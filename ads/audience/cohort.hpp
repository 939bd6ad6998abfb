// For whom one decision holds: each viewer, or all who are alike in what the operator names.
//
// A cohort is known by what makes it one ("country=DE,device=tv"), so logs say who was meant. Of
// its viewers an ad server is told what all of them have in common, and nothing else. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ads/request/ad_request.hpp"

namespace interlude::ads {

struct audience_policy {
  bool per_viewer = false;              // else by these:
  std::vector<std::string> attributes;  // country, region, device, consent, bucket, ads.NAME
  std::uint64_t buckets = 1;            // viewers are spread over so many, each always to the same
  std::uint64_t most = 10'000;          // audiences at a time; who comes then is shown what all are

  bool is_common() const noexcept { return !per_viewer && attributes.empty(); }
};

bool is_attribute(std::string_view name);

// From 0 on; by the viewer's id, or the session's.
std::uint64_t bucket_of(const viewer& who, std::uint64_t buckets);

// Empty if there is one cohort. At most some hundred characters, none of which is a slash or a
// control character; what is long, or has such, stands as a hash.
std::string cohort_of(const viewer& who, const audience_policy& policy);

viewer common_to_cohort(const viewer& who, const audience_policy& policy);

}  // namespace interlude::ads
