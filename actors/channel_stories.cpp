// What a channel's operators are told: why a break has these ads for an audience, and no others.
// And what ad servers are, of ads that cannot be played.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>
#include <map>

#include "actors/channel.hpp"
#include "actors/decision/question.hpp"
#include "actors/log_line.hpp"
#include "ads/request/ad_request.hpp"
#include "ads/tracking/due_events.hpp"
#include "media/core/clipped.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

// "AVAIL_DURATION_EXCEEDED:1,NEW_CREATIVE:2"
std::string reasons_in(const decision_story& story) {
  std::map<std::string_view, std::size_t> counts;
  for (const auto& ad : story.ads)
    if (ad.skipped) ++counts[to_string(ad.skipped->reason)];
  std::string out;
  for (const auto& [reason, count] : counts)
    out.append(out.empty() ? "" : ",").append(reason).append(":").append(std::to_string(count));
  return out;
}

std::string server_in(const decision_story& story) {
  const auto it = std::find_if(story.tiers.begin(), story.tiers.end(),
                               [](const asked_tier& t) { return t.candidates > 0; });
  return it == story.tiers.end() ? std::string{} : it->server;
}

// One line for each decision.
void log_story(const decision_story& s, const std::string& channel) {
  const auto chosen = std::count_if(s.ads.begin(), s.ads.end(),
                                    [](const considered_ad& ad) { return !ad.skipped; });
  log_line line{chosen > 0 ? "FILLED_AVAIL" : "WARNING_NO_ADVERTISEMENTS"};
  line.add("channel", channel).add("break", s.break_id).add("audience", s.audience);
  line.add("server", server_in(s)).add("cached", s.cached ? "true" : "false");
  line.add("took_ms", s.took.count()).add("ads", chosen).add("skipped", reasons_in(s));
  line.add("duration", format_seconds(s.wanted)).add("filled", format_seconds(s.ads_length));
  line.add("slate", format_seconds(s.slate_length));
  line.add("content", format_seconds(s.content_length())).add("why", s.problem);
  spdlog::info("{}", line.text());
}

// VAST 4.3 section 2.3.6. The ad is not to blame where the channel has too much to do.
std::optional<vast::error_code> error_of(creative_progress progress) {
  switch (progress) {
    case creative_progress::fresh:
    case creative_progress::under_way:
      return vast::error_code::mezzanine_being_fetched;
    case creative_progress::failed:
      return vast::error_code::linear;
    case creative_progress::ready:
    case creative_progress::unwanted:
      break;
  }
  return std::nullopt;
}

}  // namespace

// Once for an answer, however many are shown what it says in whichever way, and whoever tells of
// the ads that play.
void channel_state::tell_unready(const stitch::open_decision& open, const decision_made& made) {
  if (!arguments_.beacons || !made.found) return;
  const auto question = question_for(open);
  std::vector<beacon_event> all;
  for (const auto& c : made.found->candidates) {
    const auto code = error_of(creatives_.progress_of(c));
    if (!code || !c.ad || c.ad->content.errors.empty()) continue;
    auto& event = all.emplace_back();
    event.key = "error/" + settings().path() + '/' + open.opportunity.id + '/' +
                std::string{cohort_part(open.audience)} + '/' + c.key + '/' + c.name;
    const auto random = static_cast<std::uint32_t>(std::hash<std::string>{}(event.key));
    for (const auto& url : c.ad->content.errors) {
      if (event.beacons.size() == ads::most_urls_of_event) break;
      auto pixel = ads::make_error_request(url, vast::number_of(*code), question.who, question.what,
                                           wall(now()), random);
      event.beacons.push_back({std::move(pixel.url), std::move(pixel.headers), settings().path(),
                               "error", c.name, open.opportunity.id, question.who.session});
    }
  }
  // What is refused is counted and said where that happens.
  if (!all.empty()) arguments_.beacons->accept(std::move(all), [](const acceptance&) {});
}

std::vector<considered_ad> channel_state::considered_house_ads(
    const stitch::pod_offer& ready, const std::vector<std::string>& names) {
  std::vector<considered_ad> out;
  for (const auto& name : names) {
    const auto it = std::find_if(ready.ads.begin(), ready.ads.end(),
                                 [&](const stitch::pod_ad& ad) { return ad.name == name; });
    auto& ad = out.emplace_back();
    ad.id = clipped(name, decision_story::longest_text);
    ad.tier = "house";
    if (it != ready.ads.end())
      ad.length = it->media->total;
    else
      ad.skipped = {skip_reason::transcode_in_progress, "its creative is not conditioned yet"};
  }
  return out;
}

// What fits; what does not is said of the ads.
stitch::pod_fit channel_state::fit(considered_pod& pod, duration length) const {
  const auto& window = timeline_->window(timeline_->primary());
  const auto target = window ? window->target_duration : duration{10s};
  const auto fit_alone = [&](const stitch::pod_offer& offer, duration budget) {
    return stitch::fit_pod(offer, budget, timeline_->primary(), polls_.size(), target);
  };
  auto found = fit_alone(pod.offer, length);
  skip_unfit(pod.ads, pod.offer, found, [&](const stitch::pod_ad& ad) {
    return !fit_alone({{ad}, nullptr, nullptr}, duration::max() / 2).ads.empty();
  });
  return found;
}

decision_story channel_state::story_so_far(const stitch::open_decision& open,
                                           const decision_made& made, steady_time asked) const {
  auto story = begin_story(open.opportunity, open.wanted, open.audience, wall(asked), made);
  story.took = std::chrono::duration_cast<std::chrono::milliseconds>(now() - asked);
  if (!made.found && !settings().ad_servers.empty()) story.problem = "no decision came in time";
  return story;
}

// On the air is what was spliced, which may differ from what was decided for the whole break.
void channel_state::tell(decision_story story) {
  stitch::plan_ptr plan;
  if (timeline_->knows_audience(story.audience)) {
    const auto& audience = timeline_->state_of(story.audience);
    const auto* splice = stitch::find_splice(audience, story.break_id);
    plan = splice != nullptr ? splice->plan : stitch::find_decided(audience, story.break_id);
  }
  end_story(story, plan.get(), timeline_->primary());
  log_story(story, settings().path());
  auto& counters = arguments_.view->counters;
  count_plan(counters, story);
  if (story.source != stitch::cue_source::join && !stories_.knows(story.break_id))
    counters.breaks.fetch_add(1, std::memory_order_relaxed);
  const auto told = std::make_shared<const decision_story>(std::move(story));
  if (arguments_.debugging) arguments_.debugging->tell(settings().path(), told, wall(now()));
  note_avail(*told);
  stories_.add(told);
}

void channel_state::on(break_lines_wanted& m) {
  m.done(stories_.lines());
}

void channel_state::on(break_stories_wanted& m) {
  m.done(stories_.of(m.break_id, m.audience));
}

}  // namespace interlude
