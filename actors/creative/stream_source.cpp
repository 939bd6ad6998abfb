#include "actors/creative/stream_source.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "actors/creative/creative_identity.hpp"
#include "media/core/lowered.hpp"
#include "media/hls/attribute_list.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude {

namespace {

constexpr std::size_t most_lines = 10'000;
constexpr std::uint64_t key_size = 16;
constexpr std::uint64_t largest_range = std::uint64_t{1} << 62;

hls::limits bounds_of(const stream_limits& limits) {
  return {limits.playlist_bytes, most_lines};
}

error wrong(errc code, std::string what) {
  return {code, {}, std::move(what)};
}

// An error in a playlist, with its name.
error told(const fetched_playlist& p, const error& e) {
  return {e.code, std::string{hls::without_query(p.url)}, e.message()};
}

std::string_view query_of(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const auto mark = url.find('?');
  return mark == std::string_view::npos ? std::string_view{} : url.substr(mark + 1);
}

result<std::string> resolved(const std::string& base, std::string_view uri) {
  auto url = hls::resolve_uri(base, uri);
  if (!url || !is_remote(*url))
    return wrong(errc::malformed, "it names a file that is not at an http or https URL");
  url->resize(std::min(url->find('#'), url->size()));
  return *std::move(url);
}

// Null: there is none.
const hls::media_rendition* sound_of(const hls::multivariant_playlist& p, const hls::variant& v) {
  const hls::media_rendition* first = nullptr;
  for (const auto& r : p.renditions) {
    if (r.type != hls::media_type::audio || r.group_id != v.audio) continue;
    if (r.is_default) return &r;
    if (first == nullptr) first = &r;
  }
  return first;
}

// What is to be fetched to play a variant; empty if it cannot be played.
std::vector<std::string> urls_of(const hls::multivariant_playlist& p, const hls::variant& v,
                                 const std::string& base) {
  const auto picture = resolved(base, v.uri);
  if (!picture) return {};
  if (v.audio.empty()) return {*picture};
  const auto* r = sound_of(p, v);
  if (r == nullptr) return {};
  // RFC 8216 4.3.4.1: without a URI it is in the variant itself.
  if (r->uri.empty()) return {*picture};
  const auto sound = resolved(base, r->uri);
  if (!sound) return {};
  if (*sound == *picture) return {*picture};
  return {*picture, *sound};
}

// "<length>[@<offset>]", as EXT-X-MAP has it.
std::optional<hls::byte_range> read_range(std::string_view text) {
  const auto number = [](std::string_view digits, std::uint64_t& value) {
    const auto* end = digits.data() + digits.size();
    const auto [at, ec] = std::from_chars(digits.data(), end, value);
    return ec == std::errc{} && at == end && value <= largest_range;
  };
  hls::byte_range out;
  const auto at = text.find('@');
  if (!number(text.substr(0, at), out.length)) return std::nullopt;
  if (at != std::string_view::npos && !number(text.substr(at + 1), out.offset)) return std::nullopt;
  return out;
}

std::string written(const hls::byte_range& r) {
  return std::to_string(r.length) + '@' + std::to_string(r.offset);
}

// 32 hex digits, as ffmpeg wants them.
std::optional<std::string> read_iv(std::string_view text) {
  const auto hex = lowered(text);
  if (!hex.starts_with("0x") || hex.size() < 3 || hex.size() > 34 ||
      hex.find_first_not_of("0123456789abcdef", 2) != std::string::npos)
    return std::nullopt;
  return std::string(34 - hex.size(), '0') + hex.substr(2);
}

// Who reads a key as it is fetched can decrypt what it is for.
bool is_readable_key(const hls::playlist_line& line) {
  const hls::attribute_list a{line.value};
  return a.text("METHOD") == "AES-128" && a.text("KEYFORMAT").value_or("identity") == "identity";
}

// ffmpeg refuses media whose name has another format's extension; ".ts" goes for most.
std::string_view extension_of(std::string_view url, bool has_map) {
  if (has_map) return ".mp4";
  const auto path = lowered(hls::without_query(url));
  for (const std::string_view known : {".mp3", ".ac3", ".ec3"})
    if (path.ends_with(known)) return known;
  return ".ts";
}

class planner {
 public:
  explicit planner(const stream_limits& limits) : limits_(limits) {}

  // The playlist in our own words.
  result<std::string> take(const fetched_playlist& p, const std::vector<hls::variable>& variables) {
    auto list = hls::parse_media_playlist(p.text, bounds_of(limits_), variables, query_of(p.url));
    if (!list) return list.error();
    if (auto no = refusal(*list)) return *std::move(no);
    const auto target = std::chrono::ceil<std::chrono::seconds>(list->target_duration);
    text_ = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:" + std::to_string(target.count()) +
            "\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MEDIA-SEQUENCE:" +
            std::to_string(list->media_sequence) + '\n';
    for (const auto& s : list->segments)
      if (auto no = add(*list, s, p.url)) return *std::move(no);
    return std::move(text_) + "#EXT-X-ENDLIST\n";
  }

  std::vector<stream_file> files() { return std::move(files_); }

 private:
  std::optional<error> refusal(const hls::media_playlist& list) {
    if (!list.endlist) return wrong(errc::unsupported, "it is live (it has no EXT-X-ENDLIST)");
    if (list.i_frames_only) return wrong(errc::unsupported, "it has nothing but I-frames");
    if (list.segments.empty()) return wrong(errc::malformed, "it has no segments");
    segments_ += list.segments.size();
    if (segments_ > limits_.segments)
      return wrong(errc::too_large,
                   "it has more than " + std::to_string(limits_.segments) + " segments");
    duration length{0};
    for (const auto& s : list.segments) {
      length += std::min(s.length, limits_.length + duration{1});
      if (s.gap) return wrong(errc::unsupported, "a part of it is missing (EXT-X-GAP)");
      if (s.key_set < 0) continue;
      const auto& keys = list.key_sets[static_cast<std::size_t>(s.key_set)];
      if (std::none_of(keys.begin(), keys.end(),
                       [&](std::uint32_t line) { return is_readable_key(list.lines[line]); }))
        return wrong(errc::unsupported, "it is under DRM (EXT-X-KEY is not AES-128 with a key)");
      // The blocks of a range are chained from its own beginning, which ffmpeg does not know.
      if (s.range) return wrong(errc::unsupported, "byte ranges of it are encrypted");
    }
    if (length > limits_.length)
      return wrong(errc::too_large, "it is longer than " + format_seconds(limits_.length) + " s");
    return std::nullopt;
  }

  std::optional<error> add(const hls::media_playlist& list, const hls::segment& s,
                           const std::string& base) {
    for (const auto& line : list.lines_of(s)) {
      std::optional<error> no;
      if (line.kind == hls::tag::key)
        no = key(line, base);
      else if (line.kind == hls::tag::map)
        no = map(line, base);
      else if (line.kind == hls::tag::discontinuity)
        text_ += "#EXT-X-DISCONTINUITY\n";
      if (no) return no;
    }
    const auto name = name_of(base, s.uri, extension_of(s.uri, s.map >= 0), s.range);
    if (!name) return name.error();
    text_ += "#EXTINF:" + format_seconds(s.length) + ",\n";
    if (s.range) text_ += "#EXT-X-BYTERANGE:" + written(*s.range) + '\n';
    text_ += *name + '\n';
    return std::nullopt;
  }

  std::optional<error> key(const hls::playlist_line& line, const std::string& base) {
    const hls::attribute_list a{line.value};
    if (a.text("METHOD") == "NONE") {
      text_ += "#EXT-X-KEY:METHOD=NONE\n";
      return std::nullopt;
    }
    // Of several the one that can be read is there, too: refusal() has seen to it.
    if (!is_readable_key(line)) return std::nullopt;
    const auto name =
        name_of(base, a.text("URI").value_or(""), ".key", hls::byte_range{key_size, 0});
    if (!name) return name.error();
    text_ += "#EXT-X-KEY:METHOD=AES-128,URI=\"" + *name + '"';
    if (const auto iv = a.text("IV")) {
      const auto digits = read_iv(*iv);
      if (!digits) return wrong(errc::malformed, "the IV of an EXT-X-KEY is not 16 bytes in hex");
      text_ += ",IV=0x" + *digits;
    }
    text_ += '\n';
    return std::nullopt;
  }

  std::optional<error> map(const hls::playlist_line& line, const std::string& base) {
    const hls::attribute_list a{line.value};
    std::optional<hls::byte_range> range;
    if (const auto text = a.text("BYTERANGE")) {
      range = read_range(*text);
      if (!range) return wrong(errc::malformed, "the BYTERANGE of an EXT-X-MAP cannot be read");
    }
    const auto name = name_of(base, a.text("URI").value_or(""), ".mp4", range);
    if (!name) return name.error();
    text_ += "#EXT-X-MAP:URI=\"" + *name + '"';
    if (range) text_ += ",BYTERANGE=\"" + written(*range) + '"';
    text_ += '\n';
    return std::nullopt;
  }

  result<std::string> name_of(const std::string& base, std::string_view uri,
                              std::string_view extension,
                              const std::optional<hls::byte_range>& range) {
    if (range && range->length == 0) return wrong(errc::malformed, "a byte range of it is empty");
    auto url = resolved(base, uri);
    if (!url) return url.error();
    const auto [it, fresh] = known_.emplace(*url, files_.size());
    if (fresh) {
      if (files_.size() == limits_.segments)
        return wrong(errc::too_large,
                     "it has more than " + std::to_string(limits_.segments) + " files");
      files_.push_back({*url, std::to_string(files_.size()) + std::string{extension}});
    }
    auto& file = files_[it->second];
    if (range) file.least_size = std::max(file.least_size, range->offset + range->length);
    return file.name;
  }

  const stream_limits& limits_;
  std::string text_;
  std::vector<stream_file> files_;
  std::map<std::string, std::size_t> known_;  // by URL
  std::size_t segments_ = 0;
};

}  // namespace

bool is_stream(std::string_view body) noexcept {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  return body.starts_with("#EXTM3U");
}

result<stream_outline> outline_stream(const fetched_playlist& playlist,
                                      const stream_limits& limits) {
  if (hls::is_media_playlist(playlist.text)) return stream_outline{};
  const auto all =
      hls::parse_multivariant_playlist(playlist.text, bounds_of(limits), query_of(playlist.url));
  if (!all) return told(playlist, all.error());
  stream_outline out{{}, all->variables};
  std::uint64_t highest = 0;
  for (const auto& v : all->variants) {
    if (v.i_frame || (!out.urls.empty() && v.bandwidth <= highest)) continue;
    auto urls = urls_of(*all, v, playlist.url);
    if (urls.empty()) continue;
    out.urls = std::move(urls);
    highest = v.bandwidth;
  }
  if (out.urls.empty())
    return told(playlist,
                wrong(errc::unsupported, "it has no variant that can be had with its sound"));
  return out;
}

result<stream_plan> plan_stream(const std::vector<fetched_playlist>& playlists,
                                const std::vector<hls::variable>& variables,
                                const stream_limits& limits) {
  planner all{limits};
  stream_plan out;
  for (const auto& p : playlists) {
    auto text = all.take(p, variables);
    if (!text) return told(p, text.error());
    out.playlists.push_back(
        {"playlist" + std::to_string(out.playlists.size()) + ".m3u8", *std::move(text)});
  }
  if (out.playlists.size() == 1)
    out.playlists.front().name = stream_entry;
  else
    out.playlists.push_back(
        {std::string{stream_entry},
         "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,"
         "URI=\"playlist1.m3u8\"\n#EXT-X-STREAM-INF:BANDWIDTH=1000000,AUDIO=\"sound\"\n"
         "playlist0.m3u8\n"});
  out.files = all.files();
  return out;
}

}  // namespace interlude
