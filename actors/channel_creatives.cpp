#include "actors/channel_creatives.hpp"

#include <algorithm>
#include <utility>

#include "actors/creative/creative_identity.hpp"
#include "media/stitch/stand_in.hpp"

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr auto retry_pause =
    15s;  // the creative actor backs off by itself; this only bounds how often it is asked
constexpr auto own_used_every = 1min;  // slate and house ads stay in the store, aired or not
constexpr auto made_is_good_for = 1h;
constexpr std::size_t max_tails =
    64;  // breaks of so many different lengths have their exact slate kept at hand
constexpr duration least_tail = 500ms;  // what is shorter is left to the splice's own rounding
constexpr std::ptrdiff_t max_wanted_creatives = 256;
constexpr int slate_loop_segments = 5;  // length of the looping slate

}  // namespace

void channel_creatives::set_renditions(const stitch::channel_description& d,
                                       const channel_settings& settings) {
  const bool more = d.renditions.size() > renditions_.size();
  renditions_ = d.renditions;
  probes_.resize(renditions_.size());
  formats_.resize(renditions_.size());
  if (settings.house_ads.empty() && settings.slate.empty() && settings.ad_servers.empty())
    for (auto& p : probes_) p.state = progress::done;
  if (!more) return;
  for (auto& j : jobs_) j.made = fitted(j.made);
  tails_.clear();
}

bool channel_creatives::complete() const {
  for (std::size_t i = 0; i < probes_.size(); ++i)
    if (probes_[i].state != progress::done && !renditions_[i].url.empty()) return false;
  return !probes_.empty();
}

stitch::creative_ptr channel_creatives::fitted(const stitch::creative_ptr& creative) const {
  if (!creative || creative->tracks.size() >= renditions_.size()) return creative;
  std::vector<stitch::rendition_info> infos;
  for (const auto& r : renditions_) infos.push_back(r.info);
  auto stand_ins = stitch::find_stand_ins(infos, creative->tracks.size());
  return stand_ins ? stitch::track_filler{*std::move(stand_ins)}.fill(creative) : nullptr;
}

bool channel_creatives::wants_probe(std::size_t rendition, time_point now) const {
  const auto& p = probes_[rendition];
  return p.state == progress::idle && now >= p.retry_at;
}

void channel_creatives::probing(std::size_t rendition) {
  probes_[rendition].state = progress::under_way;
}

void channel_creatives::probe_failed(std::size_t rendition, time_point now) {
  probes_[rendition] = {progress::idle, now + retry_pause};
}

bool channel_creatives::probed(std::size_t rendition, stitch::track_format format,
                               duration target_duration) {
  format.rendition = renditions_[rendition].info.name;
  // The multivariant playlist knows the peak rate; what audio takes of it is little and stays in.
  if (format.has_video && renditions_[rendition].bandwidth > 0)
    format.video.bits_per_second = static_cast<std::int64_t>(renditions_[rendition].bandwidth);
  // What one segment measures differs from the next; what the encoder was told is a round number.
  constexpr std::int64_t step = 32'000;
  format.audio.bits_per_second =
      std::max<std::int64_t>(2, (format.audio.bits_per_second + step / 2) / step) * step;
  formats_[rendition] = std::move(format);
  probes_[rendition].state = progress::done;
  segment_duration_ =
      segment_duration_ == 0us ? target_duration : std::min(segment_duration_, target_duration);
  if (!complete()) return false;
  complete_ladder();
  return true;
}

// What is not listed any more keeps its place: whatever was probed of its kind will do for it.
void channel_creatives::complete_ladder() {
  auto made = std::make_shared<stitch::ladder>();
  made->tracks = formats_;
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    if (probes_[i].state == progress::done) continue;
    std::size_t like = 0;
    for (std::size_t k = 0; k < probes_.size(); ++k)
      if (probes_[k].state == progress::done &&
          (probes_[like].state != progress::done ||
           renditions_[k].info.kind == renditions_[i].info.kind))
        like = k;
    made->tracks[i] = formats_[like];
    made->tracks[i].rendition = renditions_[i].info.name;
  }
  made->segment_duration = segment_duration_;
  ladder_ = std::move(made);
  tails_.clear();
  // What there is plays until it has been made anew.
  for (auto& j : jobs_) {
    j.what.ladder = ladder_;
    j.now = {};
  }
}

std::vector<condition_creative> channel_creatives::take_wanted(const channel_settings& settings,
                                                               time_point now) {
  std::vector<condition_creative> out;
  if (!ladder_) return out;
  if (!std::exchange(has_own_, true)) {
    for (const auto& ad : settings.house_ads)
      jobs_.push_back({{ad.source, ladder_, std::nullopt}, {}, nullptr, 0});
    for (const auto& bumper : {settings.opening, settings.closing})
      if (!bumper.empty()) jobs_.push_back({{bumper, ladder_, std::nullopt}, {}, nullptr, 0});
    has_slate_ = !settings.slate.empty();
    // The slate loops, so it is as good at once as after its whole length; first, because it fills
    // every hole.
    if (has_slate_)
      jobs_.insert(jobs_.begin(),
                   {{settings.slate, ladder_, slate_loop_segments * ladder_->segment_duration},
                    {},
                    nullptr,
                    0});
  }
  look_after_own(now);
  for (auto& j : jobs_) {
    if (j.now.state == progress::under_way || now < j.now.retry_at) continue;
    if (j.now.state == progress::done && !is_remote(j.what.source)) continue;
    // What a job is done with is good for an hour from when it is first seen to be.
    if (j.now.state == progress::done && j.now.retry_at == time_point{}) {
      j.now.retry_at = now + made_is_good_for;
      continue;
    }
    // Else what no answer names any more would be kept for good.
    if (j.now.state == progress::done && !j.what.identity.empty() && !j.named) continue;
    j.now.state = progress::under_way;
    j.named = false;
    out.push_back(j.what);
  }
  return out;
}

void channel_creatives::look_after_own(time_point now) {
  if (now < own_used_at_ + own_used_every) return;
  own_used_at_ = now;
  for (auto& j : jobs_)
    if (j.what.identity.empty()) use(j);
}

// What was made, as long as it is there: else it is wanted again.
stitch::creative_ptr channel_creatives::use(job& j) {
  if (!j.made || !store_ || store_->use(j.made->key)) return j.made;
  j.made = nullptr;
  if (j.now.state == progress::done) j.now = {};
  return nullptr;
}

channel_creatives::job* channel_creatives::find(const condition_creative& what) {
  const auto it = std::find_if(jobs_.begin(), jobs_.end(), [&](const job& j) {
    return j.what.source == what.source && j.what.exact == what.exact &&
           j.what.ladder == what.ladder && j.what.identity == what.identity;
  });
  return it == jobs_.end() ? nullptr : &*it;
}

const channel_creatives::job* channel_creatives::find(const ad_candidate& ad) const {
  const auto it = std::find_if(jobs_.begin(), jobs_.end(),
                               [&](const job& j) { return j.what.identity == ad.key; });
  return it == jobs_.end() ? nullptr : &*it;
}

void channel_creatives::conditioned(const condition_creative& what,
                                    const stitch::creative_ptr& creative) {
  if (auto* j = find(what)) {
    j->now = {progress::done, {}};
    j->failed = false;
    j->made = fitted(creative);
  } else if (what.exact && what.ladder == ladder_) {
    if (tails_.size() == max_tails) tails_.erase(tails_.begin());
    tails_[*what.exact] = fitted(creative);
  }
}

void channel_creatives::failed(const condition_creative& what, time_point now) {
  if (auto* j = find(what)) {
    j->now = {progress::idle, now + retry_pause};
    j->failed = true;
  }
}

stitch::creative_ptr channel_creatives::made_from(const std::string& source) {
  const auto it = std::find_if(jobs_.begin(), jobs_.end(), [&](const job& j) {
    return j.made && j.what.source == source && !j.what.exact && j.what.identity.empty();
  });
  return it == jobs_.end() ? nullptr : use(*it);
}

// What has not been used for longest makes room; its media stays in the store. False if there is
// none, since all of them are under way.
bool channel_creatives::make_room() {
  const auto of_ad_servers = std::count_if(jobs_.begin(), jobs_.end(),
                                           [](const job& j) { return !j.what.identity.empty(); });
  if (of_ad_servers < max_wanted_creatives) return true;
  auto oldest = jobs_.end();
  for (auto it = jobs_.begin(); it != jobs_.end(); ++it)
    if (!it->what.identity.empty() && it->now.state != progress::under_way &&
        (oldest == jobs_.end() || it->used < oldest->used))
      oldest = it;
  if (oldest == jobs_.end()) return false;
  jobs_.erase(oldest);
  return true;
}

stitch::creative_ptr channel_creatives::made_or_wanted(const ad_candidate& ad) {
  // The slate and what is the channel's own come first.
  if (!has_own_) return nullptr;
  const auto it = std::find_if(jobs_.begin(), jobs_.end(),
                               [&](const job& j) { return j.what.identity == ad.key; });
  if (it != jobs_.end()) {
    it->used = ++uses_;
    it->named = it->known = true;
    // URLs that are signed hold for a while only.
    if (it->now.state != progress::under_way && it->what.source != ad.source) {
      if (it->now.state == progress::idle) it->now = {};
      it->what.source = ad.source;
      it->what.others = ad.others;
    }
    return use(*it);
  }
  if (make_room())
    jobs_.push_back({{ad.source, ladder_, std::nullopt, ad.key, ad.others}, {}, nullptr, ++uses_});
  return nullptr;
}

stitch::creative_ptr channel_creatives::made(const ad_candidate& ad) const {
  const auto* j = find(ad);
  return j == nullptr ? nullptr : j->made;
}

creative_progress channel_creatives::progress_of(const ad_candidate& ad) const {
  const auto* j = find(ad);
  if (j == nullptr) return creative_progress::unwanted;
  if (j->made) return creative_progress::ready;
  if (j->failed) return creative_progress::failed;
  return j->known ? creative_progress::under_way : creative_progress::fresh;
}

stitch::pod_offer channel_creatives::ready(const channel_settings& settings,
                                           const std::vector<std::string>& names) {
  stitch::pod_offer out{{}, made_from(settings.opening), made_from(settings.closing)};
  for (const auto& name : names) {
    const auto ad = std::find_if(settings.house_ads.begin(), settings.house_ads.end(),
                                 [&](const house_ad& a) { return a.name == name; });
    if (ad == settings.house_ads.end()) continue;
    if (auto media = made_from(ad->source)) out.ads.push_back({name, std::move(media)});
  }
  return out;
}

std::map<std::string, duration> channel_creatives::house_lengths(
    const channel_settings& settings) const {
  std::map<std::string, duration> out;
  for (const auto& ad : settings.house_ads)
    for (const auto& j : jobs_)
      if (j.made && j.what.source == ad.source && !j.what.exact && j.what.identity.empty())
        out[ad.name] = j.made->total;
  return out;
}

stitch::creative_ptr channel_creatives::slate() const {
  return has_slate_ ? jobs_.front().made : nullptr;
}

stitch::creative_ptr channel_creatives::tail(duration length) {
  const auto it = tails_.find(length);
  if (it == tails_.end()) return nullptr;
  if (!store_ || !it->second || store_->use(it->second->key)) return it->second;
  tails_.erase(it);
  return nullptr;
}

std::optional<condition_creative> channel_creatives::tail_request(const channel_settings& settings,
                                                                  duration length) {
  tail(length);  // or it is gone
  if (!ladder_ || settings.slate.empty() || length < least_tail || tails_.contains(length))
    return std::nullopt;
  return condition_creative{settings.slate, ladder_, length};
}

}  // namespace interlude
