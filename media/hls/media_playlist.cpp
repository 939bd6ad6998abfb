#include "media/hls/media_playlist.hpp"

#include <charconv>
#include <limits>

#include "media/hls/attribute_list.hpp"
#include "media/hls/playlist_text.hpp"

namespace interlude::hls {

namespace {

// Numbers that count segments stay far below 2^63, so that adding window sizes to them cannot
// overflow.
constexpr std::int64_t max_sequence = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::uint64_t max_range = std::uint64_t{1} << 62;
// Each tag is compared with those before it.
constexpr std::size_t max_key_formats = 32;

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto [at, ec] = std::from_chars(text.data(), end, value);
  return ec == std::errc{} && at == end ? std::optional{value} : std::nullopt;
}

std::optional<std::int64_t> sequence(std::string_view text) {
  const auto value = number<std::int64_t>(text);
  return value && *value >= 0 && *value <= max_sequence ? value : std::nullopt;
}

class media_parser {
 public:
  explicit media_parser(media_playlist& p) : p_(p) {}

  std::optional<error> run() {
    std::size_t segments = 0;
    for (const auto& line : p_.lines) segments += line.kind == tag::uri ? 1 : 0;
    p_.segments.reserve(segments);
    for (std::uint32_t i = 0; i < p_.lines.size(); ++i)
      if (auto wrong = take(p_.lines[i], i)) return wrong;
    if (!target_seen_)
      return error{errc::malformed,
                   {},
                   "EXT-X-TARGETDURATION is missing: not a media playlist, or not a whole one"};
    return std::nullopt;
  }

 private:
  std::optional<error> take(const playlist_line& line, std::uint32_t index) {
    switch (line.kind) {
      case tag::uri:
        return end_segment(line, index);
      case tag::inf:
        return inf(line);
      case tag::byterange:
        return byterange(line);
      case tag::discontinuity:
        ++open_.discontinuities;
        return std::nullopt;
      case tag::gap:
        open_.gap = true;
        return std::nullopt;
      case tag::key:
        return key(line, index);
      case tag::map:
        return map(line, index);
      case tag::program_date_time:
        return date(line);
      default:
        return header(line);
    }
  }

  std::optional<error> header(const playlist_line& line) {
    switch (line.kind) {
      case tag::target_duration: {
        const auto value = parse_seconds(line.value);
        if (!value || value->count() == 0)
          return line_error(line, "EXT-X-TARGETDURATION is not a number of seconds");
        p_.target_duration = *value;
        target_seen_ = true;
        return std::nullopt;
      }
      case tag::media_sequence:
        return assign(p_.media_sequence, line, "EXT-X-MEDIA-SEQUENCE");
      case tag::discontinuity_sequence:
        return assign(p_.discontinuity_sequence, line, "EXT-X-DISCONTINUITY-SEQUENCE");
      case tag::version:
        p_.version = number<int>(line.value).value_or(1);
        return std::nullopt;
      case tag::independent_segments:
        p_.independent_segments = true;
        return std::nullopt;
      case tag::i_frames_only:
        p_.i_frames_only = true;
        return std::nullopt;
      case tag::endlist:
        p_.endlist = true;
        return std::nullopt;
      case tag::playlist_type:
        p_.playlist_type = line.value;
        return std::nullopt;
      case tag::stream_inf:
        return line_error(
            line, "EXT-X-STREAM-INF: this is a multivariant playlist, not a media playlist");
      default:
        return std::nullopt;
    }
  }

  std::optional<error> assign(std::int64_t& field, const playlist_line& line,
                              std::string_view name) {
    const auto value = sequence(line.value);
    if (!value)
      return line_error(
          line, std::string{name} + " is not a number: " + std::string{line.value.substr(0, 40)});
    field = *value;
    return std::nullopt;
  }

  std::optional<error> inf(const playlist_line& line) {
    if (inf_seen_) return line_error(line, "EXTINF follows EXTINF: the segment before has no URI");
    const auto length = parse_seconds(line.value.substr(0, line.value.find(',')));
    if (!length)
      return line_error(line, "EXTINF has no number: " + std::string{line.value.substr(0, 40)});
    open_.length = *length;
    inf_seen_ = true;
    return std::nullopt;
  }

  std::optional<error> byterange(const playlist_line& line) {
    const auto at = line.value.find('@');
    const auto length = number<std::uint64_t>(line.value.substr(0, at));
    const auto offset = at == std::string_view::npos
                            ? std::optional<std::uint64_t>{}
                            : number<std::uint64_t>(line.value.substr(at + 1));
    const bool bad = !length || *length > max_range ||
                     (at != std::string_view::npos && (!offset || *offset > max_range));
    if (bad) return line_error(line, "EXT-X-BYTERANGE is not <length>[@<offset>]");
    open_.range = byte_range{*length, offset.value_or(0)};
    offset_given_ = offset.has_value();
    return std::nullopt;
  }

  // RFC 8216bis 4.4.4.4: tags with different KEYFORMATs apply together; one of the same KEYFORMAT
  // replaces.
  std::optional<error> key(const playlist_line& line, std::uint32_t index) {
    const attribute_list attributes{line.value};
    const auto method = attributes.text("METHOD");
    if (!method) return line_error(line, "EXT-X-KEY has no METHOD");
    if (*method == "NONE") {
      open_.key_set = -1;
      return std::nullopt;
    }
    const auto format = attributes.text("KEYFORMAT").value_or("identity");
    // Formats given together belong together; a tag after a segment begins a new set.
    const auto current = static_cast<std::size_t>(open_.key_set);
    if (open_.key_set < 0 || p_.key_sets[current].front() < set_begins_) {
      open_.key_set = static_cast<std::int32_t>(p_.key_sets.size());
      p_.key_sets.push_back({index});
      return std::nullopt;
    }
    // No segment uses this set yet, so it grows in place.
    auto& set = p_.key_sets[current];
    std::erase_if(set, [&](std::uint32_t other) {
      return attribute_list{p_.lines[other].value}.text("KEYFORMAT").value_or("identity") == format;
    });
    if (set.size() == max_key_formats)
      return line_error(line, "more than 32 EXT-X-KEY tags apply to one segment");
    set.push_back(index);
    return std::nullopt;
  }

  std::optional<error> map(const playlist_line& line, std::uint32_t index) {
    if (!attribute_list{line.value}.text("URI")) return line_error(line, "EXT-X-MAP has no URI");
    open_.map = static_cast<std::int32_t>(p_.maps.size());
    p_.maps.push_back(index);
    return std::nullopt;
  }

  std::optional<error> date(const playlist_line& line) {
    open_.program_date_time = parse_iso8601(line.value);
    if (!open_.program_date_time)
      return line_error(line, "EXT-X-PROGRAM-DATE-TIME is not an ISO 8601 date: " +
                                  std::string{line.value.substr(0, 40)});
    return std::nullopt;
  }

  std::optional<error> end_segment(const playlist_line& line, std::uint32_t index) {
    if (!inf_seen_) return line_error(line, "a URI without EXTINF before it");
    open_.uri = line.text;
    open_.first_line = first_line_;
    open_.line_count = index + 1 - first_line_;
    if (auto wrong = resolve_range(line)) return wrong;
    p_.segments.push_back(open_);
    first_line_ = set_begins_ = index + 1;
    // Key and map stay in force; everything else belonged to this segment.
    segment next;
    next.key_set = open_.key_set;
    next.map = open_.map;
    open_ = next;
    inf_seen_ = offset_given_ = false;
    return std::nullopt;
  }

  // RFC 8216bis 4.4.4.2: without an offset the range begins where the previous one of the same
  // resource ended.
  std::optional<error> resolve_range(const playlist_line& line) {
    if (!open_.range || offset_given_) return std::nullopt;
    if (p_.segments.empty() || !p_.segments.back().range || p_.segments.back().uri != open_.uri)
      return line_error(line,
                        "EXT-X-BYTERANGE has no offset, and no range of the same URI goes before");
    const auto& before = *p_.segments.back().range;
    if (before.offset + before.length > max_range)
      return line_error(line, "the byte range lies beyond all bounds");
    open_.range->offset = before.offset + before.length;
    return std::nullopt;
  }

  media_playlist& p_;
  segment open_;
  std::uint32_t first_line_ = 0;
  std::uint32_t set_begins_ = 0;  // key tags before this line belong to an earlier set
  bool inf_seen_ = false;
  bool offset_given_ = false;
  bool target_seen_ = false;
};

}  // namespace

result<media_playlist> parse_media_playlist(std::string text, const limits& bounds,
                                            std::span<const variable> imported,
                                            std::string_view own_query) {
  variable_table table{imported, own_query};
  auto substituted = substitute_variables(std::move(text), bounds, table);
  if (!substituted) return substituted.error();
  media_playlist p;
  p.text = std::make_shared<const std::string>(*std::move(substituted));
  auto lines = split_lines(*p.text, bounds);
  if (!lines) return lines.error();
  p.lines = *std::move(lines);
  if (auto wrong = media_parser{p}.run()) return *wrong;
  return p;
}

std::string write_playlist(std::span<const playlist_line> lines) {
  std::string out;
  std::size_t size = 0;
  for (const auto& line : lines) size += line.text.size() + 1;
  out.reserve(size);
  for (const auto& line : lines) out.append(line.text).push_back('\n');
  return out;
}

}  // namespace interlude::hls
