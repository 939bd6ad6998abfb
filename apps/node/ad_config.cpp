#include "apps/node/ad_config.hpp"

#include <algorithm>

namespace interlude {

namespace {

// A date stands for its first moment.
void read_moment(config_reader& r, std::string_view key, std::optional<instant>& place,
                 std::string_view meaning) {
  std::string text;
  r.text(key, text, meaning);
  if (text.empty()) return;
  place = parse_iso8601(text);
  if (!place) place = parse_iso8601(text + "T00:00:00Z");
  if (!place) r.fail(key, "a date or time as in 2026-11-24 or 2026-11-24T18:00:00Z is expected");
}

bool is_country(std::string_view text) {
  return text.size() == 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

constexpr std::size_t max_caps = 16;
constexpr double longest_window = 30 * 86'400;

void read_cap(config_reader& r, ads::frequency_cap& cap) {
  r.choice<ads::cap_scope>("per", cap.per,
                           {{"creative", ads::cap_scope::creative},
                            {"campaign", ads::cap_scope::campaign},
                            {"advertiser", ads::cap_scope::advertiser}},
                           "what is counted");
  r.number("max", cap.max, 1, 100, "how often a viewer may see one of them in any window");
  r.seconds("window", cap.window, 1, longest_window, "the window's length");
}

}  // namespace

void read_house_ad(config_reader& r, house_ad& ad) {
  r.text("name", ad.name, "how logs and tracking call it", true);
  r.text("source", ad.source, "file or http(s) URL of the media (mp4, mov, ...)", true);
  r.texts("tags", ad.terms.tags,
          "plays only for viewers whose ads.tags name one of them; empty: for all");
  r.texts("countries", ad.terms.countries,
          "plays only for viewers in one of them (ISO 3166: AT, DE); empty: everywhere");
  r.number("weight", ad.terms.weight, 0, 100,
           "how often it comes first, beside the others; 0: only behind all others");
  read_moment(r, "from", ad.terms.from,
              "plays in breaks that begin then or later: a date or time, ISO 8601, UTC");
  read_moment(r, "until", ad.terms.until, "plays in breaks that begin earlier");
  if (r.reference()) return;
  if (!is_plain_name(ad.name))
    r.fail("name", "up to 64 characters of letters, digits, _ and - are expected");
  if (!std::all_of(ad.terms.countries.begin(), ad.terms.countries.end(), is_country))
    r.fail("countries", "two capital letters each are expected");
  if (ad.terms.from && ad.terms.until && *ad.terms.until <= *ad.terms.from)
    r.fail("until", "must be later than from");
}

void read_frequency(config_reader& r, ads::pod_rules& rules) {
  r.list("caps", rules.frequency.caps, read_cap);
  r.seconds("min_gap", rules.frequency.min_gap, 0, longest_window,
            "the time before a viewer may see the same creative again");
  r.flag("separate_advertisers", rules.separate_advertisers,
         "a break has one ad of an advertiser at most");
  r.flag("separate_categories", rules.separate_categories,
         "a break has one ad of a category at most");
  if (!r.reference() && rules.frequency.caps.size() > max_caps)
    r.fail("caps", "at most " + std::to_string(max_caps) + " are expected");
}

void read_keeping(config_reader& r, decision_keeping& k) {
  r.seconds("fresh", k.fresh, 0, 86'400, "a decision of an ad server answers equal questions");
  r.seconds(
      "stale", k.stale, 0, 86'400,
      "after that it stands in for an ad server that fails; POST /v1/decision answers with it "
      "while it asks anew");
  r.seconds("refusal", k.refusal, 0, 3600, "an ad server that has nothing is not asked again");
}

void read_audiences(config_reader& r, ads::audience_policy& a) {
  r.choice<bool>("per", a.per_viewer, {{"cohort", false}, {"viewer", true}},
                 "for whom a decision holds: all who are alike, or each viewer");
  r.texts("by", a.attributes,
          "what makes viewers alike: country, region, device, consent, bucket, ads.NAME (a "
          "player's parameter); none: all are");
  r.number("buckets", a.buckets, 1, 1000, "over which viewers are spread, each always to the same");
  r.number("most", a.most, 1, 1'000'000,
           "audiences at a time; who comes when there are more is shown what all are");
  for (const auto& name : a.attributes)
    if (!ads::is_attribute(name))
      r.fail("by", name + " is none of country, region, device, consent, bucket and ads.NAME");
}

}  // namespace interlude
