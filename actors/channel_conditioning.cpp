// The creatives a channel has made: what they are to be like, which it wants, what has come.
#include <spdlog/spdlog.h>

#include <caf/all.hpp>

#include "actors/channel.hpp"
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

constexpr auto used_every = 1min;

}  // namespace

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

void channel_state::condition_wanted() {
  use_what_plays();
  const auto slate = creatives_.slate();
  auto all = creatives_.take_wanted(settings(), now());
  if (slate && !creatives_.slate()) timeline_->set_slate(nullptr);  // its files are gone
  for (auto& wanted : all) {
    const auto key = wanted;
    self_->request(arguments_.creatives, caf::infinite, std::move(wanted))
        .then(
            [this, key](const conditioned& made) {
              creatives_.conditioned(key, made.creative);
              timeline_->set_slate(creatives_.slate());
              arguments_.view->publish_house(creatives_.house_lengths(settings()));
              prepare_tail();
              take_what_is_ripe(true);
            },
            [this, key](caf::error& e) {
              spdlog::warn("channel {}: {}: {}", settings().path(), hls::without_query(key.source),
                           self_->system().render(e));
              creatives_.failed(key, now());
            });
  }
}

// Plans of long breaks are at for longer than what is unused stays in the store.
void channel_state::use_what_plays() {
  if (!arguments_.store || !shown_ || now() < used_at_ + used_every) return;
  used_at_ = now();
  const auto use = [this](const stitch::plan_ptr& p) {
    for (const auto& item : p ? p->items : std::vector<stitch::plan_item>{})
      if (item.media) arguments_.store->use(item.media->key);
  };
  for (const auto& [key, audience] : shown_->audiences) {
    for (const auto& p : audience->decided) use(p);
    for (const auto& s : audience->splices) use(s.plan);
  }
}

void channel_state::probe(std::size_t rendition) {
  if (creatives_.complete()) {
    condition_wanted();
    for (const auto& d : unripe_) want_ads(d.made);
    take_what_is_ripe(true);
    return foresee();
  }
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
