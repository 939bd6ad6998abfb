#include "media/stitch/channel_description.hpp"

#include <algorithm>
#include <array>

#include "media/stitch/rendition_match.hpp"
#include "media/stitch/segment_lines.hpp"

namespace interlude::stitch {

namespace {

constexpr std::size_t max_renditions = 64;

// The renditions of one multivariant playlist, by its variants and EXT-X-MEDIA tags.
class describer {
 public:
  explicit describer(channel_description& d) : d_(d) {}

  // The rendition at `reference`, made on first sight.
  result<std::size_t> rendition(std::string_view reference, rendition_kind kind,
                                std::string identity, std::uint64_t bandwidth) {
    auto url = hls::resolve_uri(d_.url, reference);
    if (!url)
      return error{errc::malformed, d_.url, "\"" + std::string{reference} + "\" is not a URI"};
    const auto known = std::find_if(d_.renditions.begin(), d_.renditions.end(),
                                    [&](const described_rendition& r) { return r.url == *url; });
    if (known != d_.renditions.end()) {
      known->bandwidth = std::max(known->bandwidth, bandwidth);
      return static_cast<std::size_t>(known - d_.renditions.begin());
    }
    if (d_.renditions.size() == max_renditions)
      return error{errc::too_large, d_.url, "more than 64 renditions in one multivariant playlist"};
    d_.renditions.push_back({{"", kind, std::move(identity)}, *std::move(url), bandwidth});
    return d_.renditions.size() - 1;
  }

 private:
  channel_description& d_;
};

std::string next_name(std::span<const described_rendition> all, rendition_kind kind) {
  const auto count = std::count_if(
      all.begin(), all.end(), [&](const described_rendition& r) { return r.info.kind == kind; });
  return "vas"[static_cast<std::size_t>(kind)] + std::to_string(count);
}

// Puts those known before in their places; the others follow, and all have names.
result<bool> take_places(channel_description& d, std::span<const described_rendition> known) {
  auto place = match_renditions(d.renditions, known);
  std::vector<described_rendition> all{known.begin(), known.end()};
  for (auto& r : all) r.url.clear();
  for (std::size_t i = 0; i < place.size(); ++i) {
    auto& r = d.renditions[i];
    if (place[i] == channel_description::npos) {
      if (all.size() == max_renditions)
        return error{errc::too_large, d.url, "more than 64 renditions, those of before included"};
      place[i] = all.size();
      r.info.name = next_name(all, r.info.kind);
      all.push_back(std::move(r));
    } else {
      all[place[i]].url = std::move(r.url);
      all[place[i]].bandwidth = r.bandwidth;
    }
  }
  d.renditions = std::move(all);
  for (auto* indices : {&d.rendition_of_variant, &d.rendition_of_media})
    for (auto& index : *indices)
      if (index != channel_description::npos) index = place[index];
  return true;
}

// A variant whose codecs name no picture is an audio rendition.
bool has_picture(const hls::variant& v) {
  if (v.codecs.empty() || v.resolution) return true;
  constexpr std::array<std::string_view, 7> video{"avc",  "hvc", "hev", "av01",
                                                  "vp09", "dvh", "mp4v"};
  return std::any_of(video.begin(), video.end(), [&](std::string_view c) {
    return v.codecs.find(c) != std::string_view::npos;
  });
}

result<description_ptr> describe_single(std::string_view url,
                                        std::span<const described_rendition> known) {
  auto d = std::make_shared<channel_description>();
  d->url = url;
  d->renditions.push_back({{"", rendition_kind::video, "media playlist"}, std::string{url}, 0});
  if (auto placed = take_places(*d, known); !placed) return placed.error();
  return description_ptr{std::move(d)};
}

}  // namespace

std::size_t channel_description::find(std::string_view rendition_name) const noexcept {
  for (std::size_t i = 0; i < renditions.size(); ++i)
    if (renditions[i].info.name == rendition_name) return i;
  return npos;
}

result<description_ptr> describe_channel(std::string text, std::string_view url,
                                         std::span<const described_rendition> known) {
  if (hls::is_media_playlist(text)) return describe_single(url, known);
  auto parsed = hls::parse_multivariant_playlist(std::move(text));
  if (!parsed) return parsed.error();
  auto d = std::make_shared<channel_description>();
  d->playlist = *std::move(parsed);
  d->url = url;
  describer names{*d};
  for (const auto& v : d->playlist.variants) {
    d->rendition_of_variant.push_back(channel_description::npos);
    if (v.i_frame) continue;
    auto index =
        names.rendition(v.uri, has_picture(v) ? rendition_kind::video : rendition_kind::audio,
                        identity_of(v), v.bandwidth);
    if (!index) return index.error();
    d->rendition_of_variant.back() = *index;
  }
  for (const auto& m : d->playlist.renditions) {
    d->rendition_of_media.push_back(channel_description::npos);
    if (m.uri.empty() || m.type == hls::media_type::closed_captions) continue;
    const auto kind = m.type == hls::media_type::audio       ? rendition_kind::audio
                      : m.type == hls::media_type::subtitles ? rendition_kind::subtitles
                                                             : rendition_kind::video;
    auto index = names.rendition(m.uri, kind, identity_of(m), 0);
    if (!index) return index.error();
    d->rendition_of_media.back() = *index;
  }
  if (d->renditions.empty())
    return error{errc::malformed, d->url, "the multivariant playlist names no media playlist"};
  if (auto placed = take_places(*d, known); !placed) return placed.error();
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

// Whether a player that is offered this variant could play it.
class offer {
 public:
  explicit offer(const channel_description& d) : d_(d) {}

  bool has(std::size_t rendition) const {
    return rendition == channel_description::npos || d_.renditions[rendition].offered;
  }
  bool has(const hls::variant& v, std::size_t rendition) const {
    return has(rendition) && has_group(hls::media_type::audio, v.audio) &&
           has_group(hls::media_type::video, v.video) &&
           has_group(hls::media_type::subtitles, v.subtitles);
  }

 private:
  // A group of which nothing is left; one that never had a member is the origin's affair.
  bool has_group(hls::media_type type, std::string_view id) const {
    bool none = true;
    for (std::size_t i = 0; i < d_.playlist.renditions.size(); ++i) {
      const auto& m = d_.playlist.renditions[i];
      if (m.type != type || m.group_id != id) continue;
      if (has(d_.rendition_of_media[i])) return true;
      none = false;
    }
    return none;
  }

  const channel_description& d_;
};

}  // namespace

std::string render_multivariant(const channel_description& d, std::string_view prefix) {
  const auto uri_of = [&](std::size_t rendition) {
    return std::string{prefix} + d.renditions[rendition].info.name + ".m3u8";
  };
  if (d.playlist.lines.empty()) {  // one rendition, of which nothing more is known
    const auto listed = std::find_if(d.renditions.begin(), d.renditions.end(),
                                     [](const described_rendition& r) { return !r.url.empty(); });
    return "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-STREAM-INF:BANDWIDTH=2000000\n" +
           uri_of(static_cast<std::size_t>(listed - d.renditions.begin())) + "\n";
  }
  const offer offered{d};
  std::vector<bool> left_out(d.playlist.lines.size());
  std::vector<std::size_t> rendition_at(d.playlist.lines.size(), channel_description::npos);
  for (std::size_t i = 0; i < d.playlist.variants.size(); ++i) {
    const auto& v = d.playlist.variants[i];
    rendition_at[v.uri_line] = d.rendition_of_variant[i];
    left_out[v.uri_line] = left_out[v.tag_line] = !offered.has(v, d.rendition_of_variant[i]);
  }
  for (std::size_t i = 0; i < d.playlist.renditions.size(); ++i) {
    const auto line = d.playlist.renditions[i].tag_line;
    rendition_at[line] = d.rendition_of_media[i];
    left_out[line] = !offered.has(d.rendition_of_media[i]);
  }
  std::string out;
  for (std::size_t i = 0; i < d.playlist.lines.size(); ++i) {
    const auto& line = d.playlist.lines[i];
    if (is_left_out(line.kind) || left_out[i]) continue;
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
