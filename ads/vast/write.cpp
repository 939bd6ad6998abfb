#include "ads/vast/write.hpp"

#include <cstdio>
#include <pugixml.hpp>
#include <sstream>

#include "ads/macros/macros.hpp"

namespace interlude::vast {

namespace {

using pugi::xml_node;

void set(xml_node node, const char* name, const std::string& value) {
  if (!value.empty()) node.append_attribute(name).set_value(value.c_str());
}

void set(xml_node node, const char* name, const std::optional<std::int64_t>& value) {
  if (value) node.append_attribute(name).set_value(static_cast<long long>(*value));
}

void set(xml_node node, const char* name, const std::optional<duration>& value) {
  if (value) set(node, name, ads::format_timecode(*value));
}

void set(xml_node node, const char* name, const std::optional<ad_position>& value) {
  if (!value) return;
  if (!value->fraction) return set(node, name, std::optional{value->time});
  char text[32];
  std::snprintf(text, sizeof text, "%.2f%%", *value->fraction * 100);
  set(node, name, std::string{text});
}

xml_node add(xml_node parent, const char* name, const std::string& text) {
  auto node = parent.append_child(name);
  if (!text.empty()) node.append_child(pugi::node_pcdata).set_value(text.c_str());
  return node;
}

void add_text(xml_node parent, const char* name, const std::string& text) {
  if (!text.empty()) add(parent, name, text);
}

void add_all(xml_node parent, const char* name, const std::vector<std::string>& urls) {
  for (const auto& url : urls) add(parent, name, url);
}

void add_events(xml_node parent, const std::vector<tracking>& events) {
  if (events.empty()) return;
  auto list = parent.append_child("TrackingEvents");
  for (const auto& t : events) {
    auto node = add(list, "Tracking", t.url);
    set(node, "event", t.event);
    set(node, "offset", t.offset);
  }
}

void add_resources(xml_node parent, const std::vector<resource>& resources) {
  for (const auto& r : resources) {
    const auto* name = r.what == resource::kind::fixed   ? "StaticResource"
                       : r.what == resource::kind::frame ? "IFrameResource"
                                                         : "HTMLResource";
    set(add(parent, name, r.content), "creativeType", r.type);
  }
}

void add_icon(xml_node parent, const icon& i) {
  auto node = parent.append_child("Icon");
  set(node, "program", i.program);
  set(node, "xPosition", i.x_position);
  set(node, "yPosition", i.y_position);
  set(node, "apiFramework", i.api_framework);
  set(node, "width", i.width);
  set(node, "height", i.height);
  set(node, "offset", i.offset);
  set(node, "duration", i.lasts);
  add_resources(node, i.resources);
  auto clicks = node.append_child("IconClicks");
  add_text(clicks, "IconClickThrough", i.click_through);
  add_all(clicks, "IconClickTracking", i.click_tracking);
  add_all(node, "IconViewTracking", i.view_tracking);
}

void add_companion(xml_node parent, const companion& c) {
  auto node = parent.append_child("Companion");
  set(node, "id", c.id);
  set(node, "apiFramework", c.api_framework);
  set(node, "adSlotId", c.ad_slot_id);
  set(node, "width", c.width);
  set(node, "height", c.height);
  add_text(node, "AltText", c.alt_text);
  add_text(node, "AdParameters", c.ad_parameters);
  add_resources(node, c.resources);
  add_text(node, "CompanionClickThrough", c.click_through);
  add_all(node, "CompanionClickTracking", c.click_tracking);
  add_events(node, c.events);
}

void add_linear(xml_node parent, const linear_ad& l) {
  auto node = parent.append_child("Linear");
  set(node, "skipoffset", l.skip_offset);
  if (l.runs) add(node, "Duration", ads::format_timecode(*l.runs));
  add_text(node, "AdParameters", l.ad_parameters);
  add_events(node, l.events);
  auto clicks = node.append_child("VideoClicks");
  add_text(clicks, "ClickThrough", l.click_through);
  add_all(clicks, "ClickTracking", l.click_tracking);
  for (const auto& c : l.custom_clicks) set(add(clicks, "CustomClick", c.text), "id", c.id);
  auto icons = node.append_child("Icons");
  for (const auto& i : l.icons) add_icon(icons, i);
}

void add_creative(xml_node parent, const creative& c) {
  auto node = parent.append_child("Creative");
  set(node, "id", c.id);
  set(node, "adId", c.ad_id);
  set(node, "apiFramework", c.api_framework);
  set(node, "sequence", c.sequence);
  for (const auto& id : c.universal_ad_ids)
    set(add(node, "UniversalAdId", id.value), "idRegistry", id.registry);
  if (c.linear) add_linear(node, *c.linear);
  if (c.companions.empty()) return;
  auto list = node.append_child("CompanionAds");
  for (const auto& one : c.companions) add_companion(list, one);
}

void add_verification(xml_node parent, const verification& v) {
  auto node = parent.append_child("Verification");
  set(node, "vendor", v.vendor);
  const auto resources = [&](const char* name, const std::vector<verification_resource>& all) {
    for (const auto& r : all) {
      auto one = add(node, name, r.url);
      set(one, "apiFramework", r.api_framework);
      set(one, "type", r.type);
      if (r.browser_optional)
        one.append_attribute("browserOptional").set_value(*r.browser_optional);
    }
  };
  resources("JavaScriptResource", v.scripts);
  resources("ExecutableResource", v.executables);
  add_events(node, v.events);
  add_text(node, "VerificationParameters", v.parameters);
}

// Those that told of verifications before VAST 4.1 are among these already.
void add_extensions(xml_node parent, const std::vector<extension>& extensions) {
  auto list = parent.append_child("Extensions");
  for (const auto& e : extensions)
    if (e.xml.find("AdVerifications") == std::string::npos)
      list.append_buffer(e.xml.data(), e.xml.size(), pugi::parse_default | pugi::parse_fragment);
}

void add_inline(xml_node node, const ad& a) {
  set(add(node, "AdSystem", a.system.text), "version", a.system.id);
  add_text(node, "AdTitle", a.title);
  add_text(node, "AdServingId", a.serving_id);
  add_text(node, "Description", a.description);
  add_text(node, "Survey", a.survey);
  if (!a.advertiser.text.empty() || !a.advertiser.id.empty())
    set(add(node, "Advertiser", a.advertiser.text), "id", a.advertiser.id);
  for (const auto& c : a.categories) set(add(node, "Category", c.code), "authority", c.authority);
  if (a.price) {
    auto price = add(node, "Pricing", a.price->value);
    set(price, "model", a.price->model);
    set(price, "currency", a.price->currency);
  }
  if (a.expires) add(node, "Expires", std::to_string(a.expires->count()));
  add_all(node, "Impression", a.impressions);
  add_all(node, "Error", a.errors);
  for (const auto& v : a.viewable_impressions) {
    auto one = node.append_child("ViewableImpression");
    set(one, "id", v.id);
    add_all(one, "Viewable", v.viewable);
    add_all(one, "NotViewable", v.not_viewable);
    add_all(one, "ViewUndetermined", v.undetermined);
  }
  auto verifications = node.append_child("AdVerifications");
  for (const auto& v : a.verifications) add_verification(verifications, v);
  auto creatives = node.append_child("Creatives");
  for (const auto& c : a.creatives) add_creative(creatives, c);
  add_extensions(node, a.extensions);
}

}  // namespace

std::string write_vast(const ad& a) {
  pugi::xml_document document;
  auto root = document.append_child("VAST");
  set(root, "version", std::string{"4.3"});
  auto node = root.append_child("Ad");
  set(node, "id", a.id);
  set(node, "adType", a.type);
  set(node, "sequence", a.sequence);
  if (a.conditional) set(node, "conditionalAd", std::string{"true"});
  add_inline(node.append_child("InLine"), a);
  std::ostringstream out;
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration);
  return std::move(out).str();
}

}  // namespace interlude::vast
