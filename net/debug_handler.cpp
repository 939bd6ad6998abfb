#include "net/debug_handler.hpp"

#include <boost/json.hpp>

#include "net/control_handlers.hpp"
#include "net/playlist_handler.hpp"
#include "net/session_audience.hpp"
#include "net/tracking_handler.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

json::object session_json(const session& s, const channel_settings& channel) {
  json::object parameters;
  for (const auto& [name, value] : s.parameters) parameters[name] = value;
  return {{"sessionId", s.id_text()},
          {"mode", s.mode == insertion_mode::sgai ? "sgai" : "ssai"},
          {"started", format_iso8601(s.issued_at)},
          {"audience", audience_of(s, channel)},
          {"tooManyAudiences", s.common},
          {"ads", std::move(parameters)}};
}

json::object told_json(const decision_story& s) {
  auto o = story_json(s);
  o["break"] = s.break_id;
  o["source"] = source_name(s.source);
  o["start"] = format_iso8601(s.start);
  return o;
}

}  // namespace

std::optional<response> refuse_debugging(const channel_view& channel, const request& req,
                                         std::string_view token) {
  const auto& wanted = channel.settings.cue_token;
  if (is_authorized(req, wanted) || is_token(token, wanted)) return std::nullopt;
  return make_problem(http::status::unauthorized, "cue-token", "The session cannot be debugged",
                      "the channel's cue_token is required, as bearer token or as debug_token");
}

std::optional<response> begin_debugging(const node_context& node, const channel_view& channel,
                                        const session& s) {
  const auto& settings = channel.settings;
  if (node.debugging->begin(s.id_text(), settings.path(), audience_of(s, settings), s.issued_at))
    return std::nullopt;
  auto out = make_problem(http::status::too_many_requests, "too-many-debug-sessions",
                          "The session cannot be debugged",
                          "the node has as many as it can keep, each for an hour");
  out.add_header("Retry-After", "60");
  return out;
}

response debug_story(node_context& node, const route& r) {
  const auto* channel = node.gateway.find(r.org, r.channel);
  if (channel == nullptr)
    return make_problem(http::status::not_found, "unknown-channel", "No such channel", r.channel);
  const auto verified = session_of(node, r);
  if (!verified) return session_refused(verified.error());
  const auto& s = (*verified)->session;
  const auto found = s.debugged ? node.debugging->find(s.id_text(), node.now()) : std::nullopt;
  if (!found)
    return make_problem(http::status::not_found, "unknown-debug-session", "No such debug session",
                        s.debugged ? "it is forgotten: an hour has passed, or the node began anew"
                                   : "the session was not started with debug=1");
  json::array decisions;
  for (const auto& story : found->stories) decisions.push_back(told_json(*story));
  auto body = session_json(s, channel->settings);
  body["until"] = format_iso8601(found->until);
  body["decisions"] = std::move(decisions);
  body["decisionsForgotten"] = found->forgotten;
  body["breaks"] = breaks_shown_to(*channel, s);
  return json_reply(body);
}

}  // namespace interlude::net
