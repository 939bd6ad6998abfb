#include "media/hls/multivariant_playlist.hpp"

#include <boost/url.hpp>
#include <charconv>

#include "media/hls/attribute_list.hpp"
#include "media/hls/playlist_text.hpp"

namespace interlude::hls {

namespace {

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto [at, ec] = std::from_chars(text.data(), end, value);
  return ec == std::errc{} && at == end ? std::optional{value} : std::nullopt;
}

std::optional<resolution> read_resolution(std::string_view text) {
  const auto x = text.find('x');
  if (x == std::string_view::npos) return std::nullopt;
  const auto width = number<std::uint32_t>(text.substr(0, x));
  const auto height = number<std::uint32_t>(text.substr(x + 1));
  return width && height ? std::optional{resolution{*width, *height}} : std::nullopt;
}

variant read_variant(const playlist_line& line, std::uint32_t index) {
  const attribute_list attributes{line.value};
  variant v;
  v.tag_line = v.uri_line = index;
  v.bandwidth = attributes.integer("BANDWIDTH").value_or(0);
  v.average_bandwidth = attributes.integer("AVERAGE-BANDWIDTH").value_or(0);
  v.codecs = attributes.text("CODECS").value_or("");
  if (const auto size = attributes.text("RESOLUTION")) v.resolution = read_resolution(*size);
  if (const auto rate = attributes.text("FRAME-RATE")) v.frame_rate = number<double>(*rate);
  v.audio = attributes.text("AUDIO").value_or("");
  v.video = attributes.text("VIDEO").value_or("");
  v.subtitles = attributes.text("SUBTITLES").value_or("");
  v.closed_captions = attributes.text("CLOSED-CAPTIONS").value_or("");
  return v;
}

std::optional<media_type> type_of(std::string_view text) {
  if (text == "AUDIO") return media_type::audio;
  if (text == "VIDEO") return media_type::video;
  if (text == "SUBTITLES") return media_type::subtitles;
  if (text == "CLOSED-CAPTIONS") return media_type::closed_captions;
  return std::nullopt;
}

class multivariant_parser {
 public:
  explicit multivariant_parser(multivariant_playlist& p) : p_(p) {}

  std::optional<error> run() {
    for (std::uint32_t i = 0; i < p_.lines.size(); ++i)
      if (auto wrong = take(p_.lines[i], i)) return wrong;
    if (open_)
      return line_error(p_.lines[open_->tag_line], "EXT-X-STREAM-INF is not followed by a URI");
    return std::nullopt;
  }

 private:
  std::optional<error> take(const playlist_line& line, std::uint32_t index) {
    switch (line.kind) {
      case tag::stream_inf:
        if (open_)
          return line_error(p_.lines[open_->tag_line], "EXT-X-STREAM-INF is not followed by a URI");
        open_ = read_variant(line, index);
        return std::nullopt;
      case tag::i_frame_stream_inf:
        return i_frames(line, index);
      case tag::media:
        return media(line, index);
      case tag::uri:
        if (!open_) return line_error(line, "a URI without EXT-X-STREAM-INF before it");
        open_->uri = line.text;
        open_->uri_line = index;
        p_.variants.push_back(*open_);
        open_.reset();
        return std::nullopt;
      case tag::version:
        p_.version = number<int>(line.value).value_or(1);
        return std::nullopt;
      case tag::independent_segments:
        p_.independent_segments = true;
        return std::nullopt;
      case tag::inf:
      case tag::target_duration:
        return error{errc::unsupported, "line " + std::to_string(line.number),
                     "this is a media playlist, not a multivariant playlist"};
      default:
        return std::nullopt;
    }
  }

  std::optional<error> i_frames(const playlist_line& line, std::uint32_t index) {
    auto v = read_variant(line, index);
    v.i_frame = true;
    const auto uri = attribute_list{line.value}.text("URI");
    if (!uri) return line_error(line, "EXT-X-I-FRAME-STREAM-INF has no URI");
    v.uri = *uri;
    p_.variants.push_back(v);
    return std::nullopt;
  }

  std::optional<error> media(const playlist_line& line, std::uint32_t index) {
    const attribute_list attributes{line.value};
    const auto type = type_of(attributes.text("TYPE").value_or(""));
    if (!type) return line_error(line, "EXT-X-MEDIA has no TYPE that is known");
    media_rendition m;
    m.type = *type;
    m.uri = attributes.text("URI").value_or("");
    m.group_id = attributes.text("GROUP-ID").value_or("");
    m.name = attributes.text("NAME").value_or("");
    m.language = attributes.text("LANGUAGE").value_or("");
    m.channels = attributes.text("CHANNELS").value_or("");
    m.is_default = attributes.yes("DEFAULT");
    m.autoselect = attributes.yes("AUTOSELECT");
    m.tag_line = index;
    p_.renditions.push_back(m);
    return std::nullopt;
  }

  multivariant_playlist& p_;
  std::optional<variant> open_;
};

}  // namespace

result<multivariant_playlist> parse_multivariant_playlist(std::string text, const limits& bounds,
                                                          std::string_view own_query) {
  variable_table table{{}, own_query};
  auto substituted = substitute_variables(std::move(text), bounds, table);
  if (!substituted) return substituted.error();
  multivariant_playlist p;
  p.text = std::make_shared<const std::string>(*std::move(substituted));
  auto lines = split_lines(*p.text, bounds);
  if (!lines) return lines.error();
  p.lines = *std::move(lines);
  p.variables = table.defined();
  if (auto wrong = multivariant_parser{p}.run()) return *wrong;
  return p;
}

bool is_media_playlist(std::string_view text) noexcept {
  return text.find("#EXT-X-STREAM-INF") == std::string_view::npos &&
         (text.find("#EXTINF") != std::string_view::npos ||
          text.find("#EXT-X-TARGETDURATION") != std::string_view::npos);
}

std::optional<std::string> resolve_uri(std::string_view base, std::string_view reference) {
  if (base.empty() || reference.empty()) return std::nullopt;
  const auto base_url = boost::urls::parse_uri(base);
  const auto relative = boost::urls::parse_uri_reference(reference);
  if (!base_url || !relative) return std::nullopt;
  boost::urls::url resolved;
  if (!boost::urls::resolve(*base_url, *relative, resolved)) return std::nullopt;
  return std::string{resolved.buffer()};
}

}  // namespace interlude::hls
