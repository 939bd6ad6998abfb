#include "media/stitch/content_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "media/core/hex.hpp"
#include "media/core/stable_hash.hpp"
#include "media/hls/attribute_list.hpp"
#include "media/hls/multivariant_playlist.hpp"
#include "media/stitch/segment_lines.hpp"

namespace interlude::stitch {

namespace {

constexpr std::string_view range_tag = "#EXT-X-BYTERANGE:";

// It tells an origin's own paths apart; nobody gains by making two of them the same.
std::string hash_of(std::string_view text) {
  auto hash = stable_hash(text);
  std::array<std::uint8_t, 6> bytes{};
  for (auto& byte : bytes) {
    byte = static_cast<std::uint8_t>(hash >> 56);
    hash <<= 8;
  }
  return to_hex(bytes);
}

bool is_http(std::string_view url) {
  const auto begins = [&](std::string_view scheme) {
    return url.size() > scheme.size() &&
           std::equal(scheme.begin(), scheme.end(), url.begin(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  };
  return begins("http://") || begins("https://");
}

// ".ts": what players and caches may look at. What is no plain extension becomes `otherwise`.
std::string extension_of(std::string_view url, std::string_view otherwise) {
  url = hls::without_query(url);
  const auto file = url.substr(url.rfind('/') + 1);
  const auto dot = file.rfind('.');
  const auto text = dot == std::string_view::npos ? std::string_view{} : file.substr(dot + 1);
  const bool plain =
      !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      });
  return '.' + std::string{plain ? text : otherwise};
}

// Lines with their line ends.
template <class Function>
void for_each_line(std::string_view lines, Function function) {
  while (!lines.empty()) {
    const auto size = std::min(lines.find('\n'), lines.size() - 1) + 1;
    function(lines.substr(0, size));
    lines.remove_prefix(size);
  }
}

std::string_view trimmed(std::string_view line) {
  return line.ends_with('\n') ? line.substr(0, line.size() - 1) : line;
}

// "<length>@<offset>"; ours always have both, an EXT-X-MAP's offset may be missing (0).
std::optional<hls::byte_range> read_range(std::string_view text) {
  hls::byte_range range;
  const auto* end = text.data() + text.size();
  const auto length = std::from_chars(text.data(), end, range.length);
  if (length.ec != std::errc{}) return std::nullopt;
  if (length.ptr != end && *length.ptr == '@') std::from_chars(length.ptr + 1, end, range.offset);
  return range;
}

content_source segment_source(const content_segment& s) {
  content_source out;
  for_each_line(s.lines, [&](std::string_view line) {
    line = trimmed(line);
    if (line.starts_with(range_tag))
      out.range = read_range(line.substr(range_tag.size()));
    else if (!line.starts_with('#'))
      out.url = line;
  });
  return out;
}

content_source attribute_source(content_kind kind, std::string_view line) {
  content_source out;
  out.kind = kind;
  line = trimmed(line);
  if (const auto uri = uri_attribute_of(line)) out.url = line.substr(uri->first, uri->second);
  const hls::attribute_list attributes{line.substr(std::min(line.find(':') + 1, line.size()))};
  if (kind == content_kind::map) {
    if (const auto range = attributes.text("BYTERANGE")) out.range = read_range(*range);
    return out;
  }
  const auto format = attributes.text("KEYFORMAT");
  if (format && *format != "identity") out.url.clear();
  return out;
}

std::string name_of(const content_segment& s, const content_source& at) {
  return std::to_string(s.msn) + '-' + hash_of(s.identity) + extension_of(at.url, "bin");
}

std::string name_of(const content_source& at) {
  if (at.kind == content_kind::key) return "key-" + hash_of(at.url) + ".key";
  return "init-" + hash_of(whole_name(at)) + extension_of(at.url, "mp4");
}

// Takes BYTERANGE="..." out, with the comma that parted it from its neighbour.
void remove_range(std::string& line) {
  const auto at = line.find("BYTERANGE=\"");
  if (at == std::string::npos) return;
  auto end = std::min(line.find('"', at + 11), line.size() - 1) + 1;
  auto begin = line.find_last_not_of(' ', at - 1);
  if (line[begin] != ',') {
    begin = at;
    if (end < line.size() && line[end] == ',') ++end;
  }
  line.erase(begin, end - begin);
}

// The line with its URI replaced, and without the range that the name stands for.
std::string renamed(std::string_view line, std::string_view uri) {
  std::string out{line};
  remove_range(out);
  const auto place = uri_attribute_of(out);
  return out.replace(place->first, place->second, uri);
}

std::string named(content_kind kind, std::string_view line, std::string_view prefix) {
  const auto at = attribute_source(kind, line);
  if (!is_http(at.url)) return std::string{line};
  return renamed(line, std::string{prefix} + name_of(at));
}

}  // namespace

std::string whole_name(const content_source& at) {
  if (!at.range) return at.url;
  return at.url + '#' + std::to_string(at.range->offset) + '+' + std::to_string(at.range->length);
}

std::string content_prefix(std::string_view rendition) {
  return "content/" + std::string{rendition} + '/';
}

void append_named_lines(std::string& out, const content_segment& s, std::string_view prefix) {
  const auto at = segment_source(s);
  if (!is_http(at.url)) {
    out += s.lines;
    return;
  }
  for_each_line(s.lines, [&](std::string_view line) {
    if (line.starts_with(range_tag)) return;
    if (line.starts_with('#'))
      out += line;
    else
      out.append(prefix).append(name_of(s, at)).push_back('\n');
  });
}

std::string named_map(std::string_view map_line, std::string_view prefix) {
  return named(content_kind::map, map_line, prefix);
}

std::string named_keys(std::string_view key_lines, std::string_view prefix) {
  std::string out;
  for_each_line(key_lines,
                [&](std::string_view line) { out += named(content_kind::key, line, prefix); });
  return out;
}

std::optional<std::int64_t> number_in(std::string_view name) {
  std::int64_t number = 0;
  const auto* end = name.data() + name.size();
  const auto read = std::from_chars(name.data(), end, number);
  if (read.ec != std::errc{} || read.ptr == end || *read.ptr != '-') return std::nullopt;
  return number;
}

std::optional<content_source> source_of(const content_segment& s, std::string_view name) {
  std::optional<content_source> found;
  const auto consider = [&](content_source at, const std::string& called) {
    if (!found && is_http(at.url) && called == name) found = std::move(at);
  };
  if (name.starts_with("init-")) {
    const auto at = attribute_source(content_kind::map, s.map_line);
    consider(at, name_of(at));
  } else if (name.starts_with("key-")) {
    for_each_line(s.key_lines, [&](std::string_view line) {
      const auto at = attribute_source(content_kind::key, line);
      consider(at, name_of(at));
    });
  } else {
    const auto at = segment_source(s);
    consider(at, name_of(s, at));
  }
  return found;
}

}  // namespace interlude::stitch
