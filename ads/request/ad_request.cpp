#include "ads/request/ad_request.hpp"

#include <algorithm>
#include <array>

#include "media/core/lowered.hpp"

namespace interlude::ads {

namespace {

constexpr auto server_name = "Interlude/" INTERLUDE_VERSION;

std::int64_t whole_seconds(duration d) {
  return std::chrono::ceil<std::chrono::seconds>(d).count();
}

std::string text_of(std::optional<bool> flag) {
  return !flag ? "" : *flag ? "1" : "0";
}

std::vector<std::string> texts_of(const std::vector<int>& numbers) {
  std::vector<std::string> out;
  for (const auto n : numbers) out.push_back(std::to_string(n));
  return out;
}

void set_known(macro_values& v, std::string_view name, const std::string& value) {
  if (!value.empty()) v.set(name, value);
}

// What names the viewer is told, or said to be withheld.
void set_personal(macro_values& v, std::string_view name, const std::string& value, bool shared) {
  if (!shared && !value.empty())
    v.withhold(name);
  else
    set_known(v, name, value);
}

macro_values macros_for(const viewer& who, const asked_break& what, instant now,
                        std::uint32_t random) {
  const bool shared = reason_to_withhold(who.allows) == nullptr;
  macro_values v;
  set_request_macros(v, now, random);
  v.set("BREAKMAXDURATION", whole_seconds(what.length));
  v.set("SERVERSIDE", std::int64_t{1});
  v.set("SERVERUA", server_name);
  v.set("PLACEMENTTYPE", std::int64_t{1});  // AdCOM: instream
  v.set("LIMITADTRACKING", std::int64_t{who.allows.limits_tracking ? 1 : 0});
  v.set_list("VASTVERSIONS", {"2", "3", "5", "6", "7", "8", "11", "12", "13", "14", "15", "16"});
  v.set_list("MEDIAMIME", {"video/mp4", "video/quicktime", "video/webm", "application/x-mpegURL"});
  set_known(v, "CONTENTID", what.channel);
  set_known(v, "GDPRCONSENT", who.allows.tcf);
  set_known(v, "GPPSTRING", who.allows.gpp);
  if (!who.allows.gpp_sections.empty())
    v.set_list("GPPSECTIONID", texts_of(who.allows.gpp_sections));
  if (who.allows.gdpr_applies.value_or(!who.allows.tcf.empty())) v.set("REGULATIONS", "gdpr");
  set_personal(v, "DEVICEUA", who.user_agent, shared);
  set_personal(v, "DEVICEIP", who.ip, shared);
  set_personal(v, "PAGEURL", who.referer, shared);
  set_personal(v, "TRANSACTIONID", who.session, shared);
  return v;
}

void set_variables(macro_values& v, const viewer& who, const asked_break& what,
                   std::uint32_t random) {
  const bool shared = reason_to_withhold(who.allows) == nullptr;
  const auto personal = [&](const std::string& text) { return shared ? text : std::string{}; };
  v.set("session.id", personal(who.session));
  v.set("viewer.id", personal(who.id));
  v.set("device.ua", personal(who.user_agent));
  v.set("device.ip", personal(who.ip));
  v.set("device.class", who.device_class);
  v.set("geo.country", who.country);
  v.set("geo.region", personal(who.region));
  v.set("bucket", who.bucket);
  v.set("channel", what.channel);
  v.set("break.id", what.id);
  v.set("break.duration", whole_seconds(what.length));
  v.set("break.duration_ms", std::chrono::ceil<std::chrono::milliseconds>(what.length).count());
  v.set("break.start", format_iso8601(what.start));
  v.set("break.number", static_cast<std::int64_t>(what.number));
  v.set("scte.event_id", what.event_id);
  v.set("consent.gdpr", text_of(who.allows.gdpr_applies));
  v.set("consent.tcf", who.allows.tcf);
  v.set("consent.us_privacy", who.allows.us_privacy);
  v.set("consent.gpp", who.allows.gpp);
  v.set_list("consent.gpp_sid", texts_of(who.allows.gpp_sections));
  v.set("random", eight_digits(random));
  for (const auto& [name, value] : who.parameters) v.set("ads." + name, value);
}

// What could end a header's line is none of the viewer's.
std::string header_value(std::string_view text) {
  constexpr std::size_t longest = 1024;
  std::string out{text.substr(0, longest)};
  std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return out;
}

std::vector<std::pair<std::string, std::string>> headers_for(const viewer& who) {
  std::vector<std::pair<std::string, std::string>> out;
  if (reason_to_withhold(who.allows) != nullptr) return out;
  const auto add = [&](const char* name, const std::string& value) {
    if (auto text = header_value(value); !text.empty()) out.emplace_back(name, std::move(text));
  };
  add("X-Device-IP", who.ip);
  add("X-Forwarded-For", who.ip);  // until servers read the one above
  add("X-Device-User-Agent", who.user_agent);
  add("X-Device-Accept-Language", who.accept_language);
  add("X-Device-Referer", who.referer);
  return out;
}

// Parameters that the player did not give.
void set_absent_parameters(macro_values& v, std::string_view text) {
  for (const auto& name : macro_names(text))
    if (name.starts_with("ads.") && v.find(name) == nullptr) v.set(name, "");
}

void set_header(std::vector<std::pair<std::string, std::string>>& headers, const std::string& name,
                std::string value) {
  std::erase_if(headers, [&](const auto& h) { return lowered(h.first) == lowered(name); });
  if (!value.empty()) headers.emplace_back(name, std::move(value));
}

}  // namespace

macro_place place_in_body(std::string_view content_type) {
  auto type = lowered(content_type.substr(0, content_type.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  if (type == "application/json" || type.ends_with("+json")) return macro_place::json;
  if (type == "application/xml" || type == "text/xml" || type.ends_with("+xml"))
    return macro_place::xml;
  return macro_place::url;
}

bool is_free_header(std::string_view name) {
  constexpr std::array taken = std::to_array<std::string_view>(
      {"accept-encoding", "connection", "content-encoding", "content-length", "content-type",
       "expect", "host", "http2-settings", "keep-alive", "proxy-authenticate",
       "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"});
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  const auto is_token = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || marks.find(c) != marks.npos;
  };
  const auto small = lowered(name);
  return !small.empty() && small.size() <= 64 &&
         std::all_of(small.begin(), small.end(), is_token) &&
         std::find(taken.begin(), taken.end(), small) == taken.end();
}

ad_request make_ad_request(std::string_view url_template, const viewer& who,
                           const asked_break& what, instant now, std::uint32_t random,
                           const request_form& form) {
  auto values = macros_for(who, what, now, random);
  set_variables(values, who, what, random);
  set_absent_parameters(values, url_template);
  set_absent_parameters(values, form.body);
  for (const auto& [name, value] : form.headers) set_absent_parameters(values, value);
  ad_request out;
  out.url = legal_url(fill_macros(url_template, values));
  out.headers = headers_for(who);
  out.method = form.method;
  if (form.method == "POST") {
    out.body = fill_macros(form.body, values, place_in_body(form.content_type));
    set_header(out.headers, "Content-Type", form.content_type);
  }
  for (const auto& [name, value] : form.headers)
    set_header(out.headers, name, header_value(fill_macros(value, values, macro_place::line)));
  return out;
}

ad_request make_wrapper_request(std::string_view url, const std::vector<vast::category>& blocked,
                                const viewer& who, const asked_break& what, instant now,
                                std::uint32_t random) {
  auto values = macros_for(who, what, now, random);
  std::vector<std::string> codes;
  for (const auto& c : blocked) codes.push_back(c.code);
  if (!codes.empty()) values.set_list("BLOCKEDADCATEGORIES", codes);
  return {legal_url(fill_macros(url, values)), headers_for(who), "GET", ""};
}

ad_request make_event_request(std::string_view url, const playing_event& event, const viewer& who,
                              const asked_break& what, instant now, std::uint32_t random) {
  auto values = macros_for(who, what, now, random);
  values.set("ADPLAYHEAD", format_timecode(event.playhead));
  values.set("ADTYPE", "video");
  if (event.pod_sequence) values.set("PODSEQUENCE", *event.pod_sequence);
  if (event.by_player) values.set("SERVERSIDE", std::int64_t{0});
  set_known(values, "ADSERVINGID", event.serving_id);
  if (!event.universal_ids.empty()) values.set_list("UNIVERSALADID", event.universal_ids);
  return {legal_url(fill_macros(url, values)), headers_for(who), "GET", ""};
}

ad_request make_error_request(std::string_view url, int code, const viewer& who,
                              const asked_break& what, instant now, std::uint32_t random) {
  auto values = macros_for(who, what, now, random);
  values.set("ERRORCODE", std::int64_t{code});
  values.set("ERROR_CODE", std::int64_t{code});
  return {legal_url(fill_macros(url, values)), headers_for(who), "GET", ""};
}

}  // namespace interlude::ads
