#include "net/tracking_handler.hpp"

#include <boost/json.hpp>

#include "net/avail_json.hpp"
#include "net/event_macros.hpp"
#include "net/playing_ad.hpp"
#include "net/playlist_handler.hpp"
#include "net/query.hpp"
#include "net/session_audience.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

json::object ad_entry(const stitch::plan_item& item, instant start, std::size_t primary) {
  json::object ad;
  ad["name"] = item.name;
  ad["kind"] = stitch::to_string(item.kind);
  ad["creative"] = item.media->key;
  ad["start"] = format_iso8601(start);
  ad["duration"] = to_seconds(stitch::length_of(item, primary));
  return ad;
}

// A break as an audience is shown it.
struct shown_break {
  stitch::ad_break what;
  stitch::plan_ptr plan;  // null: nothing is decided
  std::optional<instant> out;
};

json::object break_entry(const shown_break& shown, std::size_t primary) {
  const auto& b = shown.what;
  json::object entry;
  entry["id"] = b.id;
  entry["start"] = format_iso8601(shown.out.value_or(b.start));
  if (b.planned) entry["duration"] = to_seconds(*b.planned);
  if (b.end) entry["end"] = format_iso8601(*b.end);
  entry["state"] = stitch::to_string(b.state);
  json::array ads;
  auto start = shown.out.value_or(b.start);
  if (shown.plan)
    for (const auto& item : shown.plan->items) {
      ads.push_back(ad_entry(item, start, primary));
      start += stitch::length_of(item, primary);
    }
  entry["ads"] = std::move(ads);
  return entry;
}

std::vector<shown_break> shown_breaks(const published_ptr& published, const stitch::audience& a) {
  std::vector<stitch::ad_break> all;
  if (!a.guided) all = a.own;
  all.insert(all.end(), published->snapshot->breaks.begin(), published->snapshot->breaks.end());
  std::vector<shown_break> out;
  for (auto& b : all) {
    if (b.state == stitch::break_state::cancelled) continue;
    if (!a.guided && stitch::is_left_to_content(b.state)) continue;
    // What is on the air is what was spliced; what is to come, or was guided, is what was decided.
    const auto* sp = stitch::find_splice(a, b.id);
    auto plan = sp != nullptr ? sp->plan : stitch::find_decided(a, b.id);
    if (!plan && !stitch::is_open_state(b.state)) continue;
    // Behind the overrun of a break before it, where there is one.
    out.push_back({std::move(b), std::move(plan),
                   sp != nullptr ? std::optional{sp->out + sp->delay} : std::nullopt});
  }
  return out;
}

json::array avails_of(node_context& node, const channel_view& channel,
                      const std::vector<shown_break>& all, std::size_t primary, const session& s,
                      const ads::viewer& who) {
  json::array out;
  const auto find = [&](const std::string& name) { return known_ad(node, name); };
  for (const auto& b : all) {
    if (!b.plan) continue;
    const avail_viewer viewer{who, s.issued_at, s.tracks_itself,
                              numbers_of(s.id_text() + b.what.id)};
    out.push_back(avail_json(b.what, *b.plan, b.out.value_or(b.what.start), primary,
                             asked_of(channel, b.what), viewer, find));
  }
  return out;
}

// Versions begin anew with the process.
std::string token_of(const node_context& node, const stitch::snapshot& s) {
  return node.life + '-' + std::to_string(s.version);
}

std::string token_in(std::string_view query) {
  if (const auto all = read_parameters(query))
    for (const auto& [name, value] : *all)
      if (name == "nextToken" || name == "aws.nextToken") return value;
  return {};
}

}  // namespace

json::array breaks_shown_to(const channel_view& channel, const session& s) {
  const auto published = channel.load();
  json::array out;
  if (const auto a = shown_to(published, s, channel.settings))
    for (const auto& b : shown_breaks(published, *a))
      out.push_back(break_entry(b, published->snapshot->primary));
  return out;
}

response tracking(node_context& node, const route& r, const request& req) {
  auto* channel = node.gateway.find(r.org, r.channel);
  if (channel == nullptr)
    return make_problem(http::status::not_found, "unknown-channel", "No such channel", r.channel);
  const auto session = session_of(node, r);
  if (!session) return session_refused(session.error());
  const auto& s = (*session)->session;
  const auto published = channel->load();
  json::array breaks, avails;
  std::string token;
  if (const auto a = shown_to(published, s, channel->settings)) {
    const auto primary = published->snapshot->primary;
    const auto all = shown_breaks(published, *a);
    for (const auto& b : all) breaks.push_back(break_entry(b, primary));
    token = token_of(node, *published->snapshot);
    if (token_in(req.query) != token)
      avails = avails_of(node, *channel, all, primary, s, viewer_of(node.viewers, s, req));
  }
  json::object body{{"breaks", std::move(breaks)},
                    {"avails", std::move(avails)},
                    {"nonLinearAvails", json::array{}},
                    {"nextToken", token}};
  auto out = make_response(http::status::ok, "application/json", json::serialize(body));
  allow_cross_origin(out);
  out.add_header("Cache-Control", "no-cache");
  return out;
}

}  // namespace interlude::net
