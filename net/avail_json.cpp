#include "net/avail_json.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "ads/tracking/due_events.hpp"
#include "net/event_macros.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

namespace {

namespace json = boost::json;

void put_duration(json::object& out, std::string_view name, duration d) {
  out[name] = iso_duration(d);
  out[std::string{name} + "InSeconds"] = to_seconds(d);
}

json::value or_null(const std::string& text) {
  return text.empty() ? json::value{nullptr} : json::value(text);
}

// Fills what one ad's URLs say of it.
class ad_writer {
 public:
  ad_writer(const tracked_ad& ad, std::uint32_t place, instant start, duration total,
            const ads::asked_break& asked, const avail_viewer& viewer)
      : ad_(ad),
        start_(start),
        total_(total),
        asked_(asked),
        viewer_(viewer),
        macros_(macros_of(ad.content, place, duration{0})) {}

  void write(json::object& out) const {
    const auto& ad = ad_.content;
    const auto linear = vast::all_linear(ad);
    const auto* played = vast::linear_creative(ad);
    out["adSystem"] = or_null(ad.system.text);
    out["adTitle"] = or_null(ad.title);
    out["vastAdId"] = or_null(ad.id);
    out["adParameters"] = or_null(linear.ad_parameters);
    out["creativeId"] = or_null(played != nullptr ? played->id : std::string{});
    out["creativeSequence"] =
        played != nullptr && played->sequence ? json::value(*played->sequence) : nullptr;
    out["skipOffset"] =
        linear.skip_offset ? json::value(iso_duration(linear.skip_offset->in(total_))) : nullptr;
    out["clickThrough"] = or_null(linear.click_through);
    out["trackingEvents"] = events(linear);
    out["adVerifications"] = verifications();
    out["companionAds"] = companions();
    out["icons"] = icons(linear);
    json::array extensions;
    for (const auto& e : ad.extensions)
      extensions.push_back({{"type", or_null(e.type)}, {"content", e.xml}});
    out["extensions"] = std::move(extensions);
  }

 private:
  std::string filled(const std::string& url, duration playhead) const {
    auto event = macros_;
    event.playhead = playhead;
    return ads::make_event_request(url, event, viewer_.who, asked_, start_ + playhead,
                                   random_number())
        .url;
  }
  json::array filled(const std::vector<std::string>& urls, duration playhead) const {
    json::array out;
    for (const auto& url : urls) out.push_back(json::value(filled(url, playhead)));
    return out;
  }

  json::object event(std::string_view type, duration position,
                     const std::vector<std::string>& urls) const {
    json::object out{{"eventId", std::string{type} + "-" + std::to_string(position / 1ms)},
                     {"eventType", type},
                     {"eventProgramDateTime", format_iso8601(start_ + position)},
                     {"beaconUrls", filled(urls, position)}};
    put_duration(out, "startTime", start_ + position - viewer_.session_start);
    put_duration(out, "duration", duration{0});
    return out;
  }

  // Those that are due with the media, and those only the player knows of.
  json::array events(const vast::linear_ad& linear) const {
    json::array out;
    const auto due = ads::all_events(ad_.content, total_);
    if (viewer_.tracks_itself)
      for (const auto& e : due)
        if (!e.urls.empty())
          out.push_back(event(e.name.substr(0, e.name.find('-')), e.position, e.urls));
    std::map<std::string, std::vector<std::string>> others;
    for (const auto& t : linear.events)
      if (!is_due(due, t)) others[t.event].push_back(t.url);
    if (!linear.click_tracking.empty()) others["clickTracking"] = linear.click_tracking;
    for (const auto& [type, urls] : others) out.push_back(event(type, duration{0}, urls));
    return out;
  }
  static bool is_due(const std::vector<ads::due_event>& due, const vast::tracking& t) {
    return t.event == "progress" ||
           std::any_of(due.begin(), due.end(), [&](const auto& e) { return e.name == t.event; });
  }

  json::array plain_events(const std::vector<vast::tracking>& events) const {
    json::array out;
    for (const auto& t : events)
      out.push_back({{"eventType", t.event}, {"beaconUrls", filled({t.url}, duration{0})}});
    return out;
  }

  json::array verifications() const {
    json::array out;
    for (const auto& v : ad_.content.verifications) {
      json::array scripts, executables;
      for (const auto& s : v.scripts)
        scripts.push_back({{"apiFramework", s.api_framework},
                           {"browserOptional", s.browser_optional.value_or(false)},
                           {"uri", s.url}});
      for (const auto& e : v.executables)
        executables.push_back(
            {{"apiFramework", e.api_framework}, {"language", e.type}, {"uri", e.url}});
      out.push_back({{"vendor", v.vendor},
                     {"verificationParameters", v.parameters},
                     {"javascriptResource", std::move(scripts)},
                     {"executableResource", std::move(executables)},
                     {"trackingEvents", plain_events(v.events)}});
    }
    return out;
  }

  static void put_resources(json::object& out, const std::vector<vast::resource>& resources) {
    using kind = vast::resource::kind;
    out["staticResource"] = out["iFrameResource"] = out["htmlResource"] = nullptr;
    for (const auto& r : resources)
      out[r.what == kind::fixed   ? "staticResource"
          : r.what == kind::frame ? "iFrameResource"
                                  : "htmlResource"] = r.content;
  }

  json::array companions() const {
    json::array out;
    for (const auto& c : ad_.content.creatives)
      for (const auto& one : c.companions) {
        json::object entry{{"adParameters", or_null(one.ad_parameters)},
                           {"altText", or_null(one.alt_text)},
                           {"companionClickThrough", or_null(one.click_through)},
                           {"companionClickTracking", filled(one.click_tracking, duration{0})},
                           {"attributes",
                            {{"adSlotId", or_null(one.ad_slot_id)},
                             {"apiFramework", or_null(one.api_framework)},
                             {"height", one.height ? json::value(*one.height) : nullptr},
                             {"id", or_null(one.id)},
                             {"width", one.width ? json::value(*one.width) : nullptr}}},
                           {"trackingEvents", plain_events(one.events)}};
        put_resources(entry, one.resources);
        out.push_back(std::move(entry));
      }
    return out;
  }

  json::array icons(const vast::linear_ad& linear) const {
    json::array out;
    for (const auto& i : linear.icons) {
      json::object entry{{"attributes",
                          {{"program", or_null(i.program)},
                           {"xPosition", or_null(i.x_position)},
                           {"yPosition", or_null(i.y_position)},
                           {"apiFramework", or_null(i.api_framework)},
                           {"width", i.width ? json::value(*i.width) : nullptr},
                           {"height", i.height ? json::value(*i.height) : nullptr},
                           {"offset", i.offset ? json::value(iso_duration(*i.offset)) : nullptr},
                           {"duration", i.lasts ? json::value(iso_duration(*i.lasts)) : nullptr}}},
                         {"iconClicks",
                          {{"iconClickThrough", or_null(i.click_through)},
                           {"iconClickTracking", filled(i.click_tracking, duration{0})}}},
                         {"iconViewTracking", filled(i.view_tracking, duration{0})}};
      put_resources(entry, i.resources);
      out.push_back(std::move(entry));
    }
    return out;
  }

  const tracked_ad& ad_;
  instant start_;
  duration total_;
  const ads::asked_break& asked_;
  const avail_viewer& viewer_;
  ads::playing_event macros_;
};

}  // namespace

std::string iso_duration(duration d) {
  return "PT" + format_seconds(d) + "S";
}

json::object avail_json(const stitch::ad_break& b, const stitch::plan& plan, instant out,
                        std::size_t primary, const ads::asked_break& asked,
                        const avail_viewer& viewer,
                        const std::function<tracked_ad_ptr(const std::string&)>& find) {
  json::array ads;
  auto start = out;
  std::uint32_t place = 0;
  for (const auto& item : plan.items) {
    const auto length = stitch::length_of(item, primary);
    if (item.kind == stitch::item_kind::ad) {
      json::object ad{{"adId", item.name},
                      {"adProgramDateTime", format_iso8601(start)},
                      {"mediaFiles", nullptr}};
      put_duration(ad, "startTime", start - viewer.session_start);
      put_duration(ad, "duration", length);
      ++place;
      if (const auto tracked = item.tracking.empty() ? nullptr : find(item.tracking))
        ad_writer{*tracked, place, start, item.media->total, asked, viewer}.write(ad);
      else
        ad["trackingEvents"] = json::array{};
      ads.push_back(std::move(ad));
    }
    start += length;
  }
  json::object avail{{"availId", b.id},
                     {"availProgramDateTime", format_iso8601(out)},
                     {"adBreakTrackingEvents", json::array{}},
                     {"meta", nullptr},
                     {"nonLinearAdsList", json::array{}},
                     {"ads", std::move(ads)}};
  put_duration(avail, "startTime", out - viewer.session_start);
  put_duration(avail, "duration", start - out);
  return avail;
}

}  // namespace interlude::net
