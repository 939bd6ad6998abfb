#include "net/avail_json.hpp"

#include <boost/json.hpp>

#include "net/told_break.hpp"

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

json::value text_or_null(std::optional<std::int64_t> number) {
  return number ? json::value(std::to_string(*number)) : nullptr;
}

// `of` names what it is an event of.
json::object event_json(const player_event& e, const std::string& of, instant at,
                        const avail_viewer& viewer) {
  json::object out{{"eventId", of + "-" + e.type + "-" + std::to_string(e.position / 1ms)},
                   {"eventType", e.type},
                   {"eventProgramDateTime", format_iso8601(at)},
                   {"beaconUrls", json::value_from(e.urls)}};
  put_duration(out, "startTime", at - viewer.session_start);
  put_duration(out, "duration", duration{0});
  return out;
}

// Fills what one ad's URLs say of it.
class ad_writer {
 public:
  ad_writer(const tracked_ad& ad, const player_events& events, std::string name, duration total,
            const avail_viewer& viewer)
      : ad_(ad), told_(events), name_(std::move(name)), total_(total), viewer_(viewer) {}

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
        text_or_null(played != nullptr ? played->sequence : std::optional<std::int64_t>{});
    out["skipOffset"] =
        linear.skip_offset ? json::value(iso_duration(linear.skip_offset->in(total_))) : nullptr;
    out["clickThrough"] = or_null(linear.click_through);
    out["trackingEvents"] = events();
    out["adVerifications"] = verifications();
    out["companionAds"] = companions();
    out["icons"] = icons(linear);
    json::array extensions;
    for (const auto& e : ad.extensions)
      extensions.push_back({{"type", or_null(e.type)}, {"content", e.xml}});
    out["extensions"] = std::move(extensions);
  }

 private:
  std::vector<std::string> filled_texts(const std::vector<std::string>& urls) const {
    return told_.filled(urls, duration{0});
  }
  json::value filled(const std::vector<std::string>& urls) const {
    return json::value_from(filled_texts(urls));
  }
  json::array events() const {
    json::array out;
    for (const auto& e : told_.all())
      out.push_back(event_json(e, name_, told_.start() + e.position, viewer_));
    // There players look for where a click leads to.
    const auto& click = vast::all_linear(ad_.content).click_through;
    if (!click.empty())
      out.push_back(event_json({"clickThrough", duration{0}, true, filled_texts({click})}, name_,
                               told_.start(), viewer_));
    return out;
  }

  json::array plain_events(const std::vector<vast::tracking>& events) const {
    json::array out;
    for (const auto& t : events)
      out.push_back({{"eventType", t.event}, {"beaconUrls", filled({t.url})}});
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
                           {"companionClickTracking", filled(one.click_tracking)},
                           {"attributes",
                            {{"adSlotId", or_null(one.ad_slot_id)},
                             {"apiFramework", or_null(one.api_framework)},
                             {"height", text_or_null(one.height)},
                             {"id", or_null(one.id)},
                             {"width", text_or_null(one.width)}}},
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
                           {"width", text_or_null(i.width)},
                           {"height", text_or_null(i.height)},
                           {"offset", i.offset ? json::value(iso_duration(*i.offset)) : nullptr},
                           {"duration", i.lasts ? json::value(iso_duration(*i.lasts)) : nullptr}}},
                         {"iconClicks",
                          {{"iconClickThrough", or_null(i.click_through)},
                           {"iconClickTracking", filled(i.click_tracking)}}},
                         {"iconViewTracking", filled(i.view_tracking)}};
      put_resources(entry, i.resources);
      out.push_back(std::move(entry));
    }
    return out;
  }

  const tracked_ad& ad_;
  const player_events& told_;
  const std::string name_;
  duration total_;
  const avail_viewer& viewer_;
};

}  // namespace

// A time before the session's start is negative as a whole.
std::string iso_duration(duration d) {
  return (d < duration{0} ? "-PT" : "PT") + format_seconds(d < duration{0} ? -d : d) + "S";
}

json::object avail_json(const stitch::ad_break& b, const stitch::plan& plan, instant out,
                        std::size_t primary, const ads::asked_break& asked,
                        const avail_viewer& viewer,
                        const std::function<tracked_ad_ptr(const std::string&)>& find) {
  json::array ads, break_events;
  auto start = out;
  told_break told;
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    const auto& item = plan.items[i];
    const auto length = stitch::length_of(item, primary);
    if (item.kind == stitch::item_kind::ad) {
      json::object ad{{"adId", item.name},
                      {"adProgramDateTime", format_iso8601(start)},
                      {"mediaFiles", {{"mediaFilesList", json::array{}}, {"mezzanine", ""}}}};
      put_duration(ad, "startTime", start - viewer.session_start);
      put_duration(ad, "duration", length);
      if (const auto tracked = item.tracking.empty() ? nullptr : find(item.tracking)) {
        const auto total = item.media->total;
        const player_events events{*tracked, start, total, shown_of(item, primary), asked, viewer};
        ad_writer{*tracked, events, b.id + "-" + std::to_string(i), total, viewer}.write(ad);
        told.add(*tracked, events, start - out, length);
      } else {
        ad["trackingEvents"] = json::array{};
      }
      ads.push_back(std::move(ad));
    }
    start += length;
  }
  for (const auto& e : told.events())
    break_events.push_back(event_json(e, b.id, out + e.position, viewer));
  json::object avail{
      {"availId", b.id},
      {"availProgramDateTime", format_iso8601(out)},
      {"adBreakTrackingEvents", std::move(break_events)},
      {"adMarkerDuration", b.planned ? json::value(iso_duration(*b.planned)) : nullptr},
      {"meta", nullptr},
      {"nonLinearAdsList", json::array{}},
      {"ads", std::move(ads)}};
  put_duration(avail, "startTime", out - viewer.session_start);
  put_duration(avail, "duration", start - out);
  return avail;
}

}  // namespace interlude::net
