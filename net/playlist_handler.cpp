#include "net/playlist_handler.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "media/core/text_hash.hpp"
#include "media/stitch/render.hpp"
#include "net/await.hpp"
#include "net/session_audience.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view playlist_head =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/vnd.apple.mpegurl\r\n"
    "Cache-Control: no-cache\r\n"
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: X-Session-Id\r\n";

// A rendered playlist and what it was rendered from; as long as these stand at the same address, so
// does it.
struct rendered {
  stitch::track_ptr track;
  stitch::window_ptr window;
  stitch::snapshot_ptr
      snapshot;  // guided playlists tell of all breaks, so they change with every snapshot
  shared_reply_ptr reply;
};

// What one thread knows of one channel.
struct channel_cache {
  std::uint64_t version = 0;
  published_ptr published;
  // By rendition, of each audience: that of all stitched viewers, of the guided ones, and of those
  // who joined.
  std::unordered_map<std::string, std::vector<rendered>, text_hash, std::equal_to<>> bodies;
};

// Per thread, so that readers share nothing and take no lock.
struct thread_cache {
  std::unordered_map<const channel_view*, channel_cache> channels;
  session_cache sessions;
};

thread_cache& this_thread() {
  thread_local thread_cache cache;
  return cache;
}

// Those of audiences that are no more, when there must be some.
void forget_bodies(channel_cache& cache) {
  const auto* s = cache.published ? cache.published->snapshot.get() : nullptr;
  if (s == nullptr) return cache.bodies.clear();
  if (cache.bodies.size() <= s->audiences.size()) return;
  std::erase_if(cache.bodies,
                [&](const auto& entry) { return !s->audiences.contains(entry.first); });
}

const channel_cache& latest(const channel_view& c) {
  auto& cache = this_thread().channels[&c];
  if (const auto version = c.version(); version != cache.version || !cache.published) {
    cache.published = c.load();
    cache.version = version;
    forget_bodies(cache);
  }
  return cache;
}

shared_reply_ptr render(const channel_view& c, const stitch::snapshot& s, const stitch::audience& a,
                        std::size_t rendition, std::string_view name) {
  auto reply = std::make_shared<shared_reply>();
  stitch::render_options options{
      c.settings.keep_cues, c.settings.restrict_ads, c.settings.join.preroll, {}};
  if (c.settings.segments == content_place::proxy) options.content_of = name;
  reply->body = stitch::render_media_playlist(s, a, rendition, options);
  reply->body.shrink_to_fit();  // it is kept, for each rendition of each channel
  reply->head = playlist_head;
  reply->head += "Content-Length: " + std::to_string(reply->body.size()) + "\r\n";
  return reply;
}

// Null if there is nothing to show of this rendition.
const stitch::audience* audience_of(const published_channel& p, std::size_t rendition,
                                    std::string_view key) {
  const auto it = p.snapshot->audiences.find(key);
  if (it == p.snapshot->audiences.end()) return nullptr;
  const auto& a = *it->second;
  if (rendition >= a.tracks.size() || !a.tracks[rendition] || a.tracks[rendition]->runs.empty())
    return nullptr;
  return &a;
}

// While its ads are decided an audience stays where it is, for no longer than a decision takes. If
// it is further behind, nobody watched before, and what it was shown last is old.
bool is_left_behind(const channel_view& c, const published_channel& p, std::size_t rendition,
                    const stitch::audience& a) {
  return p.snapshot->advanced_at - a.advanced_at >
         p.snapshot->windows[rendition]->target_duration + c.settings.decision_timeout;
}

// Step 4: the body for (rendition, window, plans in it), rendered once per thread.
shared_reply_ptr body_for(const channel_view& c, const published_channel& p, std::size_t rendition,
                          const stitch::audience& a) {
  const auto& audience = a.key;
  auto& bodies = this_thread().channels[&c].bodies;
  auto known = bodies.find(audience);
  if (known == bodies.end()) known = bodies.try_emplace(audience).first;
  if (known->second.size() <= rendition) known->second.resize(a.tracks.size());
  auto& cached = known->second[rendition];
  const bool same = cached.reply && cached.track == a.tracks[rendition] &&
                    cached.window == p.snapshot->windows[rendition] &&
                    (!a.guided || cached.snapshot == p.snapshot);
  if (!same)
    cached = {a.tracks[rendition], p.snapshot->windows[rendition], a.guided ? p.snapshot : nullptr,
              render(c, *p.snapshot, a, rendition, p.description->renditions[rendition].info.name)};
  return cached.reply;
}

response unavailable(const published_channel* p) {
  auto r = make_problem(
      http::status::service_unavailable, "origin-unavailable", "The origin does not deliver",
      p != nullptr && !p->trouble.empty() ? p->trouble
                                          : "nothing has been read from the origin yet");
  r.add_header("Retry-After", "2");
  return r;
}

// How long a playlist may be served that the origin has not confirmed (architecture, "What happens
// when").
std::chrono::steady_clock::duration stale_after(const published_channel& p, std::size_t rendition) {
  return 3 * p.snapshot->windows[rendition]->target_duration;
}

enum class freshness : std::uint8_t { good, ask, gone };

freshness freshness_of(const published_channel& p, std::size_t rendition, steady_time now) {
  if (!p.snapshot || !p.snapshot->windows[rendition]) return freshness::ask;
  const auto age = now - p.renditions[rendition].good_at;
  // While the actor polls, it is the actor's business to be in time; a request never waits for the
  // origin then.
  if (p.renditions[rendition].polled)
    return age < stale_after(p, rendition) ? freshness::good : freshness::gone;
  return age < p.snapshot->windows[rendition]->target_duration / 2 ? freshness::good
                                                                   : freshness::ask;
}

void write(response& out, shared_reply_ptr reply, std::string_view id_line) {
  out.shared = std::move(reply);
  out.headers += id_line;
}

}  // namespace

result<verified_session*> session_of(node_context& node, const route& r) {
  return this_thread().sessions.verify(node.signer, r.session, r.org, r.channel, node.now());
}

response session_refused(const error& e) {
  return make_problem(http::status::forbidden, "invalid-session", "The session is not valid",
                      e.what);
}

bool playlist_now(node_context& node, const route& r, const request& req, response& out) {
  // 1. The channel, and the session: its token says all there is to know.
  auto* channel = node.gateway.find(r.org, r.channel);
  if (channel == nullptr)
    return out = make_problem(http::status::not_found, "unknown-channel", "No such channel",
                              r.channel),
           true;
  const auto session = session_of(node, r);
  if (!session) return out = session_refused(session.error()), true;
  // 2. The channel's snapshot.
  const auto& published = latest(*channel).published;
  if (!published || !published->description) return false;
  const auto rendition = published->description->find(r.rendition);
  if (rendition == stitch::channel_description::npos)
    return out = make_problem(http::status::not_found, "unknown-rendition", "No such rendition",
                              r.rendition),
           true;
  const auto now = node.steady();
  channel->mark_watched(rendition, now);
  const auto fresh = freshness_of(*published, rendition, now);
  if (fresh == freshness::gone) return out = unavailable(published.get()), true;
  if (fresh == freshness::ask) return false;
  // 3. and 4. The audience's plans are in the snapshot; the body is rendered once for all who share
  // them.
  const auto* audience = audience_of(*published, rendition,
                                     enter_audience(node.viewers, *channel, **session, req, now));
  if (audience == nullptr || is_left_behind(*channel, *published, rendition, *audience))
    return false;
  // 5. One gathered write: shared head, personal lines, shared body.
  write(out, body_for(*channel, *published, rendition, *audience), (*session)->id_line);
  return true;
}

awaitable<response> playlist_when_ready(node_context& node, route r, const request& req) {
  auto* channel = node.gateway.find(r.org, r.channel);
  const auto verified = session_of(node, r);
  if (channel == nullptr || !verified)
    co_return session_refused(verified ? error{} : verified.error());
  const auto id_line = (*verified)->id_line;
  const auto audience = enter_audience(node.viewers, *channel, **verified, req, node.steady());
  auto described = co_await await_result<published_ptr>(
      [&](auto done) { node.gateway.want_description(*channel, std::move(done)); });
  if (!described) co_return unavailable(channel->load().get());
  const auto rendition = (*described)->description->find(r.rendition);
  if (rendition == stitch::channel_description::npos)
    co_return make_problem(http::status::not_found, "unknown-rendition", "No such rendition",
                           r.rendition);
  const auto now = node.steady();
  channel->mark_watched(rendition, now);
  auto fresh = co_await await_result<published_ptr>([&](auto done) {
    node.gateway.want_playlist(*channel, rendition, audience, std::move(done));
  });
  response out;
  if (!fresh) co_return unavailable(channel->load().get());
  latest(*channel);
  const auto* shown = audience_of(**fresh, rendition, audience);
  if (shown == nullptr) co_return unavailable(fresh->get());
  write(out, body_for(*channel, **fresh, rendition, *shown), id_line);
  co_return out;
}

}  // namespace interlude::net
