#include "media/hls/playlist_text.hpp"

#include <algorithm>

#include "media/hls/attribute_list.hpp"

namespace interlude::hls {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t max_variables = 64;

error not_a_playlist(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin != std::string_view::npos && text[begin] == '<')
    return {errc::malformed, "line 1", "the text starts like HTML or XML, not like a playlist"};
  return {errc::malformed, "line 1", "a playlist starts with #EXTM3U"};
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t';
}

std::optional<std::string> decode_percent(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = digit(text[i + 1]), low = digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.starts_with(name) && part.size() > name.size() && part[name.size()] == '=')
      return decode_percent(part.substr(name.size() + 1));
  }
  return std::nullopt;
}

// Substituted text becomes part of lines: it must not be able to make new ones.
bool is_one_line(std::string_view value) {
  return std::none_of(value.begin(), value.end(), is_control) &&
         value.find('"') == std::string_view::npos;
}

}  // namespace

error line_error(const playlist_line& line, std::string_view what) {
  return {errc::malformed, "line " + std::to_string(line.number), std::string{what}};
}

result<std::vector<playlist_line>> split_lines(std::string_view text, const limits& bounds) {
  if (text.size() > bounds.max_bytes)
    return error{errc::too_large,
                 {},
                 "the playlist is larger than " + std::to_string(bounds.max_bytes) + " bytes"};
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (!text.starts_with("#EXTM3U") ||
      (text.size() > 7 && text[7] != '\n' && text[7] != '\r' && text[7] != ' '))
    return not_a_playlist(text);
  const auto count = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) +
                     (text.ends_with('\n') ? 0 : 1);
  if (count > bounds.max_lines)
    return error{errc::too_large,
                 {},
                 "the playlist has more than " + std::to_string(bounds.max_lines) + " lines"};
  std::vector<playlist_line> lines;
  lines.reserve(count);
  std::uint32_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    lines.push_back(classify_line(line, ++number));
    if (std::any_of(line.begin(), line.end(), is_control))
      return line_error(lines.back(), "a control character in the text");
  }
  return lines;
}

std::optional<error> variable_table::define(const playlist_line& line) {
  const attribute_list attributes{line.value};
  if (defined_.size() == max_variables) return line_error(line, "more than 64 EXT-X-DEFINE tags");
  if (const auto name = attributes.text("NAME")) {
    const auto value = attributes.text("VALUE");
    if (!value) return line_error(line, "EXT-X-DEFINE has a NAME but no VALUE");
    defined_.push_back({std::string{*name}, std::string{*value}});
    return std::nullopt;
  }
  if (const auto name = attributes.text("IMPORT")) {
    const auto it = std::find_if(imported_.begin(), imported_.end(),
                                 [&](const variable& v) { return v.name == *name; });
    if (it == imported_.end())
      return line_error(line, "EXT-X-DEFINE imports \"" + std::string{*name} +
                                  "\", which the multivariant playlist does not define");
    defined_.push_back(*it);
    return std::nullopt;
  }
  if (const auto name = attributes.text("QUERYPARAM")) {
    auto value = query_parameter(query_, *name);
    if (!value || !is_one_line(*value))
      return line_error(line, "EXT-X-DEFINE takes \"" + std::string{*name} +
                                  "\" from the playlist's URL, which does not have it");
    defined_.push_back({std::string{*name}, *std::move(value)});
    return std::nullopt;
  }
  return line_error(line, "EXT-X-DEFINE has none of NAME, IMPORT and QUERYPARAM");
}

std::optional<std::string> variable_table::substitute(std::string_view text,
                                                      std::size_t max_bytes) const {
  std::string out;
  for (auto at = text.find("{$"); at != std::string_view::npos; at = text.find("{$")) {
    const auto end = text.find('}', at);
    if (end == std::string_view::npos) break;
    const auto name = text.substr(at + 2, end - at - 2);
    const auto it = std::find_if(defined_.begin(), defined_.end(),
                                 [&](const variable& v) { return v.name == name; });
    if (it == defined_.end()) return std::nullopt;
    out.append(text.substr(0, at)).append(it->value);
    text.remove_prefix(end + 1);
    // One line can name one long value many thousand times.
    if (out.size() > max_bytes) return out;
  }
  return out.append(text);
}

result<std::string> substitute_variables(std::string text, const limits& bounds,
                                         variable_table& table) {
  if (text.find("#EXT-X-DEFINE") == std::string::npos) return text;
  auto lines = split_lines(text, bounds);
  if (!lines) return lines.error();
  std::string out;
  for (const auto& line : *lines) {
    if (line.kind == tag::define) {
      if (auto wrong = table.define(line)) return *wrong;
      out.append(line.text);
    } else {
      auto replaced = table.substitute(line.text, bounds.max_bytes);
      if (!replaced)
        return line_error(line, "a variable is used that no EXT-X-DEFINE before it defines");
      out += *replaced;
    }
    out += '\n';
    if (out.size() > bounds.max_bytes)
      return error{errc::too_large,
                   {},
                   "the playlist grows over " + std::to_string(bounds.max_bytes) +
                       " bytes when its variables are substituted"};
  }
  return out;
}

}  // namespace interlude::hls
