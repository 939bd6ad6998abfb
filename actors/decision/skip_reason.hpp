// Why an ad that an ad server named is not played, in words that operators may know already: those
// of MediaTailor's logs, and where it has none, our own in the same style.
//
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actors/creative_progress.hpp"
#include "actors/decision/exposure_book.hpp"
#include "ads/pod/choose_pod.hpp"
#include "ads/vast/error_code.hpp"

namespace interlude {

enum class skip_reason : std::uint8_t {
  new_creative,             // seen for the first time: it is to be conditioned
  transcode_in_progress,    // not conditioned yet
  transcode_error,          // it cannot be conditioned, or could not be when it was tried last
  media_file_unavailable,   // the ad has no file that can be stitched
  no_variant_match,         // what was made of it does not suit the channel's renditions
  avail_duration_exceeded,  // it is too long for what is left of the break
  ads_timeout,              // a wrapper did not answer in time, or the decision came too late
  vast_parsing_error,
  wrapper_limit,  // too many of them, or a circle
  no_ad_after_wrapper,
  vpaid_ad_dropped,
  ad_rejected,  // of a kind that is not played here, or that a wrapper blocks
  duplicate_creative,
  competitive_separation,  // its advertiser or category plays in the break already
  frequency_cap,
};

// "NEW_CREATIVE", ...
const char* to_string(skip_reason reason) noexcept;

skip_reason reason_of(vast::error_code code) noexcept;

struct skipped_ad {
  skip_reason reason = skip_reason::avail_duration_exceeded;
  std::string why;  // for the operator
};

// Nothing for a creative that is ready.
std::optional<skipped_ad> why_unready(creative_progress progress);

// For each candidate why it was not among the `chosen` (places in `candidates`) that fill a break
// of `length`; nothing for those that were. `refused` is what the book of exposures said, as far as
// it was asked.
std::vector<std::optional<skipped_ad>> why_skipped(std::span<const ads::pod_candidate> candidates,
                                                   std::span<const std::size_t> chosen,
                                                   std::span<const refused_ad> refused,
                                                   duration length, const ads::pod_rules& rules);

}  // namespace interlude
