// House pods: what a channel plays in its breaks when nobody else has decided.
//
// Of the channel's own ads those that suit viewer and time, by smooth weighted round robin over its
// breaks: of so many breaks as the weights add up to, each ad opens as many as its weight says,
// spread evenly; with equal weights each break starts one ad further. Ads of weight 0 are a last
// resort: they stand behind all others. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/time.hpp"

namespace interlude::ads {

// For whom and when a house ad plays, and how often it comes first.
struct house_terms {
  std::vector<std::string> tags;       // one of them must be asked for; empty: plays always
  std::vector<std::string> countries;  // ISO 3166, upper case; empty: everywhere
  std::uint64_t weight = 1;
  std::optional<instant> from, until;  // from then on; no longer from then on
};

struct house_ad_rule {
  std::string name;
  house_terms terms{};
};

struct house_request {
  std::vector<std::string> tags;
  std::string country;  // empty: not known, and none of those that an ad asks for
  instant now{};
  std::uint64_t ordinal = 0;  // counts the channel's breaks
};

// The ads' names in the order in which they should be tried; what does not fit into the break is
// passed over by the pod fitting (media/stitch/plan). Its time grows with the sum of the weights,
// after what divides them all has been taken out.
std::vector<std::string> house_pod(std::span<const house_ad_rule> ads,
                                   const house_request& request);

// The tags of a list such as "sport, news": the first 32, without the spaces around them.
std::vector<std::string> split_tags(std::string_view list);

}  // namespace interlude::ads
