#include "actors/decision/decision_story.hpp"

#include <algorithm>

#include "media/core/clipped.hpp"

namespace interlude {

namespace {

std::string shown(std::string_view text) {
  return clipped(text, decision_story::longest_text);
}

asked_tier tier_of(const tier_report& r) {
  return {shown(r.server), r.outcome, shown(r.problem), r.requests, r.candidates, r.took};
}

considered_ad considered(const vast::error_notice& notice) {
  considered_ad out;
  out.id = shown(notice.ad_id);
  out.tier = "ads";
  out.vast_error = vast::number_of(notice.code);
  out.skipped = skipped_ad{reason_of(notice.code), shown(notice.what)};
  return out;
}

duration& length_of_kind(decision_story& story, stitch::item_kind kind) {
  switch (kind) {
    case stitch::item_kind::slate:
      return story.slate_length;
    case stitch::item_kind::bumper:
      return story.bumper_length;
    case stitch::item_kind::ad:
      break;
  }
  return story.ads_length;
}

void add_items(decision_story& story, const stitch::plan& plan, std::size_t primary) {
  for (const auto& item : plan.items) {
    const auto length = stitch::length_of(item, primary);
    length_of_kind(story, item.kind) += length;
    if (story.items.size() < decision_story::most_items)
      story.items.push_back({shown(item.name), item.kind, length});
  }
}

// Each item is of one ad, whatever the names.
class planned_ads {
 public:
  explicit planned_ads(const std::vector<planned_item>& items) : items_(items) {
    free_.assign(items.size(), true);
  }
  std::optional<std::size_t> take(const std::string& name) {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!free_[i] || items_[i].kind != stitch::item_kind::ad || items_[i].name != name) continue;
      free_[i] = false;
      return i;
    }
    return std::nullopt;
  }

 private:
  const std::vector<planned_item>& items_;
  std::vector<bool> free_;
};

}  // namespace

duration decision_story::content_length() const {
  return std::max<duration>(wanted - ads_length - slate_length - bumper_length, duration{0});
}

decision_story begin_story(const stitch::ad_break& b, duration wanted, std::string audience,
                           instant asked_at, const decision_made& made) {
  decision_story out;
  out.break_id = b.id;
  out.source = b.source;
  out.start = b.start;
  out.wanted = wanted;
  out.audience = std::move(audience);
  out.asked_at = asked_at;
  out.cached = made.cached;
  if (!made.found) return out;
  out.answered_at = made.found->asked_at;
  for (const auto& report : made.found->reports) {
    out.tiers.push_back(tier_of(report));
    for (const auto& notice : report.skipped) add_ads(out, {considered(notice)});
  }
  return out;
}

considered_ad considered(const ad_candidate& ad, const std::string& tier) {
  considered_ad out;
  out.id = shown(ad.name);
  out.tier = tier;
  // A creative without an id of its own is known by its URL: that ends where its query begins.
  out.creative = shown(std::string_view{ad.key}.substr(0, ad.key.find('?')));
  return out;
}

void skip_unfit(std::vector<considered_ad>& ads, const stitch::pod_offer& pod,
                const stitch::pod_fit& fit,
                const std::function<bool(const stitch::pod_ad&)>& usable) {
  std::size_t next = 0;
  for (const auto& ad : pod.ads) {
    const bool plays =
        next < fit.ads.size() && fit.ads[next].name == ad.name && fit.ads[next].media == ad.media;
    if (plays) {
      ++next;
      continue;
    }
    const auto it = std::find_if(ads.begin(), ads.end(), [&](const considered_ad& c) {
      return !c.skipped && c.id == shown(ad.name);
    });
    if (it == ads.end()) continue;
    if (usable(ad))
      it->skipped = {skip_reason::avail_duration_exceeded, "there is no room left for it"};
    else
      it->skipped = {skip_reason::no_variant_match,
                     "it lacks renditions, or its segments are too long for them"};
  }
}

void add_ads(decision_story& story, std::vector<considered_ad> ads) {
  for (auto& ad : ads) {
    if (story.ads.size() == decision_story::most_ads) {
      ++story.ads_left_out;
      continue;
    }
    if (ad.skipped) ad.skipped->why = shown(ad.skipped->why);
    story.ads.push_back(std::move(ad));
  }
}

void end_story(decision_story& story, const stitch::plan* plan, std::size_t primary) {
  if (plan != nullptr) add_items(story, *plan, primary);
  planned_ads planned{story.items};
  for (auto& ad : story.ads) {
    if (ad.skipped) continue;
    ad.place = planned.take(ad.id);
    if (!ad.place)
      ad.skipped = {skip_reason::ads_timeout, "the plan of the break stood before it was chosen"};
  }
}

std::size_t bytes_of(const decision_story& story) {
  auto total = sizeof story + story.audience.size() + story.problem.size();
  for (const auto& t : story.tiers) total += sizeof t + t.server.size() + t.problem.size();
  for (const auto& a : story.ads)
    total += sizeof a + a.id.size() + a.tier.size() + a.creative.size() +
             (a.skipped ? a.skipped->why.size() : 0);
  for (const auto& i : story.items) total += sizeof i + i.name.size();
  return total;
}

const char* source_name(stitch::cue_source source) noexcept {
  switch (source) {
    case stitch::cue_source::control_api:
      return "api";
    case stitch::cue_source::playlist:
      return "playlist";
    case stitch::cue_source::in_band:
      return "media";
    case stitch::cue_source::time_schedule:
      return "schedule";
    case stitch::cue_source::join:
      return "join";
  }
  return "playlist";
}

}  // namespace interlude
