#include "net/creative_handlers.hpp"

#include <boost/json.hpp>
#include <cmath>

#include "net/await.hpp"
#include "net/control_handlers.hpp"
#include "net/query.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

struct page_wanted {
  std::string after;
  std::size_t limit = usual_page;
};

result<page_wanted> read_page(std::string_view query) {
  page_wanted p;
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    const auto value = part.substr(std::min(part.find('='), part.size() - 1) + 1);
    if (part.starts_with("after=") && is_name(value)) {
      p.after = value;
    } else if (part.starts_with("limit=")) {
      const auto limit = read_limit(value);
      if (!limit) return limit.error();
      p.limit = *limit;
    } else if (!part.empty()) {
      return error{errc::malformed, "query", "only after (a key) and limit are known"};
    }
  }
  return p;
}

json::object creative_json(const creative_status& s) {
  json::object o{{"key", s.key}, {"state", to_string(s.stage)}, {"source", s.source}};
  if (s.length) o["duration"] = to_seconds(*s.length);
  if (s.loudness) o["loudness"] = std::round(*s.loudness * 10) / 10;
  if (s.bytes) o["bytes"] = *s.bytes;
  if (s.used) o["lastUse"] = format_iso8601(*s.used);
  if (s.until) o["until"] = format_iso8601(*s.until);
  if (s.failures > 0) o["failures"] = s.failures;
  if (!s.why.empty()) o["why"] = s.why;
  return o;
}

response failed(const error& e) {
  if (e.code == errc::not_found)
    return make_problem(http::status::not_found, "unknown-creative", "No such creative",
                        e.message());
  return make_problem(http::status::service_unavailable, "not-ready", "The node is stopping",
                      e.message());
}

response done(const result<bool>& outcome, std::string_view key, std::string_view what) {
  if (!outcome) return failed(outcome.error());
  return json_reply({{"key", key}, {"state", what}});
}

}  // namespace

awaitable<response> list_creatives(node_context& node, const request& req) {
  response refusal;
  if (is_refused(node, req, refusal)) co_return refusal;
  auto wanted = read_page(req.query);
  if (!wanted)
    co_return make_problem(http::status::bad_request, "bad-page", "The page cannot be given",
                           wanted.error().message());
  const auto page = co_await await_result<creative_page>([&](auto reply) {
    node.creatives.list_creatives(std::move(wanted->after), wanted->limit, std::move(reply));
  });
  if (!page) co_return failed(page.error());
  json::array list;
  for (const auto& c : page->creatives) list.push_back(creative_json(c));
  json::object body{
      {"bytes", page->bytes}, {"budget", page->budget}, {"creatives", std::move(list)}};
  if (!page->next.empty()) body["next"] = page->next;
  co_return json_reply(body);
}

awaitable<response> retry_creative(node_context& node, route r, const request& req) {
  response refusal;
  if (is_refused(node, req, refusal)) co_return refusal;
  const auto outcome = co_await await_result<bool>([&](auto reply) {
    node.creatives.retry_creative(std::string{r.creative}, std::move(reply));
  });
  co_return done(outcome, r.creative, "released");
}

awaitable<response> remove_creative(node_context& node, route r, const request& req) {
  response refusal;
  if (is_refused(node, req, refusal)) co_return refusal;
  const auto outcome = co_await await_result<bool>([&](auto reply) {
    node.creatives.remove_creative(std::string{r.creative}, std::move(reply));
  });
  co_return done(outcome, r.creative, "withdrawn");
}

}  // namespace interlude::net
