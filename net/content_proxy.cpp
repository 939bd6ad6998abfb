#include "net/content_proxy.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

#include "media/hls/multivariant_playlist.hpp"

namespace interlude::net {

namespace {

// A segment is larger than a playlist, and worth nothing once it is played.
constexpr int segment_patience = 4;
constexpr std::size_t max_map_bytes = 4 * 1024 * 1024;
constexpr std::size_t max_key_bytes = 4096;

// What the origin says where it can be believed: nothing that a browser would run as a page of
// ours.
std::string type_of(const stitch::content_source& s, std::string_view told) {
  if (s.kind == stitch::content_kind::key) return "application/octet-stream";
  if (told.starts_with("video/") || told.starts_with("audio/") || told.starts_with("text/vtt"))
    return std::string{told};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> types{
      {{".ts", "video/mp2t"},
       {".m4s", "video/mp4"},
       {".mp4", "video/mp4"},
       {".m4v", "video/mp4"},
       {".cmfv", "video/mp4"},
       {".m4a", "audio/mp4"},
       {".cmfa", "audio/mp4"},
       {".aac", "audio/aac"},
       {".ac3", "audio/ac3"},
       {".ec3", "audio/eac3"},
       {".mp3", "audio/mpeg"},
       {".vtt", "text/vtt"},
       {".webvtt", "text/vtt"}}};
  const auto path = hls::without_query(s.url);
  const auto it = std::find_if(types.begin(), types.end(),
                               [&](const auto& t) { return path.ends_with(t.first); });
  return std::string{it == types.end() ? "application/octet-stream" : it->second};
}

result<std::string> part_of(const stitch::content_source& s, fetch_response& answer) {
  const auto wrong = [&](errc code, std::string what) {
    return error{code, std::string{hls::without_query(s.url)},
                 std::move(what)};  // no tokens in logs
  };
  if (answer.status != 200 && answer.status != 206)
    return wrong(errc::unavailable, "the origin answered HTTP " + std::to_string(answer.status));
  if (answer.content_type.starts_with("text/html"))
    return wrong(errc::malformed, "the origin answered text/html instead of media");
  if (!s.range) {
    if (answer.status == 206)
      return wrong(errc::malformed, "the origin answered with a part that was not asked for");
    return std::move(answer.body);
  }
  if (answer.status == 206) {
    if (answer.body.size() != s.range->length)
      return wrong(errc::malformed, "the origin answered with another range than was asked for");
    return std::move(answer.body);
  }
  // An origin that knows no ranges answers with the whole resource.
  if (answer.body.size() < s.range->length ||
      answer.body.size() - s.range->length < s.range->offset)
    return wrong(errc::malformed, "the resource ends before the byte range does");
  return answer.body.substr(s.range->offset, s.range->length);
}

result<content_cache::body_ptr> body_of(const stitch::content_source& s,
                                        result<fetch_response> answer) {
  if (!answer) return answer.error();
  auto bytes = part_of(s, *answer);
  if (!bytes) return bytes.error();
  return std::make_shared<const content_body>(
      content_body{*std::move(bytes), type_of(s, answer->content_type)});
}

fetch_request request_for(const stitch::content_source& s, std::chrono::milliseconds origin_timeout,
                          std::size_t max_segment_bytes) {
  fetch_request r;
  r.url = s.url;
  r.timeout = segment_patience * origin_timeout;
  r.max_bytes = s.kind == stitch::content_kind::segment ? max_segment_bytes
                : s.kind == stitch::content_kind::map   ? max_map_bytes
                                                        : max_key_bytes;
  // A range of what is encoded would be another one.
  r.headers.emplace_back("Accept-Encoding", "identity");
  if (s.range)
    r.headers.emplace_back("Range", "bytes=" + std::to_string(s.range->offset) + '-' +
                                        std::to_string(s.range->offset + s.range->length - 1));
  return r;
}

}  // namespace

content_proxy::content_proxy(http_fetcher& fetcher, const proxy_options& options)
    : fetcher_(fetcher),
      max_segment_bytes_(options.max_segment_bytes),
      cache_(std::make_shared<content_cache>(options.cache_bytes)) {}

content_cache::body_ptr content_proxy::find(const stitch::content_source& source) {
  return cache_->find(stitch::whole_name(source));
}

void content_proxy::fetch(const channel_settings& channel, const stitch::content_source& source,
                          content_cache::callback done) {
  const auto load = [&](content_cache::callback loaded) {
    fetcher_.fetch(
        request_for(source, channel.origin_timeout, max_segment_bytes_),
        [source, path = channel.path(), loaded = std::move(loaded)](result<fetch_response> answer) {
          auto body = body_of(source, std::move(answer));
          if (!body) spdlog::warn("channel {}: content: {}", path, body.error().message());
          loaded(std::move(body));
        });
  };
  cache_->want(stitch::whole_name(source), std::chrono::steady_clock::now(), load, std::move(done));
}

}  // namespace interlude::net
