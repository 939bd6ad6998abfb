#include "net/content_handler.hpp"

#include "net/await.hpp"
#include "net/playlist_handler.hpp"
#include "net/range_request.hpp"
#include "net/session_audience.hpp"

namespace interlude::net {

namespace {

using source = stitch::content_source;

response unknown(std::string_view slug, std::string_view title, std::string_view detail) {
  return make_problem(http::status::not_found, slug, title, detail);
}

response unknown_segment(const route& r) {
  return unknown("unknown-segment", "No such segment",
                 "it is not in the channel's playlists, or has left them: " + std::string{r.file});
}

response failed(const error& e) {
  const bool busy = e.code == errc::internal, late = e.code == errc::timed_out;
  auto out = busy   ? make_problem(http::status::service_unavailable, "busy", "Too much to fetch",
                                   e.message())
             : late ? make_problem(http::status::gateway_timeout, "origin-timeout",
                                   "The origin does not answer in time", e.message())
                    : make_problem(http::status::bad_gateway, "origin-failed",
                                   "The origin does not deliver the segment", e.message());
  out.add_header("Retry-After", "1");
  return out;
}

void write(const source& s, content_cache::body_ptr body, const request& req, response& out) {
  // There are no validators, so an If-Range never holds (RFC 9110 13.1.5).
  const auto range = req.header(http::field::if_range).empty()
                         ? read_range(req.header(http::field::range), body->bytes.size())
                         : requested_range{};
  const auto size = std::to_string(body->bytes.size());
  if (range.kind == range_kind::unsatisfiable) {
    out = make_problem(http::status::range_not_satisfiable, "range", "No such range",
                       "there are " + size + " bytes");
    out.add_header("Content-Range", "bytes */" + size);
    return;
  }
  out.add_header("Content-Type", body->type);
  out.add_header("X-Content-Type-Options", "nosniff");
  out.add_header("Accept-Ranges", "bytes");
  allow_cross_origin(out);
  // Keys are for who plays; what is behind another name never changes.
  out.add_header("Cache-Control", s.kind == stitch::content_kind::key
                                      ? "private, no-store"
                                      : "private, max-age=3600, immutable");
  std::string_view bytes = body->bytes;
  if (range.kind == range_kind::part) {
    bytes = bytes.substr(range.part.offset, range.part.size);
    out.status = http::status::partial_content;
    out.add_header("Content-Range", "bytes " + std::to_string(range.part.offset) + '-' +
                                        std::to_string(range.part.offset + range.part.size - 1) +
                                        '/' + size);
  }
  out.body_view = {std::move(body), bytes};
}

// Whether the channel can be asked for it at all; fills `out` if not.
channel_view* proxied_channel(node_context& node, const route& r, response& out) {
  auto* channel = node.gateway.find(r.org, r.channel);
  if (channel == nullptr) {
    out = unknown("unknown-channel", "No such channel", r.channel);
    return nullptr;
  }
  if (const auto session = session_of(node, r); !session) {
    out = session_refused(session.error());
    return nullptr;
  }
  if (channel->settings.segments == content_place::proxy) return channel;
  out = unknown_segment(r);
  return nullptr;
}

// After a start, a segment may be asked for before a playlist is.
awaitable<result<bool>> read_rendition(node_context& node, channel_view& channel, route r,
                                       const request& req) {
  const auto session = session_of(node, r);
  if (!session) co_return session.error();
  const auto audience = enter_audience(node.viewers, channel, **session, req, node.steady());
  auto described = co_await await_result<published_ptr>(
      [&](auto done) { node.gateway.want_description(channel, std::move(done)); });
  if (!described) co_return described.error();
  const auto rendition = (*described)->description->find(r.rendition);
  if (rendition == stitch::channel_description::npos) co_return false;
  const auto read = co_await await_result<published_ptr>([&](auto done) {
    node.gateway.want_playlist(channel, rendition, audience, std::move(done));
  });
  if (!read) co_return read.error();
  co_return true;
}

}  // namespace

bool content_now(node_context& node, const route& r, const request& req, response& out) {
  auto* channel = proxied_channel(node, r, out);
  if (channel == nullptr) return true;
  const auto found = channel->content.find(r.rendition, r.file);
  if (!found) {
    if (!channel->content.knows(r.rendition)) return false;
    return out = unknown_segment(r), true;
  }
  auto body = node.content.find(*found);
  if (!body) return false;
  write(*found, std::move(body), req, out);
  return true;
}

awaitable<response> content_when_ready(node_context& node, route r, const request& req) {
  response out;
  auto* channel = proxied_channel(node, r, out);
  if (channel == nullptr) co_return out;
  if (!channel->content.knows(r.rendition))
    if (const auto read = co_await read_rendition(node, *channel, r, req); !read)
      co_return failed(read.error());
  const auto found = channel->content.find(r.rendition, r.file);
  if (!found) co_return unknown_segment(r);
  auto body = co_await await_result<content_cache::body_ptr>(
      [&](auto done) { node.content.fetch(channel->settings, *found, std::move(done)); });
  if (!body) co_return failed(body.error());
  write(*found, *std::move(body), req, out);
  co_return out;
}

}  // namespace interlude::net
