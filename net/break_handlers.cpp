#include "net/break_handlers.hpp"

#include <boost/json.hpp>
#include <cmath>

#include "net/await.hpp"
#include "net/control_handlers.hpp"
#include "net/query.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

json::object break_json(const told_break& b) {
  return {{"id", b.id},
          {"source", source_name(b.source)},
          {"start", format_iso8601(b.start)},
          {"duration", to_seconds(b.wanted)}};
}

json::object line_json(const break_line& line) {
  auto o = break_json(line.what);
  o["audiences"] = line.audiences;
  o["leftOut"] = line.left_out;
  o["fillRate"] = std::round(line.fill_rate * 1000) / 1000;
  return o;
}

// The audience that is asked for; empty: all.
result<std::string> read_audience(std::string_view query) {
  const auto parameters = read_parameters(query);
  if (!parameters) return parameters.error();
  std::string audience;
  for (const auto& [name, value] : *parameters) {
    if (name != "audience" || value.empty())
      return error{errc::malformed, "query", "only audience (a name) is known"};
    audience = value;
  }
  return audience;
}

response failed(const error& e) {
  if (e.code == errc::not_found)
    return make_problem(http::status::not_found, "unknown-break", "No such break", e.message());
  return make_problem(http::status::service_unavailable, "not-ready", "The node is stopping",
                      e.message());
}

}  // namespace

awaitable<response> list_breaks(node_context& node, route r, const request& req) {
  response refusal;
  auto* channel = operated_channel(node, r, req, refusal);
  if (channel == nullptr) co_return refusal;
  const auto lines = co_await await_result<std::vector<break_line>>(
      [&](auto reply) { node.gateway.want_break_lines(*channel, std::move(reply)); });
  if (!lines) co_return failed(lines.error());
  json::array list;
  for (const auto& line : *lines) list.push_back(line_json(line));
  co_return json_reply({{"breaks", std::move(list)}});
}

awaitable<response> tell_break(node_context& node, route r, const request& req) {
  response refusal;
  auto* channel = operated_channel(node, r, req, refusal);
  if (channel == nullptr) co_return refusal;
  auto audience = read_audience(req.query);
  if (!audience)
    co_return make_problem(http::status::bad_request, "bad-query", "The query cannot be used",
                           audience.error().message());
  const auto told = co_await await_result<break_stories>([&](auto reply) {
    node.gateway.want_break_stories(*channel, std::string{r.break_id}, *std::move(audience),
                                    std::move(reply));
  });
  if (!told) co_return failed(told.error());
  json::array stories;
  for (const auto& s : told->stories) stories.push_back(story_json(*s));
  auto body = break_json(told->what);
  body["audiences"] = std::move(stories);
  body["leftOut"] = told->left_out;
  co_return json_reply(body);
}

}  // namespace interlude::net
