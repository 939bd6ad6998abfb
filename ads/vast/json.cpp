#include "ads/vast/json.hpp"

#include <boost/json/array.hpp>
#include <utility>

namespace interlude::vast {

namespace json = boost::json;

namespace {

void put(json::object& out, const char* name, const std::string& value) {
  if (!value.empty()) out[name] = value;
}
void put(json::object& out, const char* name, std::optional<std::int64_t> value) {
  if (value) out[name] = *value;
}
void put(json::object& out, const char* name, std::optional<bool> value) {
  if (value) out[name] = *value;
}
void put(json::object& out, const char* name, std::optional<duration> value) {
  if (value) out[name] = to_seconds(*value);
}
void put(json::object& out, const char* name, const std::optional<ad_position>& value) {
  if (!value) return;
  if (value->fraction)
    out[name] = format_seconds(from_seconds(*value->fraction * 100)) + "%";
  else
    out[name] = to_seconds(value->time);
}
void put(json::object& out, const char* name, const std::vector<std::string>& values) {
  if (!values.empty()) out[name] = json::array(values.begin(), values.end());
}
void put(json::object& out, const char* name, json::object value) {
  if (!value.empty()) out[name] = std::move(value);
}

// An array of what `one` makes of each.
template <class T, class F>
void put_each(json::object& out, const char* name, const std::vector<T>& values, F one) {
  if (values.empty()) return;
  json::array list;
  for (const auto& v : values) list.push_back(one(v));
  out[name] = std::move(list);
}

// {"start": ["http://...", ...], ...}
json::object by_event(const std::vector<tracking>& events) {
  json::object out;
  for (const auto& e : events) {
    auto& urls = out[e.event];
    if (!urls.is_array()) urls = json::array{};
    urls.get_array().push_back(json::value(e.url));
  }
  return out;
}

void put_progress(json::object& out, const std::vector<tracking>& events) {
  std::vector<tracking> with_offset;
  for (const auto& e : events)
    if (e.offset) with_offset.push_back(e);
  put_each(out, "progress", with_offset, [](const tracking& t) {
    json::object o{{"url", t.url}};
    put(o, "offset", t.offset);
    return o;
  });
}

json::object one_media_file(const media_file& f) {
  json::object o{{"url", f.url}};
  put(o, "id", f.id);
  put(o, "delivery", f.delivery);
  put(o, "type", f.type);
  put(o, "codec", f.codec);
  put(o, "apiFramework", f.api_framework);
  put(o, "mediaType", f.media_type);
  put(o, "bitrate", f.bitrate);
  put(o, "minBitrate", f.min_bitrate);
  put(o, "maxBitrate", f.max_bitrate);
  put(o, "width", f.width);
  put(o, "height", f.height);
  put(o, "fileSize", f.file_size);
  return o;
}

json::object one_resource(const resource& r) {
  constexpr const char* names[] = {"staticResource", "iFrameResource", "htmlResource"};
  json::object o{{names[static_cast<std::size_t>(r.what)], r.content}};
  put(o, "creativeType", r.type);
  return o;
}

json::object one_icon(const icon& i) {
  json::object o;
  put(o, "program", i.program);
  put(o, "width", i.width);
  put(o, "height", i.height);
  put(o, "xPosition", i.x_position);
  put(o, "yPosition", i.y_position);
  put(o, "apiFramework", i.api_framework);
  put(o, "offset", i.offset);
  put(o, "duration", i.lasts);
  put_each(o, "resources", i.resources, one_resource);
  put(o, "clickThrough", i.click_through);
  put(o, "clickTracking", i.click_tracking);
  put(o, "viewTracking", i.view_tracking);
  return o;
}

json::object one_companion(const companion& c) {
  json::object o;
  put(o, "id", c.id);
  put(o, "width", c.width);
  put(o, "height", c.height);
  put(o, "apiFramework", c.api_framework);
  put(o, "adSlotId", c.ad_slot_id);
  put(o, "altText", c.alt_text);
  put(o, "adParameters", c.ad_parameters);
  put_each(o, "resources", c.resources, one_resource);
  put(o, "clickThrough", c.click_through);
  put(o, "clickTracking", c.click_tracking);
  put(o, "trackingEvents", by_event(c.events));
  return o;
}

json::object one_universal_ad_id(const universal_ad_id& id) {
  json::object o;
  put(o, "idRegistry", id.registry);
  put(o, "idValue", id.value);
  return o;
}

json::object one_category(const category& c) {
  json::object o;
  put(o, "authority", c.authority);
  put(o, "code", c.code);
  return o;
}

json::object one_verification(const verification& v) {
  const auto one_resource_of = [](const verification_resource& r) {
    json::object o{{"url", r.url}};
    put(o, "apiFramework", r.api_framework);
    put(o, "type", r.type);
    put(o, "browserOptional", r.browser_optional);
    return o;
  };
  json::object o;
  put(o, "vendor", v.vendor);
  put_each(o, "javaScriptResources", v.scripts, one_resource_of);
  put_each(o, "executableResources", v.executables, one_resource_of);
  put(o, "verificationParameters", v.parameters);
  put(o, "trackingEvents", by_event(v.events));
  return o;
}

void put_linear(json::object& out, const linear_ad& l) {
  put(out, "duration", l.runs);
  put(out, "skipOffset", l.skip_offset);
  put(out, "adParameters", l.ad_parameters);
  put_each(out, "mediaFiles", l.media_files, one_media_file);
  put_each(out, "mezzanine", l.mezzanines, one_media_file);
  put_each(out, "interactiveCreativeFiles", l.interactive, [](const interactive_file& f) {
    json::object o{{"url", f.url}};
    put(o, "type", f.type);
    put(o, "apiFramework", f.api_framework);
    return o;
  });
  put_each(out, "closedCaptionFiles", l.captions, [](const caption_file& f) {
    json::object o{{"url", f.url}};
    put(o, "type", f.type);
    put(o, "language", f.language);
    return o;
  });
  put(out, "trackingEvents", by_event(l.events));
  put_progress(out, l.events);
  put(out, "clickThrough", l.click_through);
  put(out, "clickTracking", l.click_tracking);
  put_each(out, "customClicks", l.custom_clicks, [](const named_text& c) {
    json::object o{{"url", c.text}};
    put(o, "id", c.id);
    return o;
  });
  put_each(out, "icons", l.icons, one_icon);
}

void put_creatives(json::object& out, const ad& a) {
  put_each(out, "creatives", a.creatives, [](const creative& c) {
    json::object o;
    put(o, "id", c.id);
    put(o, "adId", c.ad_id);
    put(o, "sequence", c.sequence);
    put(o, "apiFramework", c.api_framework);
    put_each(o, "universalAdIds", c.universal_ad_ids, one_universal_ad_id);
    o["linear"] = c.linear.has_value();
    if (c.non_linears > 0) o["nonLinears"] = c.non_linears;
    put_each(o, "companions", c.companions, one_companion);
    return o;
  });
}

void put_wrapper(json::object& out, const wrapper& w) {
  put(out, "vastAdTagURI", w.tag_url);
  out["followAdditionalWrappers"] = w.follow_additional;
  out["allowMultipleAds"] = w.allow_multiple;
  put(out, "fallbackOnNoAd", w.fallback_on_no_ad);
  put_each(out, "blockedAdCategories", w.blocked, one_category);
}

void put_description(json::object& out, const ad& a) {
  put(out, "id", a.id);
  put(out, "sequence", a.sequence);
  out["type"] = a.wraps ? "Wrapper" : "InLine";
  put(out, "adType", a.type);
  if (a.conditional) out["conditionalAd"] = true;
  put(out, "adSystem", a.system.text);
  put(out, "adSystemVersion", a.system.id);
  put(out, "adTitle", a.title);
  put(out, "adServingId", a.serving_id);
  put(out, "description", a.description);
  put(out, "advertiser", a.advertiser.text);
  put(out, "survey", a.survey);
  put_each(out, "categories", a.categories, one_category);
  if (a.price) {
    json::object o;
    put(o, "model", a.price->model);
    put(o, "currency", a.price->currency);
    put(o, "value", a.price->value);
    put(out, "pricing", std::move(o));
  }
  if (a.expires) out["expires"] = a.expires->count();
}

}  // namespace

json::object to_json(const ad& a) {
  json::object out;
  put_description(out, a);
  if (a.wraps) put_wrapper(out, *a.wraps);
  if (const auto* played = linear_creative(a)) {
    put_each(out, "universalAdIds", played->universal_ad_ids, one_universal_ad_id);
    put_linear(out, a.wraps ? all_linear(a) : *played->linear);
  }
  put(out, "impressions", a.impressions);
  put_each(out, "viewableImpressions", a.viewable_impressions, [](const viewable_impression& v) {
    json::object o;
    put(o, "id", v.id);
    put(o, "viewable", v.viewable);
    put(o, "notViewable", v.not_viewable);
    put(o, "viewUndetermined", v.undetermined);
    return o;
  });
  put(out, "errors", a.errors);
  put_each(out, "adVerifications", a.verifications, one_verification);
  put_creatives(out, a);
  put_each(out, "extensions", a.extensions, [](const extension& e) {
    json::object o;
    put(o, "type", e.type);
    put(o, "xml", e.xml);
    return o;
  });
  return out;
}

json::object to_json(const vast_response& response) {
  json::object out;
  put(out, "version", response.version);
  put(out, "errors", response.errors);
  out["ads"] = json::array{};
  put_each(out, "ads", response.ads, [](const ad& a) { return to_json(a); });
  put_each(out, "malformedAds", response.malformed, [](const malformed_ad& a) {
    json::object o;
    put(o, "id", a.id);
    put(o, "what", a.what);
    put(o, "errors", a.errors);
    return o;
  });
  return out;
}

}  // namespace interlude::vast
