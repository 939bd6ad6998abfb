#include "net/playing_ad.hpp"

#include <algorithm>
#include <charconv>

#include "net/session_audience.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

namespace {

constexpr duration told_ahead = 30s;  // guided players fetch ads before their break begins
constexpr duration told_behind = 1min;

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t n = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), n);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return n;
}

// Some rendition's playlist has, or had, something of this item in it.
bool is_listed(const stitch::audience& a, const playing_ad& ad) {
  return std::any_of(a.tracks.begin(), a.tracks.end(), [&](const stitch::track_ptr& t) {
    return t && std::any_of(t->runs.begin(), t->runs.end(), [&](const stitch::run& r) {
             return r.break_id == ad.opportunity.id && r.item == ad.number && !r.is_content();
           });
  });
}

const stitch::rendition_window* primary_window(const stitch::snapshot& s) {
  return s.primary < s.windows.size() ? s.windows[s.primary].get() : nullptr;
}

// Stitched: its playlist has come that far. Guided: its break is near.
bool is_shown(const stitch::audience& a, const stitch::snapshot& s, const playing_ad& ad) {
  if (!a.guided) {
    const auto* splice = stitch::find_splice(a, ad.opportunity.id);
    return splice != nullptr &&
           (stitch::plan_position{ad.number, 0} < splice->shown || is_listed(a, ad));
  }
  const auto& b = ad.opportunity;
  const auto* window = primary_window(s);
  return window != nullptr && b.state != stitch::break_state::cancelled &&
         b.start <= window->edge() + told_ahead &&
         b.latest_end(s.max_break) + told_behind >= window->window_start;
}

}  // namespace

std::optional<ad_part> part_of(const playing_ad& ad, const route& r) {
  const auto& media = *ad.item->media;
  std::string path{"c/"};
  path.append(r.creative).append("/").append(r.track);
  const auto t = std::find_if(media.tracks.begin(), media.tracks.end(),
                              [&](const stitch::creative_track& x) { return x.path == path; });
  if (t == media.tracks.end() || !r.file.ends_with(t->extension)) return std::nullopt;
  const auto number = number_in(r.file.substr(0, r.file.size() - t->extension.size()));
  const auto track = static_cast<std::size_t>(t - media.tracks.begin());
  if (!number || *number >= stitch::segments_until(*ad.item, ad.item->count, track, ad.primary))
    return std::nullopt;
  // On the time line of the creative: tracks differ by a frame, and an event has one position.
  duration before{0}, all{0};
  for (std::size_t i = 0; i < t->segments.size(); ++i) {
    if (i < *number) before += t->segments[i];
    all += t->segments[i];
  }
  if (all == duration{0}) return std::nullopt;
  const auto scaled = [&](duration d) {
    return duration{d.count() * media.total.count() / all.count()};
  };
  return ad_part{scaled(before), scaled(before + t->segments[*number]), media.total};
}

tracked_ad_ptr known_ad(node_context& node, const std::string& name) {
  if (!node.reports || name.empty()) return nullptr;
  const auto found = node.reports->ads.find(name);
  return found ? *found : nullptr;
}

ads::asked_break asked_of(const channel_view& channel, const stitch::ad_break& b) {
  ads::asked_break out;
  out.channel = channel.settings.path();
  out.id = b.id;
  out.event_id = b.event_id;
  out.length = b.wanted(channel.settings.breaks.default_break);
  out.start = b.start;
  return out;
}

std::optional<playing_ad> find_playing(const channel_view& channel, const session& s,
                                       std::string_view break_id, std::string_view item) {
  const auto published = channel.load();
  const auto number = number_in(item);
  if (!number) return std::nullopt;
  const auto shown = shown_to(published, s, channel.settings);
  if (!shown) return std::nullopt;
  const auto& snapshot = *published->snapshot;
  const auto& audience = *shown;
  const auto* b = stitch::find_break(audience, snapshot.breaks, break_id);
  if (b == nullptr) return std::nullopt;
  const auto* splice = stitch::find_splice(audience, break_id);
  playing_ad out;
  out.plan = splice != nullptr ? splice->plan : stitch::find_decided(audience, break_id);
  if (!out.plan || *number >= out.plan->items.size()) return std::nullopt;
  out.number = *number;
  out.primary = snapshot.primary;
  out.item = &out.plan->items[*number];
  out.opportunity = *b;
  if (!is_shown(audience, snapshot, out)) return std::nullopt;
  return out;
}

bool is_known(const channel_view& channel, const session& s) {
  const auto published = channel.load();
  const auto shown = shown_to(published, s, channel.settings);
  return shown && (!shown->guided || primary_window(*published->snapshot) != nullptr);
}

}  // namespace interlude::net
