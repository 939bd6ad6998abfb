// <Creative> and what is in it: VAST 4.3 sections 3.7 to 3.15.
#include <algorithm>
#include <utility>

#include "ads/vast/elements.hpp"
#include "ads/vast/parse.hpp"

namespace interlude::vast {

using xml::attribute;
using xml::child;
using xml::each;
using xml::number_attribute;
using xml::text_of;
using xml::text_of_child;

namespace {

universal_ad_id read_universal_ad_id(const pugi::xml_node& node) {
  // 4.0 had the value in an attribute too; since 4.1 the content is what counts.
  universal_ad_id id{attribute(node, "idRegistry"), text_of(node)};
  if (id.value.empty()) id.value = attribute(node, "idValue");
  return id;
}

media_file read_media_file(const pugi::xml_node& node) {
  media_file f;
  f.url = url_of(node);
  f.id = attribute(node, "id");
  f.delivery = attribute(node, "delivery");
  f.type = attribute(node, "type");
  f.codec = attribute(node, "codec");
  f.api_framework = attribute(node, "apiFramework");
  f.media_type = attribute(node, "mediaType");
  f.bitrate = number_attribute(node, "bitrate");
  f.min_bitrate = number_attribute(node, "minBitrate");
  f.max_bitrate = number_attribute(node, "maxBitrate");
  f.width = number_attribute(node, "width");
  f.height = number_attribute(node, "height");
  f.file_size = number_attribute(node, "fileSize");
  return f;
}

void read_media_files(const pugi::xml_node& node, linear_ad& out) {
  const auto keep = [](auto& list, auto item) {
    if (!item.url.empty()) list.push_back(std::move(item));
  };
  each(node, "MediaFile", [&](const auto& n) { keep(out.media_files, read_media_file(n)); });
  each(node, "Mezzanine", [&](const auto& n) { keep(out.mezzanines, read_media_file(n)); });
  each(node, "InteractiveCreativeFile", [&](const auto& n) {
    keep(out.interactive,
         interactive_file{url_of(n), attribute(n, "type"), attribute(n, "apiFramework")});
  });
  each(child(node, "ClosedCaptionFiles"), "ClosedCaptionFile", [&](const auto& n) {
    keep(out.captions, caption_file{url_of(n), attribute(n, "type"), attribute(n, "language")});
  });
}

std::vector<resource> read_resources(const pugi::xml_node& parent) {
  using kind = resource::kind;
  std::vector<resource> out;
  const auto keep = [&](resource r) {
    if (!r.content.empty()) out.push_back(std::move(r));
  };
  each(parent, "StaticResource", [&](const auto& n) {
    keep({kind::fixed, url_of(n), attribute(n, "creativeType")});
  });
  each(parent, "IFrameResource", [&](const auto& n) { keep({kind::frame, url_of(n), {}}); });
  each(parent, "HTMLResource", [&](const auto& n) { keep({kind::html, text_of(n), {}}); });
  return out;
}

icon read_icon(const pugi::xml_node& node) {
  icon i;
  i.program = attribute(node, "program");
  i.x_position = attribute(node, "xPosition");
  i.y_position = attribute(node, "yPosition");
  i.api_framework = attribute(node, "apiFramework");
  i.width = number_attribute(node, "width");
  i.height = number_attribute(node, "height");
  i.offset = parse_clock_time(attribute(node, "offset"));
  i.lasts = parse_clock_time(attribute(node, "duration"));
  i.resources = read_resources(node);
  const auto clicks = child(node, "IconClicks");
  i.click_through = url_of(child(clicks, "IconClickThrough"));
  i.click_tracking = urls_of(clicks, "IconClickTracking");
  i.view_tracking = urls_of(node, "IconViewTracking");
  return i;
}

companion read_companion(const pugi::xml_node& node) {
  companion c;
  c.id = attribute(node, "id");
  c.api_framework = attribute(node, "apiFramework");
  c.ad_slot_id = attribute(node, "adSlotId");
  c.alt_text = text_of_child(node, "AltText");
  c.ad_parameters = text_of_child(node, "AdParameters");
  c.click_through = url_of(child(node, "CompanionClickThrough"));
  c.width = number_attribute(node, "width");
  c.height = number_attribute(node, "height");
  c.resources = read_resources(node);
  c.click_tracking = urls_of(node, "CompanionClickTracking");
  c.events = tracking_of(node);
  return c;
}

void read_clicks(const pugi::xml_node& node, linear_ad& out) {
  out.click_through = url_of(child(node, "ClickThrough"));
  out.click_tracking = urls_of(node, "ClickTracking");
  each(node, "CustomClick", [&](const auto& n) {
    if (auto url = url_of(n); !url.empty())
      out.custom_clicks.push_back({std::move(url), attribute(n, "id")});
  });
}

linear_ad read_linear(const pugi::xml_node& node) {
  linear_ad l;
  l.runs = parse_clock_time(text_of_child(node, "Duration"));
  l.skip_offset = parse_position(attribute(node, "skipoffset"));
  l.ad_parameters = text_of_child(node, "AdParameters");
  read_media_files(child(node, "MediaFiles"), l);
  l.events = tracking_of(node);
  read_clicks(child(node, "VideoClicks"), l);
  each(child(node, "Icons"), "Icon", [&](const auto& n) { l.icons.push_back(read_icon(n)); });
  return l;
}

}  // namespace

// What cannot be asked for is not kept: an empty element, "about:blank" (VAST 4.3 section 3.4.4),
// and what could break out of a request's first line.
std::string url_of(const pugi::xml_node& node) {
  constexpr std::size_t longest = 8192;
  auto url = text_of(node);
  const bool unfit = url == "about:blank" || url.size() > longest ||
                     std::any_of(url.begin(), url.end(), [](char c) {
                       return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
                     });
  return unfit ? std::string{} : url;
}

std::vector<std::string> urls_of(const pugi::xml_node& parent, std::string_view name) {
  std::vector<std::string> out;
  each(parent, name, [&](const auto& node) {
    if (auto url = url_of(node); !url.empty()) out.push_back(std::move(url));
  });
  return out;
}

std::vector<tracking> tracking_of(const pugi::xml_node& parent) {
  std::vector<tracking> out;
  each(child(parent, "TrackingEvents"), "Tracking", [&](const auto& node) {
    tracking t{attribute(node, "event"), url_of(node), parse_position(attribute(node, "offset"))};
    if (!t.event.empty() && !t.url.empty()) out.push_back(std::move(t));
  });
  return out;
}

creative read_creative(const pugi::xml_node& node) {
  creative c;
  c.id = attribute(node, "id");
  c.ad_id = attribute(node, "adId");
  c.api_framework = attribute(node, "apiFramework");
  c.sequence = number_attribute(node, "sequence");
  each(node, "UniversalAdId", [&](const auto& n) {
    if (auto id = read_universal_ad_id(n); !id.value.empty())
      c.universal_ad_ids.push_back(std::move(id));
  });
  if (const auto linear = child(node, "Linear")) c.linear = read_linear(linear);
  each(child(node, "CompanionAds"), "Companion",
       [&](const auto& n) { c.companions.push_back(read_companion(n)); });
  each(child(node, "NonLinearAds"), "NonLinear", [&](const auto&) { ++c.non_linears; });
  return c;
}

linear_ad all_linear(const ad& a) {
  const auto add = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  linear_ad out;
  for (const auto& c : a.creatives) {
    if (!c.linear) continue;
    const auto& l = *c.linear;
    if (!out.runs) out.runs = l.runs;
    if (!out.skip_offset) out.skip_offset = l.skip_offset;
    if (out.ad_parameters.empty()) out.ad_parameters = l.ad_parameters;
    if (out.click_through.empty()) out.click_through = l.click_through;
    add(out.media_files, l.media_files);
    add(out.mezzanines, l.mezzanines);
    add(out.interactive, l.interactive);
    add(out.captions, l.captions);
    add(out.events, l.events);
    add(out.click_tracking, l.click_tracking);
    add(out.custom_clicks, l.custom_clicks);
    add(out.icons, l.icons);
  }
  return out;
}

const creative* linear_creative(const ad& a) noexcept {
  const creative* found = nullptr;
  for (const auto& c : a.creatives)
    if (c.linear && (found == nullptr || c.sequence.value_or(0) < found->sequence.value_or(0)))
      found = &c;
  return found;
}

}  // namespace interlude::vast
