#include "net/analytics_handler.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "actors/analytics/analytics_desk.hpp"
#include "net/analytics_table.hpp"
#include "net/await.hpp"
#include "net/control_handlers.hpp"
#include "net/query.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

namespace {

namespace json = boost::json;

constexpr std::chrono::hours usual_range = 24h, longest_range = 400 * 24h;

struct analytics_query {
  report_question question;
  bool csv = false;
};

error bad(std::string where, std::string what) {
  return {errc::malformed, std::move(where), std::move(what)};
}

result<std::vector<dimension>> read_dimensions(std::string_view text) {
  std::vector<dimension> out;
  while (!text.empty()) {
    const auto name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(name.size() + 1, text.size()));
    const auto d = dimension_of(name);
    if (!d)
      return bad("by",
                 "of hour, day, channel, ad, creative, tier, event, tracking and server some are "
                 "expected, "
                 "with commas between them");
    if (std::find(out.begin(), out.end(), *d) != out.end())
      return bad("by", std::string{name} + " is there twice");
    out.push_back(*d);
  }
  if (!has_columns(out)) return bad("by", "nothing is counted by all of these");
  return out;
}

// Half an hour is in no counter: what would be added to one side would be missing on the other.
result<storage::hour> read_hour(const std::string& name, std::string_view text) {
  const auto at = parse_iso8601(text);
  if (!at || instant{storage::hour_of(*at)} != *at)
    return bad(name, "a full hour is expected, as 2026-11-24T17:00:00Z");
  return storage::hour_of(*at);
}

result<bool> read_parameter(const std::string& name, const std::string& value,
                            analytics_query& out) {
  auto& q = out.question;
  if (name == "from" || name == "to") {
    const auto at = read_hour(name, value);
    if (!at) return at.error();
    (name == "from" ? q.from : q.to) = *at;
  } else if (name == "by") {
    auto by = read_dimensions(value);
    if (!by) return by.error();
    q.by = *std::move(by);
  } else if (name == "channel") {
    if (!is_name(value) || !q.channel.empty())
      return bad("channel", "the name of one channel is expected");
    q.channel = value;
  } else if (name == "format") {
    if (value != "csv" && value != "json") return bad("format", "csv or json is expected");
    out.csv = value == "csv";
  } else {
    return bad("query", "only from, to, channel, by and format are known");
  }
  return true;
}

result<analytics_query> read_query(const request& req, instant now) {
  const auto parameters = read_parameters(req.query);
  if (!parameters) return parameters.error();
  analytics_query out;
  auto& q = out.question;
  out.csv = req.header(http::field::accept).find("text/csv") != std::string_view::npos;
  bool from = false, to = false;
  for (const auto& [name, value] : *parameters) {
    if (auto read = read_parameter(name, value, out); !read) return read.error();
    from = from || name == "from";
    to = to || name == "to";
  }
  if (!to) q.to = storage::hour_of(now) + 1h;
  if (!from) q.from = q.to - usual_range;
  if (q.from >= q.to) return bad("from", "it is not before to");
  if (q.to - q.from > longest_range) return bad("from", "it is more than 400 days before to");
  return out;
}

// Who may read all of the organisation, or the one channel that is asked for.
bool may_read(const node_context& node, const route& r, const request& req) {
  if (is_authorized(req, node.operator_token)) return true;
  const auto parameters = read_parameters(req.query);
  if (!parameters) return false;
  const auto wanted = std::find_if(parameters->begin(), parameters->end(),
                                   [](const auto& p) { return p.first == "channel"; });
  const auto* c = wanted == parameters->end() ? nullptr : node.gateway.find(r.org, wanted->second);
  return c != nullptr && is_authorized(req, c->settings.cue_token);
}

bool is_configured(const node_context& node, const report_question& q) {
  if (!q.channel.empty()) return node.gateway.find(q.org, q.channel) != nullptr;
  const auto& all = node.gateway.channels();
  return std::any_of(all.begin(), all.end(),
                     [&](const auto& c) { return c->settings.org == q.org; });
}

response failed(const error& e) {
  if (e.code == errc::too_large)
    return make_problem(http::status::bad_request, "report-too-large", "The report is too large",
                        e.message());
  auto out = make_problem(http::status::service_unavailable, "not-ready",
                          "The report cannot be made now", e.message());
  out.add_header("Retry-After", "1");
  return out;
}

response answer_of(const analytics_query& query, const analytics_report& report) {
  const auto& q = query.question;
  if (query.csv) {
    auto out = make_response(http::status::ok, "text/csv; charset=utf-8; header=present",
                             rows_csv(report, q.by));
    allow_cross_origin(out);
    out.add_header("Cache-Control", "no-store");
    return out;
  }
  json::array by;
  for (const auto d : q.by) by.push_back(to_string(d));
  json::object body{{"org", q.org}};
  if (!q.channel.empty()) body["channel"] = q.channel;
  body["from"] = format_iso8601(q.from);
  body["to"] = format_iso8601(q.to);
  body["by"] = std::move(by);
  body["rows"] = rows_json(report, q.by);
  return json_reply(body);
}

}  // namespace

awaitable<response> report_analytics(node_context& node, route r, const request& req) {
  if (!may_read(node, r, req))
    co_return token_wanted("operator-token", "The request was refused",
                           "the node's operator_token is needed as bearer token, or with channel= "
                           "the cue_token of that channel");
  auto query = read_query(req, node.now());
  if (!query)
    co_return make_problem(http::status::bad_request, "bad-query", "The query cannot be used",
                           query.error().message());
  auto& q = query->question;
  q.org = r.org;
  if (node.analytics == nullptr)
    co_return failed(error{errc::unavailable, "analytics", "nothing is counted"});
  const auto report = co_await await_result<analytics_report>(
      [&](auto reply) { node.analytics->want_report(q, std::move(reply)); });
  if (!report) co_return failed(report.error());
  if (report->rows.empty() && !is_configured(node, q))
    co_return make_problem(http::status::not_found, "unknown-channel", "No such channel",
                           q.channel.empty() ? q.org : q.org + '/' + q.channel);
  co_return answer_of(*query, *report);
}

}  // namespace interlude::net
