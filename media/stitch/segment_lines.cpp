#include "media/stitch/segment_lines.hpp"

#include <array>
#include <cstdio>

#include "media/hls/attribute_list.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude::stitch {

namespace {

std::string_view uri_path(std::string_view uri) {
  uri = hls::without_query(uri);
  if (const auto scheme = uri.find("://"); scheme != std::string_view::npos) {
    const auto path = uri.find('/', scheme + 3);
    uri = path == std::string_view::npos ? std::string_view{} : uri.substr(path);
  }
  return uri;
}

// Keys, maps and URIs are kept with every segment: together they must not be much more than the
// playlist they came in.
constexpr std::size_t max_line = 8192;

error too_long(std::uint32_t line) {
  return {errc::too_large, "line " + std::to_string(line),
          "a URI, key or map of more than " + std::to_string(max_line) + " characters"};
}

error not_a_uri(std::uint32_t line, std::string_view uri) {
  return {errc::malformed, "line " + std::to_string(line),
          "\"" + std::string{uri.substr(0, 200)} + "\" is not a URI"};
}

result<std::string> absolute(std::string_view url, std::string_view reference, std::uint32_t line) {
  auto resolved = hls::resolve_uri(url, reference);
  if (!resolved) return not_a_uri(line, reference);
  if (resolved->size() > max_line) return too_long(line);
  return *std::move(resolved);
}

// RFC 8216bis 5.2: without an IV attribute the segment's media sequence number is the IV, as a
// 128-bit big-endian number.
void append_implicit_iv(std::string& line, std::int64_t origin_msn) {
  std::array<char, 40> iv{};
  const int n = std::snprintf(iv.data(), iv.size(), ",IV=0x%032llx",
                              static_cast<unsigned long long>(origin_msn));
  line.append(iv.data(), static_cast<std::size_t>(n));
}

bool wants_explicit_iv(const hls::attribute_list& attributes) {
  const auto format = attributes.text("KEYFORMAT");
  return attributes.text("METHOD") == "AES-128" && !attributes.find("IV") &&
         (!format || *format == "identity");
}

result<std::string> key_lines(const hls::media_playlist& playlist, const hls::segment& s,
                              std::string_view url, std::int64_t origin_msn) {
  std::string out;
  if (s.key_set < 0) return out;
  for (const auto index : playlist.key_sets[static_cast<std::size_t>(s.key_set)]) {
    const auto& line = playlist.lines[index];
    auto absolute_line = with_absolute_uri(line.text, url);
    if (!absolute_line) return absolute_line.error();
    if (out.size() + absolute_line->size() > max_line) return too_long(line.number);
    out += *absolute_line;
    if (wants_explicit_iv(hls::attribute_list{line.value})) append_implicit_iv(out, origin_msn);
    out += '\n';
  }
  return out;
}

bool is_cue_date_range(const hls::playlist_line& line) {
  return line.value.find("SCTE35-") != std::string_view::npos;
}

// True for what stays beside the segment, word for word.
bool is_kept(hls::tag kind) {
  switch (kind) {
    case hls::tag::inf:
    case hls::tag::gap:
    case hls::tag::bitrate:
    case hls::tag::unknown:
      return true;
    default:
      return false;
  }
}

void append_byte_range(std::string& out, const hls::byte_range& range) {
  out += "#EXT-X-BYTERANGE:" + std::to_string(range.length) + '@' + std::to_string(range.offset) +
         '\n';
}

}  // namespace

std::string segment_identity(const hls::segment& s) {
  std::string identity{uri_path(s.uri)};
  if (s.range)
    identity += '@' + std::to_string(s.range->offset) + '+' + std::to_string(s.range->length);
  return identity;
}

std::optional<std::pair<std::size_t, std::size_t>> uri_attribute_of(std::string_view text) {
  // The attribute's name may be the end of another's ("X-ASSET-URI"), so it must follow ':' or ','.
  std::size_t at = text.find("URI=\"");
  while (at != std::string_view::npos && at > 0 && text[at - 1] != ':' && text[at - 1] != ',' &&
         text[at - 1] != ' ')
    at = text.find("URI=\"", at + 1);
  if (at == std::string_view::npos) return std::nullopt;
  const auto begin = at + 5;
  const auto end = text.find('"', begin);
  if (end == std::string_view::npos) return std::nullopt;
  return std::pair{begin, end - begin};
}

result<std::string> with_absolute_uri(std::string_view text, std::string_view url) {
  const auto place = uri_attribute_of(text);
  if (!place) return std::string{text};
  const auto reference = text.substr(place->first, place->second);
  const auto resolved = hls::resolve_uri(url, reference);
  if (!resolved) return not_a_uri(0, reference);
  std::string out{text.substr(0, place->first)};
  out += *resolved;
  out += text.substr(place->first + place->second);
  return out;
}

result<content_segment> make_content_segment(const hls::media_playlist& playlist,
                                             const hls::segment& s, std::string_view url,
                                             std::int64_t origin_msn) {
  content_segment out;
  out.length = s.length;
  out.identity = segment_identity(s);
  for (const auto& line : playlist.lines_of(s)) {
    if (is_kept(line.kind)) {
      out.lines.append(line.text).push_back('\n');
    } else if (hls::is_cue(line.kind) ||
               (line.kind == hls::tag::date_range && is_cue_date_range(line))) {
      out.cue_lines.append(line.text).push_back('\n');
    } else if (line.kind == hls::tag::uri) {
      if (s.range) append_byte_range(out.lines, *s.range);
      auto uri = absolute(url, line.text, line.number);
      if (!uri) return uri.error();
      out.lines.append(*uri).push_back('\n');
    }
  }
  auto keys = key_lines(playlist, s, url, origin_msn);
  if (!keys) return keys.error();
  out.key_lines = *std::move(keys);
  if (s.map >= 0) {
    auto map =
        with_absolute_uri(playlist.lines[playlist.maps[static_cast<std::size_t>(s.map)]].text, url);
    if (!map) return map.error();
    if (map->size() > max_line) return too_long(0);
    out.map_line = *std::move(map) + '\n';
  }
  return out;
}

}  // namespace interlude::stitch
