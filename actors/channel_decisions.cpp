// What a channel plays in its breaks: decisions asked for and taken, creatives wanted and come.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/all.hpp>

#include "actors/channel.hpp"
#include "actors/decision/decision.hpp"
#include "ads/pod/choose_pod.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

// Called from another thread, maybe much later: tells what has been published by then, or else
// what is known now.
std::function<probe_segment()> newest_of(std::shared_ptr<channel_view> view, std::size_t rendition,
                                         stitch::segment_ptr known) {
  return [view = std::move(view), rendition, known = std::move(known)] {
    const auto published = view->load();
    const bool shown = published && published->snapshot &&
                       rendition < published->snapshot->windows.size() &&
                       published->snapshot->windows[rendition];
    return probe_of(shown ? *published->snapshot->windows[rendition]->segments.back() : *known);
  };
}

constexpr auto decision_slack = 250ms;  // a decision answers in its budget; this is for its way

std::vector<inquiry_settings> inquiries_of(const channel_settings& settings) {
  std::vector<inquiry_settings> out;
  for (const auto& server : settings.ad_servers)
    out.push_back({server.url, server.timeout, {}, server.form});
  return out;
}

ads::pod_candidate candidate_of(const ad_candidate& c, duration length) {
  ads::pod_candidate out{length, c.in_pod, c.key, c.ad->content.advertiser.text, {}};
  for (const auto& category : c.ad->content.categories)
    out.categories.push_back(category.authority + ' ' + category.code);
  return out;
}

}  // namespace

// --- decisions

void channel_state::ask_for_decisions() {
  std::vector<std::string> names;
  for (const auto& ad : settings().house_ads) names.push_back(ad.name);
  for (auto& open : timeline_->take_open_decisions()) {
    const bool guided = open.audience == guided_audience;
    // A snapshot with the break's first segment in it waits for the decision; a break to come does
    // not hold it up.
    const auto edge = timeline_->live_edge();
    const bool due = !guided && edge && open.opportunity.start < *edge;
    held_ += due ? 1 : 0;
    spdlog::info("channel {}: break {} of {} s {} at {}, for {}", settings().path(),
                 open.opportunity.id, format_seconds(open.wanted),
                 stitch::to_string(open.opportunity.state), format_iso8601(open.opportunity.start),
                 open.audience);
    decision_wanted question{{settings().path(), open.opportunity.id, open.opportunity.event_id,
                              open.wanted, open.opportunity.start, ordinal_of(open.opportunity.id)},
                             open.audience,
                             {},
                             inquiries_of(settings()),
                             names,
                             due ? settings().decision_timeout : settings().early_decision_timeout};
    const auto patience = question.budget + decision_slack;
    const auto shard = decision_shard(question, arguments_.decisions.size());
    self_->request(arguments_.decisions[shard], patience, std::move(question))
        .then(
            [this, open, due](const decision_made& made) {
              decide(open, made);
              if (due) release();
            },
            [this, open, due](caf::error&) {
              decide(open, {});
              if (due) release();
            });
  }
}

// The same for all audiences of a break, unless one comes in before it meanwhile; one that is none
// of the channel's, since a viewer joined, counts as the next.
std::uint64_t channel_state::ordinal_of(const std::string& break_id) const {
  const auto& breaks = timeline_->breaks();
  const auto it = std::find_if(breaks.begin(), breaks.end(),
                               [&](const stitch::ad_break& b) { return b.id == break_id; });
  return timeline_->forgotten_breaks() + static_cast<std::uint64_t>(it - breaks.begin());
}

// Those of the ad server's that are ready and fill the break best, then house ads, which take what
// is left.
stitch::pod_offer channel_state::offer_of(const stitch::open_decision& open,
                                          const decision_made& made) {
  auto pod = creatives_.ready(settings(), made.house_ads);
  if (!made.found) return pod;
  std::vector<stitch::pod_ad> ready;
  std::vector<ads::pod_candidate> candidates;
  for (const auto& c : made.found->candidates) {
    auto media = creatives_.made_or_wanted(c);
    if (!media) {
      spdlog::info(
          "channel {}: break {}: ad {} of {} is new: not before its creative is conditioned",
          settings().path(), open.opportunity.id, c.name, made.found->server);
      continue;
    }
    candidates.push_back(candidate_of(c, media->total));
    ready.push_back({c.name, std::move(media)});
  }
  std::vector<stitch::pod_ad> chosen;
  for (const auto i : ads::choose_pod(candidates, open.wanted)) chosen.push_back(ready[i]);
  pod.ads.insert(pod.ads.begin(), chosen.begin(), chosen.end());
  condition_wanted();
  return pod;
}

void channel_state::decide(const stitch::open_decision& open, const decision_made& made) {
  const auto pod = offer_of(open, made);
  const auto& window = timeline_->window(timeline_->primary());
  const auto target = window ? window->target_duration : duration{10s};
  const auto fit = stitch::fit_pod(pod, open.wanted, timeline_->primary(), polls_.size(), target);
  // A pre-roll is as long as its ads.
  if (open.opportunity.source == stitch::cue_source::join)
    return finish_decision(open, pod, nullptr);
  auto wanted = creatives_.tail_request(settings(), fit.left);
  if (!wanted) return finish_decision(open, pod, creatives_.tail(fit.left));
  // A guided player's list, once given, stands: it waits for the exact slate. A stitched playlist
  // takes it up later.
  if (open.audience == guided_audience)
    return want_tail(*std::move(wanted), caf::duration{tail_patience},
                     [this, open, pod](auto tail) { finish_decision(open, pod, std::move(tail)); });
  finish_decision(open, pod, nullptr);
  want_tail(*std::move(wanted), caf::infinite, [this, open](const auto& tail) {
    if (tail) timeline_->improve_slate(open.audience, open.opportunity.id, tail);
  });
}

void channel_state::want_tail(condition_creative wanted, caf::duration patience,
                              std::function<void(stitch::creative_ptr)> then) {
  const auto key = wanted;
  self_->request(arguments_.creatives, patience, std::move(wanted))
      .then(
          [this, key, then](const conditioned& made) {
            creatives_.conditioned(key, made.creative);
            then(creatives_.fitted(made.creative));
          },
          [then](caf::error&) { then(nullptr); });
}

// What a usual break will leave to the slate is known before one comes: made early, it is there
// when a guided player asks for it.
void channel_state::prepare_tail() {
  std::vector<std::string> names;
  for (const auto& ad : settings().house_ads) names.push_back(ad.name);
  const auto pod = creatives_.ready(settings(), names);
  const auto& window = timeline_->window(timeline_->primary());
  if (pod.ads.size() < names.size() || !creatives_.slate() || !window) return;
  const auto fit = stitch::fit_pod(pod, settings().breaks.default_break, timeline_->primary(),
                                   polls_.size(), window->target_duration);
  if (auto wanted = creatives_.tail_request(settings(), fit.left))
    want_tail(*std::move(wanted), caf::infinite, [](const auto&) {});
}

void channel_state::finish_decision(const stitch::open_decision& open, const stitch::pod_offer& pod,
                                    stitch::creative_ptr tail) {
  timeline_->decide(open.audience, open.opportunity.id, pod, std::move(tail));
  commit();
}

void channel_state::release() {
  if (--held_ == 0) advance_and_publish();
}

// --- creatives

void channel_state::condition_wanted() {
  for (auto& wanted : creatives_.take_wanted(settings(), now())) {
    const auto key = wanted;
    self_->request(arguments_.creatives, caf::infinite, std::move(wanted))
        .then(
            [this, key](const conditioned& made) {
              creatives_.conditioned(key, made.creative);
              timeline_->set_slate(creatives_.slate());
              prepare_tail();
            },
            [this, key](caf::error& e) {
              spdlog::warn("channel {}: {}: {}", settings().path(), hls::without_query(key.source),
                           self_->system().render(e));
              creatives_.failed(key, now());
            });
  }
}

void channel_state::probe(std::size_t rendition) {
  if (creatives_.complete()) return condition_wanted();
  if (!creatives_.wants_probe(rendition, now())) return;
  creatives_.probing(rendition);
  const auto& newest = timeline_->window(rendition)->segments.back();
  self_
      ->request(arguments_.creatives, caf::infinite,
                probe_rendition{newest_of(arguments_.view, rendition, newest)})
      .then(
          [this, rendition](const segment_probed& found) {
            const auto target = timeline_->window(rendition)->target_duration;
            if (!creatives_.probed(rendition, found.format, target)) return;
            offer_what_is_ready();
            probe(rendition);
          },
          [this, rendition](caf::error& e) {
            spdlog::warn("channel {}: {} cannot be probed: {}", settings().path(),
                         description_->renditions[rendition].info.name, self_->system().render(e));
            creatives_.probe_failed(rendition, now());
          });
}

}  // namespace interlude
