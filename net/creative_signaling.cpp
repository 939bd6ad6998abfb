#include "net/creative_signaling.hpp"

#include <boost/json.hpp>

#include "net/told_break.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

constexpr std::string_view member = "X-AD-CREATIVE-SIGNALING";

json::object envelope(std::string_view type, json::object what) {
  return {{"version", 2}, {"type", type}, {"payload", json::array{std::move(what)}}};
}

// Of a break SVTA has other names than VMAP.
std::string_view name_of(std::string_view event) {
  if (event == "breakStart") return "podStart";
  return event == "breakEnd" ? "podEnd" : event;
}

json::array tracking(const std::vector<player_event>& events) {
  json::array out;
  for (const auto& e : events) {
    json::object one{{"type", name_of(e.type)}, {"urls", json::value_from(e.urls)}};
    // The others say by their names when they are due.
    if (e.type == "progress") one["offset"] = to_seconds(e.position);
    out.push_back(std::move(one));
  }
  return out;
}

json::object identifier(std::string_view scheme, const std::string& value) {
  return {{"scheme", scheme}, {"value", value}};
}

// The registries' ids of the creative; where it has none, what the ad server calls it.
json::array identifiers(const vast::ad& ad) {
  json::array out;
  const auto* played = vast::linear_creative(ad);
  if (played == nullptr) return out;
  for (const auto& id : played->universal_ad_ids)
    out.push_back(identifier(id.registry.empty() ? "unknown" : id.registry, id.value));
  if (out.empty() && !played->id.empty()) out.push_back(identifier("creativeId", played->id));
  if (out.empty() && !ad.id.empty()) out.push_back(identifier("adId", ad.id));
  return out;
}

json::array verifications(const vast::ad& ad) {
  json::array out;
  for (const auto& v : ad.verifications)
    for (const auto& s : v.scripts)
      out.push_back({{"vendor", v.vendor}, {"resource", s.url}, {"parameters", v.parameters}});
  return out;
}

json::object slot_of(const tracked_ad& ad, const player_events& events, duration from,
                     duration length, duration total) {
  const auto linear = vast::all_linear(ad.content);
  json::object out{{"type", "linear"},
                   {"start", to_seconds(from)},
                   {"duration", to_seconds(length)},
                   {"identifiers", identifiers(ad.content)},
                   {"tracking", tracking(events.all())}};
  if (auto all = verifications(ad.content); !all.empty()) out["verifications"] = std::move(all);
  if (linear.skip_offset) out["skipOffset"] = to_seconds(linear.skip_offset->in(total));
  if (!linear.click_through.empty()) out["clickThrough"] = linear.click_through;
  return out;
}

}  // namespace

void add_signaling(json::object& list, const stitch::plan& plan, instant start, std::size_t primary,
                   const ads::asked_break& asked, const avail_viewer& viewer,
                   const std::function<tracked_ad_ptr(const std::string&)>& find) {
  auto& assets = list.at("ASSETS").as_array();
  told_break told;
  duration from{0};
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    const auto& item = plan.items[i];
    const auto length = stitch::length_of(item, primary);
    if (item.kind == stitch::item_kind::ad) {
      if (const auto ad = item.tracking.empty() ? nullptr : find(item.tracking)) {
        const auto total = item.media->total;
        const player_events events{*ad,   start + from, total, shown_of(item, primary),
                                   asked, viewer};
        assets.at(i).as_object()[member] =
            envelope("slot", slot_of(*ad, events, from, length, total));
        told.add(*ad, events, from, length);
      }
    }
    from += length;
  }
  if (auto events = told.events(); !events.empty())
    list[member] = envelope(
        "pod", {{"start", 0}, {"duration", to_seconds(from)}, {"tracking", tracking(events)}});
}

}  // namespace interlude::net
