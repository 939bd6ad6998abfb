#include "net/ad_handlers.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "media/stitch/interstitials.hpp"
#include "net/ad_tracking.hpp"
#include "net/await.hpp"
#include "net/creative_signaling.hpp"
#include "net/event_macros.hpp"
#include "net/playing_ad.hpp"
#include "net/playlist_handler.hpp"
#include "net/session_audience.hpp"
#include "net/session_handler.hpp"

namespace interlude::net {

namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds store_patience{2000};
constexpr std::chrono::milliseconds start_patience{4000};

response unknown(std::string_view slug, std::string_view title, std::string_view detail) {
  return make_problem(http::status::not_found, slug, title, detail);
}

// It is there, but cannot be opened: too many files are, or the disk fails.
response unreadable(const error& e) {
  auto out = make_problem(http::status::service_unavailable, "unreadable-ad-segment",
                          "The ad segment cannot be read now", e.what);
  out.add_header("Retry-After", "1");
  return out;
}

std::string_view media_type_of(std::string_view file) {
  if (file.ends_with(".ts")) return "video/mp2t";
  if (file.ends_with(".vtt")) return "text/vtt";
  if (file.ends_with(".aac")) return "audio/aac";
  return "video/mp4";
}

response cacheable(std::string_view content_type, std::string body, std::string_view how_long) {
  auto out = make_response(http::status::ok, content_type, std::move(body));
  allow_cross_origin(out);
  out.add_header("Cache-Control", how_long);
  return out;
}

awaitable<result<stitch::plan_ptr>> plan_of(node_context& node, channel_view& channel,
                                            std::string audience, std::string break_id) {
  co_return co_await await_result<stitch::plan_ptr>([&](auto done) {
    node.gateway.want_plan(channel, std::move(audience), std::move(break_id), std::move(done));
  });
}

// What a guided break plays can be asked for by any session: as its guided twin.
std::string enter_guided(const node_context& node, channel_view& channel, verified_session& s,
                         const request& req) {
  const auto& own = enter_audience(node.viewers, channel, s, req, node.steady());
  return audience_key(guided_audience, cohort_part(own));
}

response segment_of(node_context& node, const route& r) {
  const auto mapped = node.media.find(r.creative, r.track, r.file);
  if (!mapped && mapped.error().code == errc::not_found)
    return unknown("unknown-ad-segment", "No such ad segment", r.file);
  if (!mapped) return unreadable(mapped.error());
  response out;
  out.add_header("Content-Type", media_type_of(r.file));
  allow_cross_origin(out);
  // The name holds the creative's content key: what is behind it never changes.
  out.add_header("Cache-Control", "private, max-age=3600, immutable");
  out.body_view = {mapped->owner, mapped->bytes};
  return out;
}

// What players are told of the ads in a list. It is the same however often they ask.
void signal_ads(node_context& node, const channel_view& channel, const session& s,
                const request& req, const stitch::plan& plan, json::object& list) {
  const auto published = channel.load();
  const auto shown = shown_to(published, s, channel.settings);
  if (!node.reports || !shown) return;
  const auto* b = stitch::find_break(*shown, published->snapshot->breaks, plan.break_id);
  if (b == nullptr) return;
  const avail_viewer viewer{viewer_of(node.viewers, s, req), s.issued_at, s.tracks_itself,
                            numbers_of(s.id_text() + plan.break_id)};
  add_signaling(list, plan, b->start, published->snapshot->primary, asked_of(channel, *b), viewer,
                [&](const std::string& name) { return known_ad(node, name); });
}

// When the node has just started it takes a moment until it is known what a session is shown, and
// so what a segment makes due.
awaitable<void> wait_until_known(node_context& node, channel_view& channel, verified_session& s,
                                 const request& req) {
  if (is_known(channel, s.session)) co_return;
  const auto audience = enter_audience(node.viewers, channel, s, req, node.steady());
  const auto described = co_await await_result_within<published_ptr>(
      start_patience, [&](auto done) { node.gateway.want_description(channel, std::move(done)); });
  if (!described) co_return;
  const auto& snapshot = (*described)->snapshot;
  const auto primary = snapshot ? snapshot->primary : 0;
  co_await await_result_within<published_ptr>(start_patience, [&](auto done) {
    node.gateway.want_playlist(channel, primary, audience, std::move(done));
  });
}

}  // namespace

bool ad_segment_now(node_context& node, const route& r, const request& req, response& out) {
  const auto session = session_of(node, r);
  if (!session) return out = session_refused(session.error()), true;
  const auto* channel = node.gateway.find(r.org, r.channel);
  if (channel != nullptr && has_news(node, *channel, (*session)->session, r, req)) return false;
  out = segment_of(node, r);
  return true;
}

// A viewer's ad plays on whatever becomes of what is to be told: what is refused is counted.
awaitable<response> ad_segment_when_told(node_context& node, route r, const request& req) {
  auto session = session_of(node, r);
  if (!session) co_return session_refused(session.error());
  auto* channel = node.gateway.find(r.org, r.channel);
  auto out = segment_of(node, r);
  if (out.status != http::status::ok || channel == nullptr) co_return out;
  co_await wait_until_known(node, *channel, **session, req);
  session = session_of(node, r);  // others may have taken its place meanwhile
  if (!session) co_return out;
  auto events = events_of_segment(node, *channel, (*session)->session, r, req);
  std::vector<std::string> keys;
  for (const auto& e : events) keys.push_back(e.key);
  const auto told = co_await await_result_within<acceptance>(store_patience, [&](const auto& done) {
    node.reports->beacons->accept(std::move(events), [done](acceptance a) { done(std::move(a)); });
  });
  if (told && told->kept)
    for (const auto& key : told->keys) node.reports->accepted.add(key);
  else
    for (const auto& key : keys) node.reports->refused.add(key);
  co_return out;
}

awaitable<response> asset_list(node_context& node, route r, const request& req) {
  auto* channel = node.gateway.find(r.org, r.channel);
  if (channel == nullptr) co_return unknown("unknown-channel", "No such channel", r.channel);
  const auto session = session_of(node, r);
  if (!session) co_return session_refused(session.error());
  const auto s = (*session)->session;  // others may take its place while the plan is awaited
  const auto base = base_url(node, req) + "/v1/" + channel->settings.path() + "/s/" +
                    std::string{r.session} + '/';
  const auto break_id =
      r.break_id == guided_preroll ? guided_preroll_id(s.issued_at) : std::string{r.break_id};
  const auto audience = enter_guided(node, *channel, **session, req);
  const auto p = co_await plan_of(node, *channel, audience, break_id);
  // A pre-roll of long ago is nothing to play.
  if (!p && p.error().code == errc::not_found && r.break_id != guided_preroll)
    co_return unknown("unknown-break", "No such break", r.break_id);
  // A player waits for this answer with a break to fill: in doubt there is nothing to play, and
  // that is said at once.
  const auto published = channel->load();
  const auto primary = published && published->snapshot ? published->snapshot->primary : 0;
  const auto* plan = p ? p->get() : nullptr;
  auto list = stitch::asset_list_json(plan, base, primary);
  if (plan != nullptr) signal_ads(node, *channel, s, req, *plan, list);
  co_return cacheable("application/json", json::serialize(list), "no-cache");
}

awaitable<response> asset_playlist(node_context& node, route r, const request& req) {
  auto* channel = node.gateway.find(r.org, r.channel);
  if (channel == nullptr) co_return unknown("unknown-channel", "No such channel", r.channel);
  const auto session = session_of(node, r);
  if (!session) co_return session_refused(session.error());
  const auto audience = enter_guided(node, *channel, **session, req);
  const auto p = co_await plan_of(node, *channel, audience, std::string{r.break_id});
  std::uint32_t item = 0;
  const auto parsed = std::from_chars(r.item.data(), r.item.data() + r.item.size(), item);
  const bool known = p && *p && parsed.ec == std::errc{} &&
                     parsed.ptr == r.item.data() + r.item.size() && item < (*p)->items.size();
  if (!known) co_return unknown("unknown-asset", "No such asset", r.item);
  const auto published = channel->load();
  if (!published || !published->description || !published->snapshot)
    co_return unknown("unknown-asset", "No such asset", r.item);
  if (r.what == endpoint::asset_master)
    co_return cacheable("application/vnd.apple.mpegurl",
                        stitch::render_multivariant(*published->description, ""), "no-cache");
  const auto rendition = published->description->find(r.rendition);
  const auto& tracks = (*p)->items[item].media->tracks;
  if (rendition >= tracks.size())
    co_return unknown("unknown-rendition", "No such rendition", r.rendition);
  co_return cacheable("application/vnd.apple.mpegurl",
                      stitch::render_asset_playlist((*p)->items[item], r.break_id, item, rendition,
                                                    published->snapshot->primary),
                      "no-cache");
}

}  // namespace interlude::net
