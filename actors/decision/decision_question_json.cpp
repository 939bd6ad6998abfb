// The questions of the decision service.
#include <algorithm>
#include <array>

#include "actors/decision/decision_json.hpp"
#include "actors/decision/json_members.hpp"

namespace interlude {

namespace {

namespace json = boost::json;

json::object consent_json(const ads::consent& c) {
  json::object out;
  if (c.gdpr_applies) out["gdpr"] = *c.gdpr_applies ? 1 : 0;
  if (!c.tcf.empty()) out["tcf"] = c.tcf;
  if (!c.us_privacy.empty()) out["us_privacy"] = c.us_privacy;
  if (!c.gpp.empty()) out["gpp"] = c.gpp;
  if (!c.gpp_sections.empty())
    out["gpp_sid"] = json::array(c.gpp_sections.begin(), c.gpp_sections.end());
  if (c.limits_tracking) out["lat"] = 1;
  return out;
}

void read_consent(const json::object& from, const std::string& path, ads::consent& c,
                  std::optional<error>& problem) {
  members m{from, path, problem};
  c.gdpr_applies = m.flag("gdpr");
  c.limits_tracking = m.flag("lat").value_or(false);
  m.text("tcf", c.tcf);
  m.text("us_privacy", c.us_privacy);
  m.text("gpp", c.gpp);
  const auto* sections = from.if_contains("gpp_sid");
  if (sections == nullptr || sections->is_null()) return;
  if (!sections->is_array() || sections->get_array().size() > 16)
    return m.fail("gpp_sid", "at most 16 numbers are expected");
  for (const auto& s : sections->get_array()) {
    if (!s.is_int64() || s.get_int64() < -1 || s.get_int64() > 1000)
      return m.fail("gpp_sid", "section numbers are expected");
    c.gpp_sections.push_back(static_cast<int>(s.get_int64()));
  }
}

void read_viewer(const json::object& from, const std::string& path, ads::viewer& who,
                 std::optional<error>& problem) {
  members m{from, path, problem};
  m.text("id", who.id);
  m.text("session", who.session);
  m.text("bucket", who.bucket);
  m.text("device", who.device_class);
  m.text("ip", who.ip);
  m.text("userAgent", who.user_agent);
  m.text("language", who.accept_language);
  m.text("referer", who.referer);
  m.object("geo", [&](const json::object& geo, const std::string& inner_path) {
    members inner{geo, inner_path, problem};
    inner.text("country", who.country);
    inner.text("region", who.region);
  });
  m.object("consent", [&](const json::object& consent, const std::string& inner_path) {
    read_consent(consent, inner_path, who.allows, problem);
  });
}

void read_context(const json::object& from, const std::string& path, decision_question& q,
                  std::optional<error>& problem) {
  members m{from, path, problem};
  m.text("breakId", q.what.id);
  m.text("eventId", q.what.event_id);
  std::string start;
  m.text("start", start);
  if (!start.empty()) {
    if (const auto at = parse_iso8601(start))
      q.what.start = *at;
    else
      m.fail("start", "a date and time (ISO 8601) is expected");
  }
  if (from.size() > max_parameters + 3) return m.fail("", "too many members");
  constexpr std::array<std::string_view, 3> own = {"breakId", "eventId", "start"};
  for (const auto& member : from) {
    if (std::find(own.begin(), own.end(), std::string_view{member.key()}) != own.end()) continue;
    const std::string name{member.key()};
    if (name.size() > max_text) return m.fail("", "a name is too long");
    m.text(name.c_str(), q.who.parameters[name]);
  }
}

}  // namespace

std::string write_question(const ads::viewer& who, const ads::asked_break& what) {
  json::object viewer;
  json::object geo;
  put(geo, "country", who.country);
  put(viewer, "device", who.device_class);
  put(viewer, "bucket", who.bucket);
  if (ads::reason_to_withhold(who.allows) == nullptr) {
    put(geo, "region", who.region);
    put(viewer, "id", who.id);
    put(viewer, "session", who.session);
    put(viewer, "ip", who.ip);
    put(viewer, "userAgent", who.user_agent);
    put(viewer, "language", who.accept_language);
    put(viewer, "referer", who.referer);
  }
  viewer["geo"] = std::move(geo);
  viewer["consent"] = consent_json(who.allows);
  json::object context{{"breakId", what.id}, {"start", format_iso8601(what.start)}};
  put(context, "eventId", what.event_id);
  for (const auto& [name, value] : who.parameters) context.emplace(name, value);
  return json::serialize(json::object{{"channel", what.channel},
                                      {"durationSec", to_seconds(what.length)},
                                      {"viewerInfo", std::move(viewer)},
                                      {"context", std::move(context)}});
}

result<decision_question> read_question(std::string_view body, instant now) {
  const auto object = parse_object(body);
  if (!object) return object.error();
  decision_question q;
  q.what.start = now;
  std::optional<error> problem;
  members m{*object, "", problem};
  m.text("channel", q.what.channel);
  const auto* length = object->if_contains("durationSec");
  const double seconds =
      length != nullptr && length->is_number() ? length->to_number<double>() : -1;
  if (!(seconds > 0 && seconds <= max_seconds))
    m.fail("durationSec", "seconds are expected, more than 0 and at most 7200");
  q.what.length = from_seconds(seconds);
  m.object("viewerInfo", [&](const json::object& o, const std::string& path) {
    read_viewer(o, path, q.who, problem);
  });
  m.object("context", [&](const json::object& o, const std::string& path) {
    read_context(o, path, q, problem);
  });
  for (const auto& member : *object)
    if (const std::string_view name = member.key();
        name != "channel" && name != "durationSec" && name != "viewerInfo" && name != "context")
      m.fail(name.substr(0, max_text), "channel, durationSec, viewerInfo and context are known");
  if (problem) return *problem;
  return q;
}

}  // namespace interlude
