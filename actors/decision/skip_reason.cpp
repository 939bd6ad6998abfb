#include "actors/decision/skip_reason.hpp"

#include <algorithm>

namespace interlude {

namespace {

using ads::pod_candidate;

// What a candidate would have to play beside.
class pod_of {
 public:
  pod_of(std::span<const pod_candidate> all, std::span<const std::size_t> chosen, duration length)
      : left_(length) {
    for (const auto i : chosen) {
      ads_.push_back(&all[i]);
      left_ -= all[i].length;
      shown_.add(ads::exposure_of(all[i], {}));
    }
  }

  duration left() const { return left_; }
  // Caps hold within a break too, whoever watches.
  std::optional<std::string> why_capped(const pod_candidate& c,
                                        const ads::frequency_policy& caps) const {
    return shown_.why_not(ads::exposure_of(c, {}), caps);
  }
  std::optional<skipped_ad> why_not_beside(const pod_candidate& c,
                                           const ads::pod_rules& rules) const {
    for (const auto* other : ads_) {
      if (other->creative == c.creative)
        return skipped_ad{skip_reason::duplicate_creative, "the break has this creative already"};
      if (rules.separate_advertisers && !c.advertiser.empty() && other->advertiser == c.advertiser)
        return skipped_ad{skip_reason::competitive_separation,
                          "the break has an ad of " + c.advertiser + " already"};
      const auto same = std::find_first_of(c.categories.begin(), c.categories.end(),
                                           other->categories.begin(), other->categories.end());
      if (rules.separate_categories && same != c.categories.end())
        return skipped_ad{skip_reason::competitive_separation,
                          "the break has an ad of category " + *same + " already"};
    }
    return std::nullopt;
  }

 private:
  std::vector<const pod_candidate*> ads_;
  ads::exposure_history shown_;
  duration left_;
};

skipped_ad too_long(std::string_view why) {
  return {skip_reason::avail_duration_exceeded, std::string{why}};
}

skipped_ad why_not(const pod_candidate& c, const refused_ad* refused, const pod_of& pod,
                   duration length, const ads::pod_rules& rules) {
  if (c.length <= duration{0})
    return {skip_reason::media_file_unavailable, "its media has no length"};
  if (refused != nullptr && refused->capped) return {skip_reason::frequency_cap, refused->why};
  if (c.length > length) return too_long("it is longer than the break");
  if (auto beside = pod.why_not_beside(c, rules)) return *std::move(beside);
  if (auto capped = pod.why_capped(c, rules.frequency))
    return {skip_reason::frequency_cap, *std::move(capped)};
  if (c.length > pod.left()) return too_long("it does not fit beside the others");
  // The pod's ads go before those that stand alone, and of very many not all choices are looked at.
  return too_long("another choice fills the break better");
}

}  // namespace

const char* to_string(skip_reason reason) noexcept {
  switch (reason) {
    case skip_reason::new_creative:
      return "NEW_CREATIVE";
    case skip_reason::transcode_in_progress:
      return "TRANSCODE_IN_PROGRESS";
    case skip_reason::transcode_error:
      return "TRANSCODE_ERROR";
    case skip_reason::media_file_unavailable:
      return "MEDIA_FILE_UNAVAILABLE";
    case skip_reason::no_variant_match:
      return "NO_VARIANT_MATCH";
    case skip_reason::avail_duration_exceeded:
      return "AVAIL_DURATION_EXCEEDED";
    case skip_reason::ads_timeout:
      return "ADS_TIMEOUT";
    case skip_reason::vast_parsing_error:
      return "VAST_PARSING_ERROR";
    case skip_reason::wrapper_limit:
      return "WRAPPER_LIMIT";
    case skip_reason::no_ad_after_wrapper:
      return "NO_AD_AFTER_WRAPPER";
    case skip_reason::vpaid_ad_dropped:
      return "VPAID_AD_DROPPED";
    case skip_reason::ad_rejected:
      return "AD_REJECTED";
    case skip_reason::duplicate_creative:
      return "DUPLICATE_CREATIVE";
    case skip_reason::competitive_separation:
      return "COMPETITIVE_SEPARATION";
    case skip_reason::frequency_cap:
      return "FREQUENCY_CAP";
  }
  return "INTERNAL_ERROR";
}

skip_reason reason_of(vast::error_code code) noexcept {
  using vast::error_code;
  switch (code) {
    case error_code::wrapper_timeout:
      return skip_reason::ads_timeout;
    case error_code::wrapper_limit:
      return skip_reason::wrapper_limit;
    case error_code::no_ad_after_wrapper:
      return skip_reason::no_ad_after_wrapper;
    case error_code::vpaid:
      return skip_reason::vpaid_ad_dropped;
    case error_code::unexpected_ad_type:
    case error_code::other_linearity:
    case error_code::other_duration:
    case error_code::category_required:
    case error_code::category_blocked:
    case error_code::conditional_ad_rejected:
      return skip_reason::ad_rejected;
    case error_code::linear:
    case error_code::media_file_not_found:
    case error_code::media_file_timeout:
    case error_code::no_supported_media_file:
    case error_code::media_file_unplayable:
    case error_code::mezzanine_missing:
    case error_code::mezzanine_being_fetched:
    case error_code::mezzanine_unfit:
      return skip_reason::media_file_unavailable;
    default:
      return skip_reason::vast_parsing_error;
  }
}

std::optional<skipped_ad> why_unready(creative_progress progress) {
  switch (progress) {
    case creative_progress::ready:
      return std::nullopt;
    case creative_progress::fresh:
      return skipped_ad{skip_reason::new_creative, "its creative is wanted for the first time"};
    case creative_progress::under_way:
      return skipped_ad{skip_reason::transcode_in_progress, "its creative is being conditioned"};
    case creative_progress::failed:
      return skipped_ad{skip_reason::transcode_error,
                        "its creative could not be conditioned: /v1/creatives says why"};
    case creative_progress::unwanted:
      return skipped_ad{skip_reason::new_creative,
                        "its creative waits for the channel's own, or for others"};
  }
  return std::nullopt;
}

std::vector<std::optional<skipped_ad>> why_skipped(std::span<const pod_candidate> candidates,
                                                   std::span<const std::size_t> chosen,
                                                   std::span<const refused_ad> refused,
                                                   duration length, const ads::pod_rules& rules) {
  const pod_of pod{candidates, chosen, length};
  std::vector<std::optional<skipped_ad>> out(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (std::find(chosen.begin(), chosen.end(), i) != chosen.end()) continue;
    const auto said = std::find_if(refused.begin(), refused.end(),
                                   [&](const refused_ad& r) { return r.place == i; });
    out[i] = why_not(candidates[i], said == refused.end() ? nullptr : &*said, pod, length, rules);
  }
  return out;
}

}  // namespace interlude
