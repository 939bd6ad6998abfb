#include "ads/xml/xml_document.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <sstream>

#include "media/core/lowered.hpp"
#include "media/core/utf8.hpp"

namespace interlude::xml {

namespace {

constexpr std::string_view white_space = " \t\r\n";

std::string_view trimmed(std::string_view s) noexcept {
  const auto begin = s.find_first_not_of(white_space);
  if (begin == std::string_view::npos) return {};
  return s.substr(begin, s.find_last_not_of(white_space) - begin + 1);
}

bool equal_names(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lowered(x) == lowered(y); });
}

// As the declaration says it: <?xml version="1.0" encoding="..."?>; empty if it does not.
std::string_view declared_encoding(std::string_view text) noexcept {
  text = trimmed(text.substr(0, 200));
  if (!text.starts_with("<?xml")) return {};
  text = text.substr(0, text.find("?>"));
  const auto key = text.find("encoding");
  if (key == std::string_view::npos) return {};
  const auto open = text.find_first_of("\"'", key);
  if (open == std::string_view::npos) return {};
  const auto close = text.find(text[open], open + 1);
  if (close == std::string_view::npos) return {};
  return text.substr(open + 1, close - open - 1);
}

// UTF-16 and UTF-32 are known by their first bytes: a mark, or the zeros in "<".
bool is_wide(std::string_view text) noexcept {
  return text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE") ||
         text.substr(0, 4).find('\0') != std::string_view::npos;
}

result<pugi::xml_encoding> encoding_of(std::string_view text) {
  if (is_wide(text)) return pugi::encoding_auto;
  const auto declared = declared_encoding(text);
  constexpr std::array latin = {"iso-8859-1", "iso_8859-1", "latin1", "latin-1"};
  if (std::any_of(latin.begin(), latin.end(),
                  [&](std::string_view name) { return equal_names(declared, name); }))
    return pugi::encoding_latin1;
  if (is_utf8(text)) return pugi::encoding_utf8;
  if (declared.empty() || equal_names(declared, "utf-8") || equal_names(declared, "utf8"))
    return error{errc::malformed, "", "the text is not UTF-8"};
  return error{errc::unsupported, "",
               "the encoding \"" + std::string{declared.substr(0, 40)} + "\" is not read"};
}

// An internal subset is where a document defines entities. None that is honest has one.
bool has_own_entities(const pugi::xml_document& tree) {
  const auto children = tree.children();
  return std::any_of(children.begin(), children.end(), [](const pugi::xml_node& n) {
    return n.type() == pugi::node_doctype && std::strchr(n.value(), '[') != nullptr;
  });
}

// Character references can name what is no character.
std::string readable(std::string_view s) {
  s = trimmed(s);
  return is_utf8(s) ? std::string{s} : std::string{};
}

pugi::xml_attribute attribute_node(const pugi::xml_node& node, std::string_view name) noexcept {
  for (const auto& a : node.attributes()) {
    std::string_view own = a.name();
    own.remove_prefix(own.find(':') + 1);  // npos + 1: nothing
    if (equal_names(own, name)) return a;
  }
  return {};
}

}  // namespace

result<document> document::parse(std::string_view text, const limits& bounds) {
  if (text.size() > bounds.max_bytes)
    return error{errc::too_large, "",
                 "more than " + std::to_string(bounds.max_bytes) + " bytes of XML"};
  // Each node of the tree takes memory, however short it is in the text.
  const auto tags = std::count(text.begin(), text.end(), '<');
  if (static_cast<std::size_t>(tags) > bounds.max_tags)
    return error{errc::too_large, "", "more than " + std::to_string(bounds.max_tags) + " tags"};
  const auto encoding = encoding_of(text);
  if (!encoding) return encoding.error();
  document d;
  d.tree_ = std::make_unique<pugi::xml_document>();
  const auto parsed = d.tree_->load_buffer(text.data(), text.size(),
                                           pugi::parse_default | pugi::parse_doctype, *encoding);
  if (!parsed)
    return error{errc::malformed, "byte " + std::to_string(parsed.offset), parsed.description()};
  if (has_own_entities(*d.tree_))
    return error{errc::malformed, "", "a document type with entities of its own"};
  if (!d.root()) return error{errc::malformed, "", "there is no element"};
  return d;
}

std::string_view local_name(const pugi::xml_node& node) noexcept {
  std::string_view name = node.name();
  name.remove_prefix(name.find(':') + 1);
  return name;
}

bool is_named(const pugi::xml_node& node, std::string_view name) noexcept {
  return equal_names(local_name(node), name);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) noexcept {
  for (const auto& node : parent.children())
    if (node.type() == pugi::node_element && is_named(node, name)) return node;
  return {};
}

std::string text_of(const pugi::xml_node& node) {
  std::string out;
  for (const auto& part : node.children())
    if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) out += part.value();
  return readable(out);
}

std::string text_of_child(const pugi::xml_node& parent, std::string_view name) {
  return text_of(child(parent, name));
}

std::string attribute(const pugi::xml_node& node, std::string_view name) {
  return readable(attribute_node(node, name).value());
}

std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
  constexpr auto most = std::int64_t{1} << 53;
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, value);
  if (failed != std::errc{} || stopped != end || text.front() == '-' || value > most)
    return std::nullopt;
  return value;
}

std::optional<std::int64_t> number_attribute(const pugi::xml_node& node, std::string_view name) {
  return whole_number(attribute(node, name));
}

std::optional<bool> flag_attribute(const pugi::xml_node& node, std::string_view name) {
  const auto text = attribute(node, name);
  if (text == "1" || equal_names(text, "true")) return true;
  if (text == "0" || equal_names(text, "false")) return false;
  return std::nullopt;
}

std::string source_of(const pugi::xml_node& node) {
  std::ostringstream out;
  node.print(out, "", pugi::format_raw);
  return readable(std::move(out).str());
}

}  // namespace interlude::xml
