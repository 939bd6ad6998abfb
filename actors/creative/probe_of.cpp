#include <charconv>

#include "actors/creative/creative_interface.hpp"
#include "media/hls/attribute_list.hpp"

namespace interlude {

namespace {

// "<length>@<offset>"
std::optional<byte_span> read_span(std::string_view text) {
  byte_span span;
  const auto at = text.find('@');
  const auto length =
      std::from_chars(text.data(), text.data() + std::min(at, text.size()), span.length);
  if (length.ec != std::errc{}) return std::nullopt;
  if (at != std::string_view::npos)
    std::from_chars(text.data() + at + 1, text.data() + text.size(), span.offset);
  return span;
}

std::string_view value_of(std::string_view line) {
  return line.substr(std::min(line.find(':'), line.size() - 1) + 1);
}

}  // namespace

probe_segment probe_of(const stitch::content_segment& s) {
  probe_segment out;
  std::string_view lines = s.lines;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (line.starts_with("#EXT-X-BYTERANGE:"))
      out.segment_range = read_span(value_of(line));
    else if (!line.starts_with('#'))
      out.segment_url = line;
  }
  if (!s.map_line.empty()) {
    const hls::attribute_list map{
        value_of(std::string_view{s.map_line}.substr(0, s.map_line.size() - 1))};
    out.init_url = map.text("URI").value_or("");
    if (const auto range = map.text("BYTERANGE")) out.init_range = read_span(*range);
  }
  if (s.key_lines.find("METHOD=AES-128") != std::string::npos) {
    const hls::attribute_list key{
        value_of(std::string_view{s.key_lines}.substr(0, s.key_lines.find('\n')))};
    out.key_url = key.text("URI").value_or("");
    out.iv = key.text("IV").value_or("");
  }
  return out;
}

}  // namespace interlude
