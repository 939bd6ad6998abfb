#include "net/beacon_handlers.hpp"

#include <boost/json.hpp>

#include "actors/beacon/dead_search.hpp"
#include "media/core/lowered.hpp"
#include "media/core/url_host.hpp"
#include "net/await.hpp"
#include "net/control_handlers.hpp"
#include "net/query.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

namespace {

namespace json = boost::json;

constexpr auto patience = 30s;             // with a disk that is slow
constexpr std::size_t most_names = 5000;   // in one request
constexpr std::size_t longest_text = 256;  // a host, a channel

// True: and `out` says why.
bool cannot_ask(const node_context& node, const request& req, response& out) {
  if (is_refused(node, req, out)) return true;
  if (node.beacons != nullptr) return false;
  out = make_problem(http::status::service_unavailable, "not-ready", "Not now",
                     "the node keeps no tracking requests");
  return true;
}

response failed(const error& e) {
  if (e.code == errc::not_found)
    return make_problem(http::status::not_found, "unknown-beacon", "No such tracking request",
                        e.message());
  if (e.code == errc::malformed)
    return make_problem(http::status::bad_request, "bad-selection", "The question makes no sense",
                        e.message());
  auto out = make_problem(http::status::service_unavailable, "not-ready", "Not now", e.message());
  out.add_header("Retry-After", "1");
  return out;
}

// --- what is read

// Of a selection or a list: true, if it is one of these members, and well-formed.
bool read_filter(std::string_view name, std::string_view value, dead_filter& filter,
                 std::string& after) {
  if (value.empty() || value.size() > longest_text) return false;
  if (name == "channel")
    filter.channel = value;
  else if (name == "host")
    filter.host = lowered(value);
  else if (name == "after" && is_dead_name(value))
    after = value;
  else
    return false;
  return true;
}

result<dead_wanted> read_list(std::string_view query) {
  const auto parameters = read_parameters(query);
  if (!parameters) return parameters.error();
  dead_wanted out;
  out.limit = usual_page;
  for (const auto& [name, value] : *parameters) {
    if (name == "limit") {
      const auto limit = read_limit(value);
      if (!limit) return limit.error();
      out.limit = *limit;
    } else if (!read_filter(name, value, out.filter, out.after)) {
      return error{errc::malformed, "query",
                   "only after (a name), limit, channel (org/name) and host are known"};
    }
  }
  return out;
}

bool read_names(const json::value& from, std::vector<std::string>& to) {
  const auto* list = from.if_array();
  if (list == nullptr || list->empty() || list->size() > most_names) return false;
  for (const auto& name : *list) {
    if (!name.is_string() || !is_dead_name(name.get_string())) return false;
    to.emplace_back(name.get_string());
  }
  return true;
}

result<dead_selection> read_selection(std::string_view body) {
  boost::system::error_code ec;
  const auto value = json::parse(body, ec);
  if (ec || !value.is_object())
    return error{errc::malformed, "body", "the body is not a JSON object"};
  dead_selection out;
  bool all = false, narrowed = false;
  for (const auto& [name, member] : value.get_object()) {
    const auto* text = member.if_string();
    if (name == "names" && read_names(member, out.names)) continue;
    if (name == "all" && member.is_bool() && member.get_bool()) {
      all = true;
    } else if (text != nullptr && read_filter(name, *text, out.filter, out.after)) {
      narrowed = true;
    } else if (text != nullptr && name == "until" && parse_iso8601(*text)) {
      out.until = parse_iso8601(*text);
      narrowed = true;
    } else {
      return error{errc::malformed, std::string{std::string_view{name}.substr(0, 64)},
                   "unknown or ill-typed: names (up to 5000), or all (true) with channel, host, "
                   "after (a name) and until (ISO 8601) are known"};
    }
  }
  if (all != out.names.empty() || (narrowed && !all))
    return error{errc::malformed, "body",
                 "either names or \"all\": true is expected; the others belong to the latter"};
  return out;
}

// --- what is written

std::uint64_t read(const std::atomic<std::uint64_t>& counter) {
  return counter.load(std::memory_order_relaxed);
}

json::object counters_json(const beacon_counters& c) {
  return {{"accepted", read(c.accepted)},
          {"duplicates", read(c.duplicates)},
          {"outOfOrder", read(c.out_of_order)},
          {"refused", read(c.refused)},
          {"delivered", read(c.delivered)},
          {"retries", read(c.retries)},
          {"dead", read(c.dead)},
          {"replayed", read(c.replayed)},
          {"dropped", read(c.dropped)},
          {"underWay", c.under_way.load()},
          {"hostsLeftAlone", c.hosts_left_alone.load()}};
}

json::object host_json(const waiting_host& h) {
  json::object o{{"host", h.host}, {"waiting", h.waiting}, {"due", format_iso8601(h.due)}};
  if (h.attempts > 0) o["attempts"] = h.attempts;
  if (!h.problem.empty()) o["problem"] = h.problem;
  return o;
}

json::object beacon_json(const dead_beacon& b) {
  json::object o{{"name", b.name}, {"givenUp", format_iso8601(b.given_up)}};
  if (!b.record) {
    o["problem"] = "the record cannot be read";
    return o;
  }
  const auto& what = b.record->what;
  for (const auto& [name, value] : {std::pair{"channel", &what.channel},
                                    {"event", &what.event},
                                    {"ad", &what.ad},
                                    {"break", &what.break_id}})
    if (!value->empty()) o[name] = *value;
  o["host"] = host_in(what.url);
  o["url"] = what.url;
  o["accepted"] = format_iso8601(b.record->accepted);
  o["attempts"] = b.record->attempts;
  o["problem"] = b.record->problem;
  return o;
}

json::object outcome_json(dead_change what, const dead_outcome& d) {
  json::object o{{what == dead_change::replay ? "replayed" : "dropped", d.done}};
  if (d.missing > 0) o["missing"] = d.missing;
  if (d.unreadable > 0) o["unreadable"] = d.unreadable;
  o["full"] = d.full;
  o["more"] = !d.next.empty();
  if (!d.next.empty()) o["next"] = d.next;
  o["until"] = format_iso8601(d.until);
  return o;
}

}  // namespace

awaitable<response> look_at_beacons(node_context& node, const request& req) {
  response refusal;
  if (cannot_ask(node, req, refusal)) co_return refusal;
  const auto seen = co_await await_result_within<beacon_overview>(
      patience, [&](auto reply) { node.beacons->look_at_beacons(std::move(reply)); });
  if (!seen) co_return failed(seen.error());
  const auto refused = node.beacons->why_refused();
  json::object body{{"waiting", seen->waiting},
                    {"maxWaiting", seen->max_waiting},
                    {"dead", seen->dead},
                    {"maxDead", seen->max_dead},
                    {"accepting", refused.empty()}};
  if (!refused.empty()) body["why"] = refused;
  if (seen->late) body["late"] = to_seconds(*seen->late);
  body["counters"] = counters_json(node.beacons->beacon_counts());
  json::array hosts;
  for (const auto& h : seen->hosts) hosts.push_back(host_json(h));
  body["hosts"] = std::move(hosts);
  body["moreHosts"] = seen->more_hosts;
  co_return json_reply(body);
}

awaitable<response> list_dead(node_context& node, const request& req) {
  response refusal;
  if (cannot_ask(node, req, refusal)) co_return refusal;
  auto wanted = read_list(req.query);
  if (!wanted)
    co_return make_problem(http::status::bad_request, "bad-page", "The page cannot be given",
                           wanted.error().message());
  const auto page = co_await await_result_within<dead_page>(patience, [&](auto reply) {
    node.beacons->list_dead(std::move(wanted->filter), std::move(wanted->after), wanted->limit,
                            std::move(reply));
  });
  if (!page) co_return failed(page.error());
  json::array list;
  for (const auto& b : page->beacons) list.push_back(beacon_json(b));
  json::object body{{"dead", std::move(list)}};
  if (!page->next.empty()) body["next"] = page->next;
  co_return json_reply(body);
}

awaitable<response> show_dead(node_context& node, route r, const request& req) {
  response refusal;
  if (cannot_ask(node, req, refusal)) co_return refusal;
  const auto found = co_await await_result_within<dead_beacon>(patience, [&](auto reply) {
    node.beacons->find_dead(std::string{r.beacon}, std::move(reply));
  });
  if (!found) co_return failed(found.error());
  co_return json_reply(beacon_json(*found));
}

awaitable<response> change_dead(node_context& node, dead_change what, const request& req) {
  response refusal;
  if (cannot_ask(node, req, refusal)) co_return refusal;
  auto which = read_selection(req.body);
  if (!which) co_return failed(which.error());
  const auto outcome = co_await await_result_within<dead_outcome>(patience, [&](auto reply) {
    node.beacons->change_dead(what, *std::move(which), std::move(reply));
  });
  if (!outcome) co_return failed(outcome.error());
  co_return json_reply(outcome_json(what, *outcome));
}

}  // namespace interlude::net
