#include "net/session_handler.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/url.hpp>
#include <charconv>

#include "media/stitch/channel_description.hpp"
#include "net/await.hpp"
#include "net/debug_handler.hpp"
#include "net/query.hpp"
#include "net/viewer_reader.hpp"
#include "net/viewer_token.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

constexpr std::size_t max_parameter = 256;  // one name or value
constexpr std::size_t max_parameters = 32;

using parameters = std::vector<std::pair<std::string, std::string>>;

// What a player asked for, from the query or the JSON body.
struct wish {
  std::string mode;
  std::string token;
  std::string viewer;  // an id, over all sessions of theirs
  parameters ads;
  bool debug = false;
  std::string debug_token;  // the operator's
  std::string tracking;     // "client", "server"; empty: as the channel says
  ads::consent_parameters consent;
};

response bad_request(std::string_view detail) {
  return make_problem(http::status::bad_request, "bad-session-request",
                      "The session cannot be started", detail);
}

result<bool> take_parameter(wish& w, std::string_view name, std::string_view value) {
  if (name == "mode")
    w.mode = value;
  else if (name == "token")
    w.token = value;
  else if (name == "viewer")
    w.viewer = value.substr(0, max_parameter);
  else if (name == "debug")
    w.debug = value == "1";
  else if (name == "debug_token")
    w.debug_token = value;
  else if (name == "tracking")
    w.tracking = value;
  if (const auto bare = consent_name(name); !bare.empty()) {
    w.consent.emplace_back(bare, value);
    return true;
  }
  if (!name.starts_with("ads.")) return true;
  if (name.size() > max_parameter || value.size() > max_parameter || w.ads.size() == max_parameters)
    return error{errc::too_large, std::string{name.substr(0, 64)},
                 "at most 32 ads parameters of 256 characters each"};
  w.ads.emplace_back(name.substr(4), value);
  return true;
}

result<wish> read_query(std::string_view query) {
  const auto all = read_parameters(query);
  if (!all) return all.error();
  wish w;
  for (const auto& [name, value] : *all)
    if (auto taken = take_parameter(w, name, value); !taken) return taken.error();
  return w;
}

result<wish> read_body(std::string_view body, wish w) {
  if (body.empty()) return w;
  boost::system::error_code ec;
  json::parse_options depth;
  depth.max_depth = 4;
  const auto value = json::parse(body, ec, {}, depth);
  if (ec || !value.is_object())
    return error{errc::malformed, "body", "the body is not a JSON object"};
  for (const auto& [name, member] : value.get_object()) {
    if (name == "mode" && member.is_string()) {
      w.mode = member.get_string();
    } else if (name == "viewer" && member.is_string()) {
      w.viewer = std::string_view{member.get_string()}.substr(0, max_parameter);
    } else if (name == "tracking" && member.is_string()) {
      w.tracking = member.get_string();
    } else if (name == "ads" && member.is_object()) {
      for (const auto& [key, text] : member.get_object()) {
        if (!text.is_string())
          return error{errc::malformed, "ads." + std::string{key}, "the value is not a string"};
        auto taken = take_parameter(w, "ads." + std::string{key}, text.get_string());
        if (!taken) return taken.error();
      }
    } else if (name == "consent" && member.is_object()) {
      auto consent = read_consent(member.get_object());
      if (!consent) return consent.error();
      std::move(consent->begin(), consent->end(), std::back_inserter(w.consent));
    } else {
      return error{errc::malformed, std::string{name},
                   "unknown or ill-typed: \"mode\", \"viewer\", \"tracking\" (strings), \"ads\" "
                   "and \"consent\" (objects) are known"};
    }
  }
  return w;
}

bool is_mode(std::string_view mode) {
  return mode.empty() || mode == "ssai" || mode == "sgai" || mode == "auto";
}

bool is_tracking(std::string_view who) {
  return who.empty() || who == "client" || who == "server";
}

bool tracks_itself(const channel_settings& channel, const wish& w) {
  return w.tracking.empty() ? channel.tracking == tracking_by::player : w.tracking == "client";
}

// The token of the Authorization header, else the one in the query.
std::string bearer_of(const request& req, const wish& w) {
  const auto header = req.header(http::field::authorization);
  return header.starts_with("Bearer ") ? std::string{header.substr(7)} : w.token;
}

awaitable<result<viewer>> admit(const viewer_token_settings& wanted, jwks_cache& keys,
                                std::string token, instant now) {
  // Nobody's key is asked for on behalf of a viewer without a token.
  if (token.empty()) co_return error{errc::unauthorized, "token", "a viewer token is required"};
  viewer_token_policy policy;
  policy.algorithm = wanted.algorithm;
  policy.key = wanted.key;
  policy.issuer = wanted.issuer;
  policy.audience = wanted.audience;
  policy.ad_claims = wanted.ad_claims;
  if (!wanted.jwks_url.empty()) {
    auto document = co_await keys.get(wanted.jwks_url);
    if (!document) co_return document.error();
    policy.jwks = *std::move(document);
  }
  co_return verify_viewer_token(token, policy, now);
}

// Once and for all of the session, like the audience that it joins with.
bool is_common(const channel_view& channel) {
  const auto& policy = channel.settings.audiences;
  return !policy.is_common() && channel.audiences.size() >= policy.most;
}

// What follows from who asks, at the start and for good. Tokens stand in every URL: what nobody
// asks for is not in them.
void describe_viewer(session& s, const ads::viewer& who, const ads::audience_policy& audiences) {
  s.allows = who.allows;
  if (audiences.is_common()) return;
  s.country = who.country;
  s.region = who.region;
  s.device_class = who.device_class;
}

session make_session(insertion_mode mode, instant now, parameters ads) {
  session s;
  RAND_bytes(s.id.data(), static_cast<int>(s.id.size()));
  s.mode = mode;
  s.issued_at = now;
  s.parameters = std::move(ads);
  return s;
}

// Who joins now is shown something else than the others, or is not: that is decided once, and
// stands in the token.
std::uint64_t audience_that_joins(const channel_view& channel, instant now) {
  const auto& policy = channel.settings.join;
  const auto p = channel.load();
  const auto* s = p && p->snapshot ? p->snapshot.get() : nullptr;
  const auto* reference = s != nullptr ? s->windows[s->primary].get() : nullptr;
  const bool on_air = reference != nullptr && stitch::is_on_air(s->breaks, *reference);
  const bool content = policy.mid_break == stitch::mid_break_join::content;
  const bool differs = on_air ? content : policy.preroll > duration{0};
  // Who is an audience alone is one whenever they join.
  const bool alone = channel.settings.audiences.per_viewer;
  const bool full = s != nullptr && !alone && s->audiences.size() >= max_joined_audiences;
  return differs && !full ? joined_number(now) : 0;
}

response describe_session(const node_context& node, const request& req, const route& r,
                          const session& s, const std::string& token) {
  const auto base =
      base_url(node, req) + "/v1/" + std::string{r.org} + '/' + std::string{r.channel};
  json::object body;
  body["sessionId"] = s.id_text();
  body["mode"] = s.mode == insertion_mode::sgai ? "sgai" : "ssai";
  body["manifestUrl"] = base + "/master.m3u8?session=" + token;
  body["trackingUrl"] = base + "/s/" + token + "/tracking.json";
  if (s.debugged) body["debugUrl"] = base + "/s/" + token + "/debug.json";
  auto out = make_response(http::status::created, "application/json", json::serialize(body));
  allow_cross_origin(out);
  out.add_header("Cache-Control", "no-store");
  return out;
}

response multivariant(const stitch::channel_description& d, const session& s,
                      const std::string& token) {
  auto out = make_response(http::status::ok, "application/vnd.apple.mpegurl",
                           stitch::render_multivariant(d, "s/" + token + "/"));
  allow_cross_origin(out);
  // A copy of it would put two viewers into one session.
  out.add_header("Cache-Control", "no-store");
  out.add_header("X-Session-Id", s.id_text());
  out.add_header("Access-Control-Expose-Headers", "X-Session-Id");
  return out;
}

// "session=<token>": the multivariant playlist of a session that was started explicitly. A token
// needs no percent-decoding.
std::string_view session_in(std::string_view query) {
  constexpr std::string_view name = "session=";
  while (!query.empty()) {
    const auto field = query.substr(0, query.find('&'));
    if (field.starts_with(name)) return field.substr(name.size());
    query.remove_prefix(std::min(field.size() + 1, query.size()));
  }
  return {};
}

}  // namespace

insertion_mode choose_mode(std::string_view asked, insertion configured,
                           std::string_view user_agent) {
  if (asked == "ssai") return insertion_mode::ssai;
  if (asked == "sgai") return insertion_mode::sgai;
  if (configured == insertion::stitched) return insertion_mode::ssai;
  if (configured == insertion::guided) return insertion_mode::sgai;
  if (!user_agent.starts_with("AppleCoreMedia/")) return insertion_mode::ssai;
  // "AppleCoreMedia/1.0.0.20E247 (iPhone; U; CPU OS 16_4 like Mac OS X; en_us)"
  const auto os = user_agent.find(" OS ");
  if (os == std::string_view::npos) return insertion_mode::ssai;
  auto version = user_agent.substr(os + 4);
  const bool mac = version.starts_with("X ");
  if (mac) version.remove_prefix(2);
  int major = 0, minor = 0;
  const auto* end = version.data() + version.size();
  const auto parsed = std::from_chars(version.data(), end, major);
  if (parsed.ptr != end && (*parsed.ptr == '_' || *parsed.ptr == '.'))
    std::from_chars(parsed.ptr + 1, end, minor);
  const auto known = std::pair{major, minor} >= (mac ? std::pair{13, 3} : std::pair{16, 4});
  return known ? insertion_mode::sgai : insertion_mode::ssai;
}

std::string base_url(const node_context& node, const request& req) {
  if (!node.public_url.empty()) return node.public_url;
  const auto host = req.header(http::field::host);
  const bool usable = !host.empty() && boost::urls::parse_authority(host).has_value();
  return "http://" + (usable ? std::string{host} : std::string{"localhost"});
}

awaitable<response> start_session(node_context& node, jwks_cache& keys, route r,
                                  const request& req) {
  auto* channel = node.gateway.find(r.org, r.channel);
  if (channel == nullptr)
    co_return make_problem(http::status::not_found, "unknown-channel", "No such channel",
                           r.channel);
  const auto now = node.now();
  session s;
  std::string token{session_in(req.query)};
  if (!token.empty() && r.what == endpoint::master) {
    auto known = node.signer.verify(token, r.org, r.channel, now);
    if (!known)
      co_return make_problem(http::status::forbidden, "invalid-session", "The session is not valid",
                             known.error().what);
    s = *std::move(known);
  } else {
    auto wanted = read_query(req.query);
    if (wanted && r.what == endpoint::new_session) wanted = read_body(req.body, *std::move(wanted));
    if (!wanted) co_return bad_request(wanted.error().message());
    if (!is_mode(wanted->mode)) co_return bad_request("mode: one of ssai, sgai and auto");
    if (!is_tracking(wanted->tracking)) co_return bad_request("tracking: one of client and server");
    if (wanted->debug)
      if (auto refused = refuse_debugging(*channel, req, wanted->debug_token))
        co_return *std::move(refused);
    if (channel->settings.viewer_token) {
      auto who =
          co_await admit(*channel->settings.viewer_token, keys, bearer_of(req, *wanted), now);
      if (!who)
        co_return make_problem(http::status::unauthorized, "viewer-token",
                               "The viewer token was refused", who.error().what);
      // Claims come last: a player cannot overrule what the publisher said.
      wanted->viewer = who->subject;
      for (auto& claim : who->ad_parameters) {
        std::erase_if(wanted->ads, [&](const auto& p) { return p.first == claim.first; });
        wanted->ads.push_back(std::move(claim));
      }
    }
    s = make_session(
        choose_mode(wanted->mode, channel->settings.mode, req.header(http::field::user_agent)), now,
        std::move(wanted->ads));
    const auto who = read_viewer(node.viewers, req, wanted->consent);
    if (!who) co_return bad_request(who.error().message());
    describe_viewer(s, *who, channel->settings.audiences);
    s.viewer_id = std::move(wanted->viewer);
    s.common = is_common(*channel);
    s.debugged = wanted->debug;
    s.tracks_itself = tracks_itself(channel->settings, *wanted);
    if (s.mode == insertion_mode::ssai) s.audience = audience_that_joins(*channel, now);
    if (s.debugged)
      if (auto refused = begin_debugging(node, *channel, s)) co_return *std::move(refused);
    token = node.signer.sign(s, r.org, r.channel);
    channel->counters.sessions.fetch_add(1, std::memory_order_relaxed);
  }
  if (r.what == endpoint::new_session) co_return describe_session(node, req, r, s, token);
  auto described = co_await await_result<published_ptr>(
      [&](auto done) { node.gateway.want_description(*channel, std::move(done)); });
  if (!described) {
    auto out = make_problem(http::status::service_unavailable, "origin-unavailable",
                            "The origin does not deliver", described.error().message());
    out.add_header("Retry-After", "2");
    co_return out;
  }
  co_return multivariant(*(*described)->description, s, token);
}

}  // namespace interlude::net
