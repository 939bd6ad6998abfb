#include "media/stitch/plan.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

// Encoders end a creative on a whole frame and an audio frame may stick out: this much over is
// still a fit.
constexpr duration frame_slack = 50ms;

const std::vector<duration>& segments_of(const plan_item& item, std::size_t primary) {
  return item.media->tracks[primary].segments;
}

// RFC 8216bis 4.4.3.1: EXTINF, rounded to the nearest integer, must not exceed the target duration.
bool fits_target_duration(const creative& c, duration target_duration) {
  const auto limit = target_duration + 500ms;
  return std::all_of(c.tracks.begin(), c.tracks.end(), [&](const creative_track& t) {
    return std::all_of(t.segments.begin(), t.segments.end(), [&](duration d) { return d < limit; });
  });
}

bool usable(const creative_ptr& media, std::size_t primary, std::size_t track_count,
            duration target_duration) {
  return media && media->tracks.size() == track_count && primary < track_count &&
         !media->tracks[primary].segments.empty() && fits_target_duration(*media, target_duration);
}

void append_whole(plan& p, const creative_ptr& media, item_kind kind, std::string name,
                  std::size_t primary, std::string tracking = {}) {
  const auto count = static_cast<std::uint32_t>(media->tracks[primary].segments.size());
  if (count > 0) p.items.push_back({media, kind, std::move(name), count, std::move(tracking)});
}

void fill_with_slate(plan& p, duration left, const creative_ptr& slate, slate_rounding rounding,
                     std::size_t primary) {
  if (!slate || slate->tracks[primary].segments.empty()) return;
  const auto typical = slate->tracks[primary].segments.front();
  const auto least = rounding == slate_rounding::nearest ? typical / 2 : typical - frame_slack;
  while (left >= least && left > 0us) {
    const auto before = length_of(p, primary);
    extend_by_slate(p, end_of(p), slate);
    left -= std::max<duration>(length_of(p, primary) - before, 1ms);
  }
}

}  // namespace

namespace {

duration length_of(const creative& c, std::size_t primary) {
  duration length{0};
  for (const auto d : c.tracks[primary].segments) length += d;
  return length;
}

// Adds what fits of `ads`.
void fit_ads(pod_fit& fit, std::span<const pod_ad> ads, std::size_t primary,
             std::size_t track_count, duration target_duration) {
  for (const auto& ad : ads) {
    if (!usable(ad.media, primary, track_count, target_duration)) continue;
    const auto length = length_of(*ad.media, primary);
    if (length > fit.left + frame_slack) continue;
    fit.ads.push_back(ad);
    fit.left -= length;
  }
  fit.left = std::max<duration>(fit.left, 0us);
}

// Takes the slate from the plan's end as long as nothing of it has been shown.
bool drop_slate(plan& p, plan_position shown) {
  const auto first = std::find_if(p.items.rbegin(), p.items.rend(),
                                  [](const plan_item& i) { return i.kind != item_kind::slate; });
  const auto kept = static_cast<std::size_t>(p.items.rend() - first);
  const bool slate_shown = shown.segments > 0 && shown.item >= kept;
  if (slate_shown || kept == 0) return false;
  p.items.resize(kept);
  return true;
}

// The closing bumper, taken off the plan's end if nothing of it has been shown.
std::optional<plan_item> take_closing(plan& p, plan_position shown) {
  if (p.items.size() < 2 || p.items.back().kind != item_kind::bumper) return std::nullopt;
  if (shown.segments > 0 && shown.item + 1 >= p.items.size()) return std::nullopt;
  auto closing = std::move(p.items.back());
  p.items.pop_back();
  return closing;
}

}  // namespace

const char* to_string(item_kind kind) {
  return kind == item_kind::ad ? "ad" : kind == item_kind::slate ? "slate" : "bumper";
}

pod_fit fit_pod(const pod_offer& offer, duration budget, std::size_t primary,
                std::size_t track_count, duration target_duration) {
  pod_fit enclosed{{}, budget, nullptr, nullptr};
  const auto enclose = [&](const creative_ptr& bumper, creative_ptr& place) {
    if (!usable(bumper, primary, track_count, target_duration)) return;
    place = bumper;
    enclosed.left -= length_of(*bumper, primary);
  };
  enclose(offer.opening, enclosed.opening);
  enclose(offer.closing, enclosed.closing);
  fit_ads(enclosed, offer.ads, primary, track_count, target_duration);
  if (!enclosed.ads.empty()) return enclosed;
  pod_fit bare{{}, budget, nullptr, nullptr};
  fit_ads(bare, offer.ads, primary, track_count, target_duration);
  return bare;
}

plan make_plan(std::string break_id, const pod_fit& pod, const creative_ptr& tail,
               const creative_ptr& slate, slate_rounding rounding, std::size_t primary) {
  plan p{std::move(break_id), {}};
  if (pod.opening) append_whole(p, pod.opening, item_kind::bumper, "opening", primary);
  for (const auto& ad : pod.ads)
    append_whole(p, ad.media, item_kind::ad, ad.name, primary, ad.tracking);
  if (pod.left > frame_slack && tail)
    append_whole(p, tail, item_kind::slate, "slate", primary);
  else if (pod.left > frame_slack)
    fill_with_slate(p, pod.left, slate, rounding, primary);
  if (pod.closing) append_whole(p, pod.closing, item_kind::bumper, "closing", primary);
  return p;
}

duration length_of(const plan_item& item, std::size_t primary) {
  duration total{0};
  const auto& segments = segments_of(item, primary);
  for (std::uint32_t i = 0; i < item.count; ++i) total += segments[i];
  return total;
}

duration shown_of(const plan_item& item, std::size_t primary) {
  return item.count < segments_of(item, primary).size() ? length_of(item, primary)
                                                        : item.media->total;
}

duration length_of(const plan& p, std::size_t primary) {
  duration total{0};
  for (const auto& item : p.items) total += length_of(item, primary);
  return total;
}

duration length_until(const plan& p, plan_position end, std::size_t primary) {
  duration total{0};
  for (std::uint32_t i = 0; i < end.item && i < p.items.size(); ++i)
    total += length_of(p.items[i], primary);
  if (end.item < p.items.size())
    for (std::uint32_t j = 0; j < end.segments; ++j)
      total += segments_of(p.items[end.item], primary)[j];
  return total;
}

std::uint32_t segments_until(const plan_item& item, std::uint32_t count, std::size_t index,
                             std::size_t primary) {
  const auto ours = item.media->tracks[index].segments.size();
  const auto theirs = item.media->tracks[primary].segments.size();
  if (ours == theirs) return count;
  if (count == 0 || count == theirs) return static_cast<std::uint32_t>(count == 0 ? 0 : ours);
  // At least one: every item that is shown at all is shown in every rendition, or their
  // discontinuities would differ.
  return static_cast<std::uint32_t>(std::clamp<std::size_t>(count * ours / theirs, 1, ours));
}

plan_position end_of(const plan& p) {
  if (p.items.empty()) return {};
  return {static_cast<std::uint32_t>(p.items.size() - 1), p.items.back().count};
}

duration last_length(const plan& p, std::size_t primary) {
  return p.items.empty() ? duration{0}
                         : segments_of(p.items.back(), primary)[p.items.back().count - 1];
}

void extend_by_slate(plan& p, plan_position shown, const creative_ptr& slate) {
  auto closing = take_closing(p, shown);
  const bool goes_on = !p.items.empty() && p.items.back().media == slate &&
                       p.items.back().count < slate->tracks.front().segments.size();
  if (goes_on)
    ++p.items.back().count;
  else
    p.items.push_back({slate, item_kind::slate, "slate", 1});
  if (closing) p.items.push_back(*std::move(closing));
}

void cut(plan& p, duration keep, plan_position shown, bool nearest, std::size_t primary) {
  while (!p.items.empty() && end_of(p) > shown) {
    auto& last = p.items.back();
    const auto length = segments_of(last, primary)[last.count - 1];
    const auto begin = length_of(p, primary) - length;
    if (begin + (nearest ? length / 2 : 0us) < keep) return;
    if (--last.count == 0) p.items.pop_back();
  }
}

bool replace_slate(plan& p, plan_position shown, const creative_ptr& tail, std::size_t primary) {
  auto closing = take_closing(p, shown);
  const bool dropped = drop_slate(p, shown);
  if (dropped) append_whole(p, tail, item_kind::slate, "slate", primary);
  if (closing) p.items.push_back(*std::move(closing));
  return dropped;
}

plan replace_unshown(const plan& p, plan_position shown, const pod_offer& offer,
                     const creative_ptr& slate, duration budget, std::size_t primary,
                     std::size_t track_count, duration target_duration) {
  plan made = p;
  cut(made, 0us, shown, false, primary);
  const auto left = std::max<duration>(budget - length_of(made, primary), 0us);
  auto rest = offer;
  rest.opening = nullptr;  // it is late for that
  const auto pod = fit_pod(rest, left, primary, track_count, target_duration);
  for (const auto& ad : pod.ads)
    append_whole(made, ad.media, item_kind::ad, ad.name, primary, ad.tracking);
  fill_with_slate(made, pod.left, slate, slate_rounding::nearest, primary);
  if (pod.closing) append_whole(made, pod.closing, item_kind::bumper, "closing", primary);
  return made;
}

}  // namespace interlude::stitch
