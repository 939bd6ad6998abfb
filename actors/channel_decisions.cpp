// What a channel plays in its breaks: decisions asked for and taken.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>

#include "actors/channel.hpp"
#include "actors/decision/decision.hpp"
#include "actors/decision/decision_json.hpp"
#include "actors/decision/question.hpp"
#include "actors/log_line.hpp"
#include "ads/pod/vast_candidate.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr duration longest_spread = 20s;  // of one break's questions
constexpr auto decision_slack = 250ms;    // a decision answers in its budget; this is for its way
constexpr auto resumed_lately = 3s;

}  // namespace

// A stitched playlist with the break's first segment in it waits for the decision; a break to come
// holds nobody up. Those are asked for one after the other, so that an ad server sees a slope and
// no wall, and have come before the break may begin.
void channel_state::ask_for_decisions() {
  if (!timeline_) return;
  give_back_exposures();
  count_avails();
  ask_for(timeline_->take_open_decisions());
}

void channel_state::ask_for(std::vector<stitch::open_decision> all) {
  const auto edge = timeline_->live_edge();
  std::vector<stitch::open_decision> early;
  for (auto& open : all) {
    spdlog::info("{}", log_line{"AD_MARKER_FOUND"}
                           .add("channel", settings().path())
                           .add("break", open.opportunity.id)
                           .add("audience", open.audience)
                           .add("source", source_name(open.opportunity.source))
                           .add("state", stitch::to_string(open.opportunity.state))
                           .add("start", format_iso8601(open.opportunity.start))
                           .add("duration", format_seconds(open.wanted))
                           .text());
    if (has_begun(open))
      ask_for_decision(open, !is_guided(open.audience));
    else
      early.push_back(std::move(open));
  }
  for (std::size_t i = 0; i < early.size(); ++i) {
    const auto lead = edge ? early[i].opportunity.start - *edge : duration{0};
    const auto spread = std::clamp<duration>(
        lead - settings().early_decision_timeout - decision_slack, duration{0}, longest_spread);
    if (i == 0 || spread == duration{0} || settings().ad_servers.empty()) {
      ask_for_decision(early[i], false);
      continue;
    }
    const auto at =
        now() + spread * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(early.size());
    later_.push_back({std::move(early[i]), at});
  }
  std::stable_sort(later_.begin(), later_.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
}

bool channel_state::has_begun(const stitch::open_decision& open) const {
  const auto edge = timeline_->live_edge();
  return edge && open.opportunity.start < *edge;
}

void channel_state::ask_what_is_due(steady_time t) {
  ask_now([&](const later_decision& l) { return l.at <= t || has_begun(l.open); });
}

void channel_state::ask_now(const std::function<bool(const later_decision&)>& which) {
  std::vector<later_decision> due;
  std::erase_if(later_, [&](later_decision& l) {
    if (!which(l)) return false;
    due.push_back(std::move(l));
    return true;
  });
  for (const auto& l : due)
    if (timeline_->is_open(l.open.audience, l.open.opportunity.id))
      ask_for_decision(l.open, has_begun(l.open) && !is_guided(l.open.audience));
}

decision_wanted channel_state::question_for(const stitch::open_decision& open) const {
  const auto& b = open.opportunity;
  const auto who = arguments_.view->audiences.who(open.audience);
  auto q = make_question(
      settings(), {settings().path(), b.id, b.event_id, open.wanted, b.start, ordinal_of(b.id)},
      std::string{cohort_part(open.audience)}, who ? *who : ads::viewer{});
  if (!has_begun(open)) q.budget = settings().early_decision_timeout;
  q.patient = true;
  return q;
}

void channel_state::ask(decision_wanted question, std::function<void(const decision_made&)> then) {
  const auto patience = question.budget + decision_slack;
  const auto shard = decision_shard(question, arguments_.decisions.size());
  self_->request(arguments_.decisions[shard], patience, std::move(question))
      .then([then](const decision_made& made) { then(made); }, [then](caf::error&) { then({}); });
}

void channel_state::ask_for_decision(const stitch::open_decision& open, bool due) {
  if (due) timeline_->hold(open.audience);
  ask(question_for(open), [this, open, due, asked = now()](const decision_made& made) {
    // The answer to a question of before is there at once, before its creatives are.
    const auto ripe_at = resumed_at_ + resumed_lately;
    const auto patience = due ? asked + settings().decision_timeout : ripe_at;
    take_decision({open, made, asked, std::min(ripe_at, patience), due});
  });
}

void channel_state::take_decision(unripe_decision d) {
  if (may_wait(d) && !is_ready(d.made)) {
    want_ads(d.made);
    unripe_.push_back(std::move(d));
    return arm();
  }
  take(d);
}

void channel_state::take(const unripe_decision& d) {
  decide(d.open, d.made, d.asked);
  if (d.held) release(d.open.audience);
}

// Not when a stitched break begins that holds nobody.
bool channel_state::may_wait(const unripe_decision& d) const {
  return now() < d.until && (d.held || is_guided(d.open.audience) || !has_begun(d.open));
}

void channel_state::take_what_is_ripe(bool creatives_came) {
  std::vector<unripe_decision> ripe;
  std::erase_if(unripe_, [&](unripe_decision& d) {
    if (may_wait(d) && !(creatives_came && is_ready(d.made))) return false;
    ripe.push_back(std::move(d));
    return true;
  });
  for (const auto& d : ripe) take(d);
}

// The same for all audiences of a break, unless one comes in before it meanwhile; one that is none
// of the channel's, since a viewer joined, counts as the next.
std::uint64_t channel_state::ordinal_of(const std::string& break_id) const {
  const auto& breaks = timeline_->breaks();
  const auto* b = find_break(break_id);
  const auto place = b != nullptr ? b - breaks.data() : std::ssize(breaks);
  return timeline_->forgotten_breaks() + static_cast<std::uint64_t>(place);
}

void channel_state::want_ads(const decision_made& made) {
  if (!made.found) return;
  for (const auto& c : made.found->candidates) creatives_.made_or_wanted(c);
  condition_wanted();
}

// Those of the ad server's that are ready and fill the break best, then house ads, which take what
// is left.
channel_state::considered_pod channel_state::offer_of(const decision_made& made,
                                                      const pod_question& what) {
  considered_pod pod{creatives_.ready(settings(), made.house_ads), {}};
  auto house = considered_house_ads(pod.offer, made.house_ads);
  if (!made.found) {
    pod.ads = std::move(house);
    return pod;
  }
  std::vector<stitch::pod_ad> ready;
  std::vector<ads::pod_candidate> candidates;
  std::vector<std::size_t> places;  // of the candidates, among what is considered
  std::vector<const ad_candidate*> sources;
  for (const auto& c : made.found->candidates) {
    auto media = creatives_.made(c);
    auto& ad = pod.ads.emplace_back(considered(c, made.found->tier));
    ad.length = media ? media->total : length_of(c);
    ad.skipped = why_unready(creatives_.progress_of(c));
    if (!media) continue;
    places.push_back(pod.ads.size() - 1);
    sources.push_back(&c);
    candidates.push_back(ads::pod_candidate_of(*c.ad, c.key, media->total, c.in_pod));
    ready.push_back({c.name, std::move(media)});
  }
  const auto chosen_now = choose(candidates, what);
  auto why =
      why_skipped(candidates, chosen_now.places, chosen_now.refused, what.length, settings().pods);
  for (std::size_t i = 0; i < why.size(); ++i) pod.ads[places[i]].skipped = std::move(why[i]);
  std::vector<stitch::pod_ad> chosen;
  for (const auto i : chosen_now.places) {
    chosen.push_back(ready[i]);
    if (!what.break_id.empty()) chosen.back().tracking = tracking_of(*sources[i], *made.found);
  }
  pod.offer.ads.insert(pod.offer.ads.begin(), chosen.begin(), chosen.end());
  pod.ads.insert(pod.ads.end(), house.begin(), house.end());
  return pod;
}

// On disk before the plan that names it: the writer takes one thing after the other.
std::string channel_state::tracking_of(const ad_candidate& c, const ads_found& found) {
  if (!arguments_.tracked) return {};
  auto kept = arguments_.tracked->keep(c.ad, found.tier, found.server);
  if (kept.write && arguments_.writer) caf::anon_send(arguments_.writer, *std::move(kept.write));
  return std::move(kept.name);
}

void channel_state::decide(const stitch::open_decision& open, const decision_made& made,
                           steady_time asked) {
  want_ads(made);
  auto pod = offer_of(made, {open.wanted, whose_exposures(open.audience), open.opportunity.start,
                             open.opportunity.id, is_guided(open.audience)});
  tell_unready(open, made);
  const auto left = fit(pod, open.wanted).left;
  auto story = story_so_far(open, made, asked);
  add_ads(story, std::move(pod.ads));
  // A pre-roll is as long as its ads.
  if (open.opportunity.source == stitch::cue_source::join)
    return finish_decision(open, pod.offer, nullptr, std::move(story));
  auto wanted = creatives_.tail_request(settings(), left);
  if (!wanted) return finish_decision(open, pod.offer, creatives_.tail(left), std::move(story));
  // A guided player's list, once given, stands: it waits for the exact slate. A stitched playlist
  // takes it up later.
  if (is_guided(open.audience))
    return want_tail(*std::move(wanted), caf::duration{tail_patience},
                     [this, open, offer = pod.offer, story = std::move(story)](auto tail) {
                       finish_decision(open, offer, std::move(tail), story);
                     });
  finish_decision(open, pod.offer, nullptr, std::move(story));
  want_tail(*std::move(wanted), caf::infinite, [this, open](const auto& tail) {
    if (tail) timeline_->improve_slate(open.audience, open.opportunity.id, tail);
  });
}

void channel_state::finish_decision(const stitch::open_decision& open, const stitch::pod_offer& pod,
                                    stitch::creative_ptr tail, decision_story story) {
  timeline_->decide(open.audience, open.opportunity.id, pod, std::move(tail));
  tell(std::move(story));
  const bool awaited =
      std::any_of(plan_waiters_.begin(), plan_waiters_.end(), [&](const plan_waiter& w) {
        return w.question.audience == open.audience && w.question.break_id == open.opportunity.id;
      });
  awaited ? publish_soon() : plan_round();
}

void channel_state::release(const std::string& audience) {
  timeline_->release(audience);
  advance_soon(audience);
}

}  // namespace interlude
