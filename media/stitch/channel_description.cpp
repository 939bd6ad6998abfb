#include "media/stitch/channel_description.hpp"

#include <algorithm>
#include <array>

#include "media/stitch/segment_lines.hpp"

namespace interlude::stitch {

namespace {

constexpr std::size_t max_renditions = 64;

error too_many(std::string_view url) {
  return {errc::too_large, std::string{url},
          "more than 64 renditions in one multivariant playlist"};
}

class describer {
 public:
  explicit describer(channel_description& d) : d_(d) {}

  // The rendition at `reference`, made on first sight.
  result<std::size_t> rendition(std::string_view reference, rendition_kind kind,
                                std::uint64_t bandwidth) {
    auto url = hls::resolve_uri(d_.url, reference);
    if (!url)
      return error{errc::malformed, d_.url, "\"" + std::string{reference} + "\" is not a URI"};
    const auto known = std::find_if(d_.renditions.begin(), d_.renditions.end(),
                                    [&](const described_rendition& r) { return r.url == *url; });
    if (known != d_.renditions.end()) {
      known->bandwidth = std::max(known->bandwidth, bandwidth);
      return static_cast<std::size_t>(known - d_.renditions.begin());
    }
    if (d_.renditions.size() == max_renditions) return too_many(d_.url);
    auto& count = counts_[static_cast<std::size_t>(kind)];
    const auto name = std::string{"vas"[static_cast<std::size_t>(kind)]} + std::to_string(count++);
    d_.renditions.push_back({{name, kind}, *std::move(url), bandwidth});
    return d_.renditions.size() - 1;
  }

 private:
  channel_description& d_;
  std::array<int, 3> counts_{};
};

// A variant whose codecs name no picture is an audio rendition.
bool has_picture(const hls::variant& v) {
  if (v.codecs.empty() || v.resolution) return true;
  constexpr std::array<std::string_view, 7> video{"avc",  "hvc", "hev", "av01",
                                                  "vp09", "dvh", "mp4v"};
  return std::any_of(video.begin(), video.end(), [&](std::string_view c) {
    return v.codecs.find(c) != std::string_view::npos;
  });
}

result<description_ptr> describe_single(std::string_view url) {
  auto d = std::make_shared<channel_description>();
  d->url = url;
  d->renditions.push_back({{"v0", rendition_kind::video}, std::string{url}, 0});
  return description_ptr{std::move(d)};
}

}  // namespace

std::size_t channel_description::find(std::string_view rendition_name) const noexcept {
  for (std::size_t i = 0; i < renditions.size(); ++i)
    if (renditions[i].info.name == rendition_name) return i;
  return npos;
}

result<description_ptr> describe_channel(std::string text, std::string_view url) {
  if (hls::is_media_playlist(text)) return describe_single(url);
  auto parsed = hls::parse_multivariant_playlist(std::move(text));
  if (!parsed) return parsed.error();
  auto d = std::make_shared<channel_description>();
  d->playlist = *std::move(parsed);
  d->url = url;
  describer names{*d};
  for (const auto& v : d->playlist.variants) {
    d->rendition_of_variant.push_back(channel_description::npos);
    if (v.i_frame) continue;
    auto index = names.rendition(
        v.uri, has_picture(v) ? rendition_kind::video : rendition_kind::audio, v.bandwidth);
    if (!index) return index.error();
    d->rendition_of_variant.back() = *index;
  }
  for (const auto& m : d->playlist.renditions) {
    d->rendition_of_media.push_back(channel_description::npos);
    if (m.uri.empty() || m.type == hls::media_type::closed_captions) continue;
    const auto kind = m.type == hls::media_type::audio       ? rendition_kind::audio
                      : m.type == hls::media_type::subtitles ? rendition_kind::subtitles
                                                             : rendition_kind::video;
    auto index = names.rendition(m.uri, kind, 0);
    if (!index) return index.error();
    d->rendition_of_media.back() = *index;
  }
  if (d->renditions.empty())
    return error{errc::malformed, d->url, "the multivariant playlist names no media playlist"};
  return description_ptr{std::move(d)};
}

namespace {

std::string with_uri(std::string_view line, std::string_view uri) {
  const auto begin = line.find("URI=\"") + 5;
  const auto end = line.find('"', begin);
  std::string out{line.substr(0, begin)};
  out += uri;
  out += line.substr(std::min(end, line.size()));
  return out;
}

// What of the origin's lines says nothing to a session's player, or the wrong thing.
bool is_left_out(hls::tag kind) {
  return kind == hls::tag::i_frame_stream_inf || kind == hls::tag::content_steering ||
         kind == hls::tag::define || kind == hls::tag::comment;
}

}  // namespace

std::string render_multivariant(const channel_description& d, std::string_view prefix) {
  const auto uri_of = [&](std::size_t rendition) {
    return std::string{prefix} + d.renditions[rendition].info.name + ".m3u8";
  };
  if (d.playlist.lines.empty())  // one rendition, of which nothing more is known
    return "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-STREAM-INF:BANDWIDTH=2000000\n" + uri_of(0) + "\n";
  std::vector<std::size_t> rendition_at(d.playlist.lines.size(), channel_description::npos);
  for (std::size_t i = 0; i < d.playlist.variants.size(); ++i)
    rendition_at[d.playlist.variants[i].uri_line] = d.rendition_of_variant[i];
  for (std::size_t i = 0; i < d.playlist.renditions.size(); ++i)
    rendition_at[d.playlist.renditions[i].tag_line] = d.rendition_of_media[i];
  std::string out;
  for (std::size_t i = 0; i < d.playlist.lines.size(); ++i) {
    const auto& line = d.playlist.lines[i];
    if (is_left_out(line.kind)) continue;
    if (const auto rendition = rendition_at[i]; rendition != channel_description::npos) {
      out +=
          line.kind == hls::tag::uri ? uri_of(rendition) : with_uri(line.text, uri_of(rendition));
    } else {
      const auto absolute = with_absolute_uri(line.text, d.url);
      out += absolute ? *absolute : std::string{line.text};
    }
    out += '\n';
  }
  return out;
}

}  // namespace interlude::stitch
