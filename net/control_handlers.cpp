#include "net/control_handlers.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "net/await.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

response bad_cue(std::string_view detail) {
  return make_problem(http::status::bad_request, "bad-cue", "The cue cannot be used", detail);
}

constexpr std::string_view known_actions = "start, stop, extend or cancel";

std::optional<cue_command::action> action_of(std::string_view text) {
  if (text == "start") return cue_command::action::start;
  if (text == "stop") return cue_command::action::stop;
  if (text == "extend") return cue_command::action::extend;
  if (text == "cancel") return cue_command::action::cancel;
  return std::nullopt;
}

result<cue_command> read_cue(std::string_view body) {
  boost::system::error_code ec;
  const auto value = json::parse(body, ec);
  if (ec || !value.is_object())
    return error{errc::malformed, "body", "the body is not a JSON object"};
  cue_command command;
  bool action = false;
  for (const auto& [name, member] : value.get_object()) {
    if (name == "action" && member.is_string() && action_of(member.get_string())) {
      command.what = *action_of(member.get_string());
      action = true;
    } else if (name == "id" && member.is_string() && is_name(member.get_string())) {
      command.id = member.get_string();
    } else if (name == "at" && member.is_string() && parse_iso8601(member.get_string())) {
      command.at = parse_iso8601(member.get_string());
    } else if (name == "duration" && member.is_number() && member.to_number<double>() > 0 &&
               member.to_number<double>() <= 3600) {
      command.break_duration = from_seconds(member.to_number<double>());
    } else {
      return error{errc::malformed, std::string{name},
                   "unknown or ill-typed: action (" + std::string{known_actions} +
                       "), id (a name), at (ISO 8601) and duration (seconds, at most 3600) are "
                       "known"};
    }
  }
  if (!action) return error{errc::malformed, "action", "is missing: " + std::string{known_actions}};
  if (command.what == cue_command::action::extend && !command.break_duration)
    return error{errc::malformed, "duration", "is missing: how long the break is to be altogether"};
  return command;
}

std::string_view mode_name(insertion mode) {
  switch (mode) {
    case insertion::stitched:
      return "ssai";
    case insertion::guided:
      return "sgai";
    case insertion::automatic:
      return "auto";
  }
  return "auto";
}

std::string_view media_type_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> types{
      {{".html", "text/html; charset=utf-8"},
       {".css", "text/css; charset=utf-8"},
       {".js", "text/javascript; charset=utf-8"},
       {".mjs", "text/javascript; charset=utf-8"},
       {".svg", "image/svg+xml"},
       {".json", "application/json"},
       {".map", "application/json"}}};
  const auto it = std::find_if(types.begin(), types.end(),
                               [&](const auto& t) { return path.ends_with(t.first); });
  return it == types.end() ? std::string_view{} : it->second;
}

// Folders and files named with [A-Za-z0-9._-], none beginning with a dot.
bool is_plain_path(std::string_view path) {
  if (path.size() > 128 || path.empty() || path.front() != '/') return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-' || c == '/';
    if (!plain || (c == '/' && i + 1 < path.size() && (path[i + 1] == '.' || path[i + 1] == '/')))
      return false;
  }
  return true;
}

json::object break_json(const stitch::ad_break& b) {
  json::object o{{"id", b.id}};
  if (!b.event_id.empty()) o["eventId"] = b.event_id;
  if (!b.splice_id.empty()) o["spliceId"] = b.splice_id;
  o["source"] = source_name(b.source);
  o["state"] = stitch::to_string(b.state);
  o["start"] = format_iso8601(b.start);
  if (b.planned) o["duration"] = to_seconds(*b.planned);
  if (b.end) o["end"] = format_iso8601(*b.end);
  return o;
}

}  // namespace

bool is_token(std::string_view given, std::string_view token) {
  return !token.empty() && given.size() == token.size() &&
         CRYPTO_memcmp(given.data(), token.data(), token.size()) == 0;
}

bool is_authorized(const request& req, std::string_view token) {
  const auto header = req.header(http::field::authorization);
  return header.starts_with("Bearer ") && is_token(header.substr(7), token);
}

response token_wanted(std::string_view slug, std::string_view title, std::string_view detail) {
  auto out = make_problem(http::status::unauthorized, slug, title, detail);
  out.add_header("WWW-Authenticate", "Bearer");
  return out;
}

bool is_refused(const node_context& node, const request& req, response& out) {
  const auto& token = node.operator_token;
  if (is_authorized(req, token)) return false;
  out = token_wanted("operator-token", "The request was refused",
                     token.empty() ? "the node has no operator_token configured"
                                   : "the bearer token is missing or wrong");
  return true;
}

response json_reply(const json::object& body) {
  auto out = make_response(http::status::ok, "application/json", json::serialize(body));
  allow_cross_origin(out);
  out.add_header("Cache-Control", "no-store");
  return out;
}

channel_view* operated_channel(const node_context& node, const route& r, const request& req,
                               response& refusal) {
  auto* channel = node.gateway.find(r.org, r.channel);
  if (channel == nullptr) {
    refusal =
        make_problem(http::status::not_found, "unknown-channel", "No such channel", r.channel);
    return nullptr;
  }
  const auto& token = channel->settings.cue_token;
  if (is_authorized(req, token)) return channel;
  refusal = token_wanted("cue-token", "The cue was refused",
                         token.empty() ? "the channel has no cue_token configured"
                                       : "the bearer token is missing or wrong");
  return nullptr;
}

response cue_status(const node_context& node, const route& r, const request& req) {
  response refusal;
  const auto* channel = operated_channel(node, r, req, refusal);
  if (channel == nullptr) return refusal;
  const auto p = channel->load();
  json::array list;
  if (p && p->snapshot)
    for (const auto& b : p->snapshot->breaks) list.push_back(break_json(b));
  return json_reply({{"breaks", std::move(list)}});
}

awaitable<response> cue(node_context& node, route r, const request& req) {
  response refusal;
  auto* channel = operated_channel(node, r, req, refusal);
  if (channel == nullptr) co_return refusal;
  auto command = read_cue(req.body);
  if (!command) co_return bad_cue(command.error().message());
  auto done = co_await await_result<stitch::ad_break>(
      [&](auto reply) { node.gateway.send_cue(*channel, *std::move(command), std::move(reply)); });
  if (!done && done.error().code == errc::not_found)
    co_return make_problem(http::status::not_found, "unknown-break", "No such break",
                           done.error().message());
  if (!done && done.error().code == errc::unavailable)
    co_return make_problem(http::status::service_unavailable, "origin-unavailable",
                           "The channel is not running yet", done.error().message());
  if (!done)
    co_return make_problem(http::status::conflict, "cue-conflict", "The cue cannot be obeyed",
                           done.error().message());
  co_return json_reply(break_json(*done));
}

response channels(const node_context& node) {
  json::array list;
  for (const auto& c : node.gateway.channels()) {
    json::object entry;
    entry["org"] = c->settings.org;
    entry["channel"] = c->settings.name;
    entry["modes"] = {"ssai", "sgai"};
    entry["default_mode"] = mode_name(c->settings.mode);
    entry["master"] = "/v1/" + c->settings.path() + "/master.m3u8";
    list.push_back(std::move(entry));
  }
  json::object body;
  body["channels"] = std::move(list);
  return json_reply(body);
}

response health_live() {
  return json_reply({{"status", "ok"}});
}

// Viewers are better off where somebody can be told what they see.
response health_ready(const node_context& node) {
  const auto refused = [](std::string_view slug, std::string_view title, std::string_view why) {
    auto out = make_problem(http::status::service_unavailable, slug, title, why);
    out.add_header("Retry-After", "1");
    return out;
  };
  if (!node.ready())
    return refused("not-ready", "The node is starting", "not everything is there yet");
  if (const auto why = node.beacons ? node.beacons->why_refused() : std::string{}; !why.empty())
    return refused("beacons-refused", "Tracking requests are refused", why);
  return json_reply({{"status", "ok"}});
}

response version() {
  return json_reply({{"name", "interlude"}, {"version", INTERLUDE_VERSION}});
}

response page(const node_context& node, std::string_view path) {
  if (path == "/") path = "/index.html";
  const auto type = media_type_of(path);
  if (node.player_root.empty() || type.empty() || !is_plain_path(path))
    return make_problem(http::status::not_found, "not-found", "Nothing here",
                        "see docs/http-api.md for the routes");
  std::ifstream file{node.player_root + std::string{path}, std::ios::binary};
  if (!file)
    return make_problem(http::status::not_found, "not-found", "Nothing here",
                        "no such file of the player page");
  auto out =
      make_response(http::status::ok, type, std::string{std::istreambuf_iterator<char>{file}, {}});
  out.add_header("Cache-Control", "no-cache");
  out.add_header("X-Content-Type-Options", "nosniff");
  return out;
}

}  // namespace interlude::net
