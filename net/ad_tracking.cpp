#include "net/ad_tracking.hpp"

#include <algorithm>
#include <array>

#include "ads/tracking/due_events.hpp"
#include "net/event_macros.hpp"
#include "net/playing_ad.hpp"
#include "net/session_audience.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

namespace {

bool is_prefetch(const request& req) {
  return req.header("Purpose") == "prefetch" || req.header("X-Purpose") == "preview" ||
         req.header("Sec-Purpose").find("prefetch") != std::string_view::npos;
}

// Names of events of this ad, for this session.
class event_names {
 public:
  event_names(const session& s, const playing_ad& ad)
      : prefix_(reinterpret_cast<const char*>(s.id.data()), s.id.size()) {
    break_ = prefix_.append(ad.plan->break_id).append("/");
    prefix_.append(std::to_string(ad.number)).append("/");
  }
  std::string of(std::string_view event) const { return prefix_ + std::string{event}; }
  // Of what the ad server that named it is told of the break.
  std::string of_break(std::string_view event, const std::string& server) const {
    return break_ + server + '/' + std::string{event};
  }
  // What must have been before.
  std::string before(std::string_view event) const {
    if (event == "firstQuartile" || event.starts_with("progress-")) return of("start");
    if (event == "midpoint") return of("firstQuartile");
    if (event == "thirdQuartile") return of("midpoint");
    return event == "complete" ? of("thirdQuartile") : std::string{};
  }

 private:
  std::string prefix_, break_;
};

// Of an ad that nobody is told of the same events happen as of others: it is the operator's own, or
// what there was to be told of it is forgotten.
const tracked_ad_ptr& untold(bool own) {
  static const auto house = std::make_shared<const tracked_ad>(tracked_ad{"house", {}, {}});
  static const auto unknown = std::make_shared<const tracked_ad>(tracked_ad{"unknown", {}, {}});
  return own ? house : unknown;
}

// What a segment comes to; nothing: nothing happens with it.
struct due_segment {
  playing_ad ad;
  tracked_ad_ptr tracked;
  // That have not been accepted lately:
  std::vector<ads::due_event> events;
  std::vector<ads::due_event> of_break{};  // breakStart, breakEnd
};

bool is_counted(const node_context& node, const request& req) {
  return node.reports && !req.head_only && !is_prefetch(req);
}

// No other ad of the same ad server's comes after it.
bool ends_its_break(node_context& node, const playing_ad& ad, const tracked_ad& tracked) {
  const auto& items = ad.plan->items;
  return std::none_of(items.begin() + ad.number + 1, items.end(), [&](const auto& item) {
    const auto other = known_ad(node, item.tracking);
    return other && other->server == tracked.server && !other->break_events.empty();
  });
}

// VMAP 1.0.1 section 2.3.3: the break begins with the first of an ad server's ads that plays, and
// is over with the last. One that is cut short before it is not.
std::vector<ads::due_event> break_events_of(node_context& node, const due_segment& due,
                                            const ad_part& part, const event_names& names) {
  std::vector<ads::due_event> out;
  const auto& tracked = *due.tracked;
  if (tracked.break_events.empty()) return out;
  const auto add = [&](const char* name, duration position) {
    ads::due_event e{name, position, {}};
    for (const auto& t : tracked.break_events)
      if (t.event == name) e.urls.push_back(t.url);
    out.push_back(std::move(e));
  };
  const bool was_refused =
      node.reports->refused.knows(names.of_break("breakStart", tracked.server));
  if (part.from == duration{0} || was_refused) add("breakStart", duration{0});
  if (part.to >= part.total && ends_its_break(node, due.ad, tracked)) add("breakEnd", part.total);
  return out;
}

std::optional<due_segment> due_with(node_context& node, const channel_view& channel,
                                    const session& s, const route& r, const request& req) {
  if (!is_counted(node, req)) return std::nullopt;
  auto ad = find_playing(channel, s, r.break_id, r.item);
  if (!ad || ad->item->kind != stitch::item_kind::ad) return std::nullopt;
  const auto part = part_of(*ad, r);
  if (!part) return std::nullopt;
  const bool own = ad->item->tracking.empty();
  auto tracked = own ? result<tracked_ad_ptr>{nullptr} : node.reports->ads.find(ad->item->tracking);
  // It can be told when the segment is asked for again, as long as it has not happened.
  if (!tracked) return std::nullopt;
  due_segment out{*std::move(ad), *tracked ? *std::move(tracked) : untold(own), {}};
  out.events = ads::events_between(out.tracked->content, duration{0}, part->to, part->total);
  const event_names names{s, out.ad};
  out.of_break = break_events_of(node, out, *part, names);
  std::erase_if(out.events, [&](const ads::due_event& e) {
    const auto name = names.of(e.name);
    return node.reports->accepted.knows(name) ||
           (e.position < part->from && !node.reports->refused.knows(name));
  });
  std::erase_if(out.of_break, [&](const ads::due_event& e) {
    return node.reports->accepted.knows(names.of_break(e.name, out.tracked->server));
  });
  if (out.events.empty() && out.of_break.empty()) return std::nullopt;
  return out;
}

// What there is of an ad between an event and the one before it; nothing for those that are at the
// same place, or that not every ad has.
duration shown_with(std::string_view event, duration total) {
  constexpr std::array<std::string_view, 4> quarters = {"firstQuartile", "midpoint",
                                                        "thirdQuartile", "complete"};
  for (int i = 0; i < 4; ++i)
    if (event == quarters[static_cast<std::size_t>(i)]) return total * (i + 1) / 4 - total * i / 4;
  return duration{0};
}

// The ad server's name for the creative, or else that of its files.
std::string creative_of(const due_segment& due) {
  if (const auto* c = vast::linear_creative(due.tracked->content)) {
    if (!c->id.empty()) return c->id;
    if (!c->universal_ad_ids.empty()) return c->universal_ad_ids.front().value;
  }
  return due.ad.item->media->key;
}

counted_event counted(const due_segment& due, const std::string& channel, const session& s,
                      const std::string& event) {
  return {channel,           s.id_text(),      due.ad.plan->break_id,
          due.ad.item->name, creative_of(due), event,
          due.tracked->tier, s.tracks_itself,  shown_with(event, due.ad.item->media->total)};
}

}  // namespace

bool has_news(node_context& node, const channel_view& channel, const session& s, const route& r,
              const request& req) {
  return (is_counted(node, req) && !is_known(channel, s)) ||
         due_with(node, channel, s, r, req).has_value();
}

namespace {

// Makes the requests of events.
class pixel_maker {
 public:
  pixel_maker(node_context& node, const channel_view& channel, const session& s, const request& req,
              const due_segment& due)
      : node_(node),
        due_(due),
        who_(viewer_of(node.viewers, s, req)),
        what_(asked_of(channel, due.ad.opportunity)) {}

  std::vector<beacon> of(const ads::due_event& e) const {
    const auto macros = macros_of(due_.tracked->content, e.position);
    std::vector<beacon> out;
    for (const auto& url : e.urls) {
      auto pixel = ads::make_event_request(url, macros, who_, what_, node_.now(), random_number());
      out.push_back({std::move(pixel.url), std::move(pixel.headers), what_.channel, e.name,
                     due_.ad.item->name, what_.id, who_.session});
    }
    return out;
  }

 private:
  node_context& node_;
  const due_segment& due_;
  ads::viewer who_;
  ads::asked_break what_;
};

}  // namespace

std::vector<beacon_event> events_of_segment(node_context& node, const channel_view& channel,
                                            const session& s, const route& r, const request& req) {
  std::vector<beacon_event> out;
  const auto due = due_with(node, channel, s, r, req);
  if (!due) return out;
  const pixel_maker pixels{node, channel, s, req, *due};
  const event_names names{s, due->ad};
  const auto add_of_break = [&](std::string_view name) {
    for (const auto& e : due->of_break) {
      if (e.name != name) continue;
      const auto& server = due->tracked->server;
      auto& event = out.emplace_back();
      event.key = names.of_break(name, server);
      if (name == "breakEnd") event.after = names.of_break("breakStart", server);
      if (!s.tracks_itself) event.beacons = pixels.of(e);
    }
  };
  add_of_break("breakStart");
  for (const auto& e : due->events) {
    auto& event = out.emplace_back();
    event.key = names.of(e.name);
    event.after = names.before(e.name);
    event.counted = counted(*due, channel.settings.path(), s, e.name);
    if (!s.tracks_itself) event.beacons = pixels.of(e);
  }
  add_of_break("breakEnd");
  return out;
}

}  // namespace interlude::net
