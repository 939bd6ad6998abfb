// The answers of the decision service.
#include <algorithm>
#include <array>

#include "actors/creative/creative_identity.hpp"
#include "actors/decision/decision_json.hpp"
#include "actors/decision/json_members.hpp"

namespace interlude {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> quartiles = {"start", "firstQuartile", "midpoint",
                                                       "thirdQuartile", "complete"};

bool is_quartile(std::string_view event) {
  return std::find(quartiles.begin(), quartiles.end(), event) != quartiles.end();
}

json::object pixel(std::size_t item, const std::string& url) {
  return {{"item", item}, {"url", url}};
}

json::object event_json(std::size_t item, const vast::tracking& t, duration length) {
  auto out = pixel(item, t.url);
  out["event"] = t.event;
  if (t.offset) out["offsetSec"] = to_seconds(t.offset->in(length));
  return out;
}

struct tracking_lists {
  json::array impressions, quartiles, events, clicks, errors;

  void add(std::size_t item, const ad_candidate& c) {
    const auto& ad = c.ad->content;
    for (const auto& url : ad.impressions) impressions.push_back(pixel(item, url));
    for (const auto& url : ad.errors) errors.push_back(pixel(item, url));
    const auto linear = vast::all_linear(ad);
    for (const auto& t : linear.events)
      (is_quartile(t.event) ? quartiles : events).push_back(event_json(item, t, length_of(c)));
    for (const auto& url : linear.click_tracking) clicks.push_back(pixel(item, url));
  }
  json::object take() {
    return {{"impressions", std::move(impressions)},
            {"quartiles", std::move(quartiles)},
            {"events", std::move(events)},
            {"clicks", std::move(clicks)},
            {"errors", std::move(errors)}};
  }
};

json::object item_json(const ad_candidate& c) {
  const auto& ad = c.ad->content;
  json::object out{{"adId", c.name},
                   {"creativeId", c.key},
                   {"mediaUrl", c.source},
                   {"durationSec", to_seconds(length_of(c))}};
  put(out, "title", ad.title);
  put(out, "adSystem", ad.system.text);
  put(out, "advertiser", ad.advertiser.text);
  if (const auto linear = vast::all_linear(ad); !linear.click_through.empty())
    out["clickThrough"] = linear.click_through;
  json::array categories;
  for (const auto& category : ad.categories)
    categories.push_back({{"authority", category.authority}, {"code", category.code}});
  if (!categories.empty()) out["categories"] = std::move(categories);
  return out;
}

constexpr std::size_t max_items = 64;
constexpr std::size_t max_pixels = 1000;
constexpr std::size_t max_url = 8 * 1024;

result<std::shared_ptr<vast::resolved_ad>> read_item(const json::object& o, std::size_t index,
                                                     ad_candidate& c) {
  std::optional<error> problem;
  members m{o, "pod.items[" + std::to_string(index) + "].", problem};
  auto ad = std::make_shared<vast::resolved_ad>();
  auto& content = ad->content;
  m.text("adId", content.id);
  m.text("creativeId", c.key);
  m.text("title", content.title);
  m.text("adSystem", content.system.text);
  m.text("advertiser", content.advertiser.text);
  if (const auto* url = o.if_contains("mediaUrl"); url != nullptr && url->is_string())
    c.source = url->get_string();
  if (c.source.empty() || c.source.size() > max_url) m.fail("mediaUrl", "a URL is expected");
  const auto* length = o.if_contains("durationSec");
  const double seconds =
      length != nullptr && length->is_number() ? length->to_number<double>() : -1;
  if (!(seconds > 0 && seconds <= max_seconds)) m.fail("durationSec", "seconds are expected");
  if (problem) return *problem;
  c.name = content.id.empty() ? unnamed_ad(c.source) : content.id;
  c.in_pod = true;
  auto& linear = content.creatives.emplace_back().linear.emplace();
  linear.runs = from_seconds(seconds);
  if (const auto* list = o.if_contains("categories"); list != nullptr && list->is_array())
    for (const auto& element : list->get_array()) {
      if (!element.is_object() || content.categories.size() == max_parameters) continue;
      auto& category = content.categories.emplace_back();
      members inner{element.get_object(), "categories.", problem};
      inner.text("authority", category.authority);
      inner.text("code", category.code);
    }
  if (problem) return *problem;
  return ad;
}

void add_event(vast::linear_ad& linear, const json::object& o, std::string url) {
  const auto* event = o.if_contains("event");
  if (event == nullptr || !event->is_string()) return;
  vast::tracking t{std::string{event->get_string()}, std::move(url), std::nullopt};
  if (const auto* offset = o.if_contains("offsetSec"); offset != nullptr && offset->is_number() &&
                                                       offset->to_number<double>() >= 0 &&
                                                       offset->to_number<double>() <= max_seconds)
    t.offset = vast::ad_position{from_seconds(offset->to_number<double>()), std::nullopt};
  linear.events.push_back(std::move(t));
}

void add_pixel(vast::ad& ad, std::string_view list, const json::object& o, std::string url) {
  auto& linear = *ad.creatives.front().linear;
  if (list == "impressions")
    ad.impressions.push_back(std::move(url));
  else if (list == "errors")
    ad.errors.push_back(std::move(url));
  else if (list == "clicks")
    linear.click_tracking.push_back(std::move(url));
  else
    add_event(linear, o, std::move(url));
}

// What is of no item, or has no URL, is passed over.
void read_tracking(const json::object& all, std::vector<std::shared_ptr<vast::resolved_ad>>& ads) {
  std::size_t pixels = 0;
  for (const auto* list : {"impressions", "quartiles", "events", "clicks", "errors"}) {
    const auto* v = all.if_contains(list);
    if (v == nullptr || !v->is_array()) continue;
    for (const auto& element : v->get_array()) {
      const auto* o = element.if_object();
      const auto* item = o != nullptr ? o->if_contains("item") : nullptr;
      const auto* url = o != nullptr ? o->if_contains("url") : nullptr;
      if (item == nullptr || url == nullptr || !item->is_int64() || item->get_int64() < 0 ||
          item->get_int64() >= static_cast<std::int64_t>(ads.size()) || !url->is_string() ||
          url->get_string().size() > max_url || ++pixels > max_pixels)
        continue;
      add_pixel(ads[static_cast<std::size_t>(item->get_int64())]->content, list, *o,
                std::string{url->get_string()});
    }
  }
}

}  // namespace

duration length_of(const ad_candidate& c) {
  const auto* creative = vast::linear_creative(c.ad->content);
  return creative != nullptr ? creative->linear->runs.value_or(duration{0}) : duration{0};
}

std::string write_answer(const decision_answer& a) {
  json::array items;
  tracking_lists tracking;
  duration total{0};
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    items.push_back(item_json(a.items[i]));
    tracking.add(i, a.items[i]);
    total += length_of(a.items[i]);
  }
  auto out = json::serialize(json::object{{"pod", json::object{{"podId", a.pod_id},
                                                               {"durationSec", to_seconds(total)},
                                                               {"items", std::move(items)}}},
                                          {"tracking", tracking.take()},
                                          {"tier", a.tier}});
  out.pop_back();
  return out;
}

std::string finish_answer(std::string_view written, bool cached) {
  std::string out{written};
  out += cached ? ",\"cached\":true}" : ",\"cached\":false}";
  return out;
}

result<std::vector<ad_candidate>> read_answer(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return object.error();
  const auto* pod = object->if_contains("pod");
  const auto* items =
      pod != nullptr && pod->is_object() ? pod->get_object().if_contains("items") : nullptr;
  if (items == nullptr || !items->is_array()) return wrong("pod.items", "an array is expected");
  if (items->get_array().size() > max_items) return wrong("pod.items", "too many items");
  std::vector<ad_candidate> out;
  std::vector<std::shared_ptr<vast::resolved_ad>> ads;
  for (const auto& element : items->get_array()) {
    if (!element.is_object()) return wrong("pod.items", "objects are expected");
    auto& place = out.emplace_back();
    auto ad = read_item(element.get_object(), out.size() - 1, place);
    if (!ad) return ad.error();
    ads.push_back(*std::move(ad));
  }
  if (const auto* tracking = object->if_contains("tracking");
      tracking != nullptr && tracking->is_object())
    read_tracking(tracking->get_object(), ads);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].ad = std::move(ads[i]);
    // Without an id of its own a creative is known by where it is.
    out[i].key = out[i].key.empty() ? "url:" + out[i].source : "service:" + out[i].key;
  }
  return out;
}

}  // namespace interlude
