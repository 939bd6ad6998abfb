// The story of one decision: what was asked for a break and an audience, what was answered, what
// was chosen of it, what was not, and why.
//
// A value for people, made when the break's plan stands. Nothing in it is personal but what the
// audience's name tells: URLs are templates without their queries, and of requests nothing is kept.
// Bounded: in the number of its entries, and each text of others in its length. Pure.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/decision/decision_messages.hpp"
#include "actors/decision/skip_reason.hpp"
#include "media/stitch/ad_break.hpp"
#include "media/stitch/plan.hpp"

namespace interlude {

// What one ad server was asked and answered.
struct asked_tier {
  std::string server;  // without its query
  inquiry_outcome outcome = inquiry_outcome::answered;
  std::string problem;  // empty: it had ads that can be played
  std::size_t requests = 0, candidates = 0;
  std::chrono::milliseconds took{0};
};

// An ad that could have played.
struct considered_ad {
  std::string id;        // the ad server's, or the house ad's name
  std::string tier;      // "ads", "service" or "house"
  std::string creative;  // what its media is known by; empty: the operator's own, or not known
  duration length{0};    // 0: not known
  std::optional<int> vast_error;
  std::optional<skipped_ad> skipped;  // nothing: it was chosen
  std::optional<std::size_t> place;   // then: among the plan's items
};

struct planned_item {
  std::string name;
  stitch::item_kind kind = stitch::item_kind::ad;
  duration length{0};
};

struct decision_story {
  static constexpr std::size_t most_ads = 64, most_items = 64, longest_text = 200;

  std::string break_id;
  stitch::cue_source source = stitch::cue_source::playlist;
  instant start{};
  duration wanted{0};  // what was to be filled

  std::string audience;  // audience_names.hpp
  instant asked_at{};
  std::chrono::milliseconds took{0};  // until the answer came
  bool cached = false;
  std::optional<instant> answered_at;  // when the ad servers were asked for what was answered
  std::vector<asked_tier> tiers;       // in order
  std::string problem;                 // why there is no answer; empty: there is one

  std::vector<considered_ad> ads;
  std::size_t ads_left_out = 0;     // of this list
  std::vector<planned_item> items;  // empty: content
  duration ads_length{0}, slate_length{0}, bumper_length{0};

  duration content_length() const;  // what nothing of the node's fills
};

using story_ptr = std::shared_ptr<const decision_story>;

// A story up to the answer: what was asked, which ads failed, and nothing of what is planned yet.
decision_story begin_story(const stitch::ad_break& b, duration wanted, std::string audience,
                           instant asked_at, const decision_made& made);

// An ad server's candidate; its verdict is the caller's to add.
considered_ad considered(const ad_candidate& ad, const std::string& tier);

// Those of `ads` that are not skipped and not in `fit` do not play after all: there is no room for
// them between the bumpers, or (`usable` says no) nothing of the kind can play in the channel.
void skip_unfit(std::vector<considered_ad>& ads, const stitch::pod_offer& pod,
                const stitch::pod_fit& fit,
                const std::function<bool(const stitch::pod_ad&)>& usable);

// Adds ads; those that are beyond the bound are counted.
void add_ads(decision_story& story, std::vector<considered_ad> ads);

// Adds what is planned; null: nothing. What should have played and is not in it came too late.
void end_story(decision_story& story, const stitch::plan* plan, std::size_t primary);

// About so much memory.
std::size_t bytes_of(const decision_story& story);

// {"audience", "asked", "tiers": [...], "ads": [...], "plan": [...], ...} (docs/http-api.md).
boost::json::object story_json(const decision_story& story);

// "api", "playlist", "media", "schedule" or "join".
const char* source_name(stitch::cue_source source) noexcept;

}  // namespace interlude
