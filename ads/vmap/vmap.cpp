#include "ads/vmap/vmap.hpp"

#include <algorithm>
#include <utility>

#include "ads/vast/elements.hpp"
#include "ads/vast/parse.hpp"

namespace interlude::vmap {

using vast::error_code;
using vast::vast_error;
using vast::vast_result;
using xml::attribute;
using xml::child;

namespace {

ad_source read_source(const pugi::xml_node& node) {
  ad_source s;
  s.id = attribute(node, "id");
  s.allow_multiple = xml::flag_attribute(node, "allowMultipleAds").value_or(true);
  s.follow_redirects = xml::flag_attribute(node, "followRedirects").value_or(true);
  // 1.0 called it VASTData, 1.0.1 VASTAdData.
  for (const char* name : {"VASTAdData", "VASTData"}) {
    const auto data = child(node, name);
    if (!data) continue;
    auto read = vast::read_vast(child(data, "VAST"));
    if (read)
      s.ads = *std::move(read);
    else
      s.ads = read.error();
    return s;
  }
  const auto uri = child(node, "AdTagURI");
  if (auto url = vast::url_of(uri); !url.empty())
    s.ads = tag{std::move(url), attribute(uri, "templateType")};
  return s;
}

vast_result<ad_break> read_break(const pugi::xml_node& node) {
  const auto text = attribute(node, "timeOffset");
  const auto at = parse_time_offset(text);
  if (!at) return vast_error{error_code::schema, "\"" + text.substr(0, 40) + "\" is no timeOffset"};
  ad_break b;
  b.at = *at;
  b.id = attribute(node, "breakId");
  b.types = attribute(node, "breakType");
  b.repeat_after = vast::parse_clock_time(attribute(node, "repeatAfter"));
  b.source = read_source(child(node, "AdSource"));
  b.events = vast::tracking_of(node);
  return b;
}

}  // namespace

std::optional<time_offset> parse_time_offset(std::string_view text) {
  using kind = time_offset::kind;
  if (text == "start") return time_offset{};
  if (text == "end") return time_offset{kind::end, {}, 0, 0};
  if (text.starts_with('#')) {
    const auto position = xml::whole_number(text.substr(1));
    if (!position || *position == 0) return std::nullopt;
    return time_offset{kind::position, {}, 0, *position};
  }
  const auto at = vast::parse_position(text);
  if (!at) return std::nullopt;
  return at->fraction ? time_offset{kind::percent, {}, *at->fraction, 0}
                      : time_offset{kind::time, at->time, 0, 0};
}

bool ad_break::is_linear() const {
  std::string_view rest = types;
  if (rest.empty()) return true;
  while (!rest.empty()) {
    const auto one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    if (one.find("linear") != std::string_view::npos &&
        one.find("nonlinear") == std::string_view::npos)
      return true;
  }
  return false;
}

const ad_break* break_for_now(const vmap_response& response) noexcept {
  const auto at_start = [](const ad_break& b) {
    using kind = time_offset::kind;
    return b.at.what == kind::start || (b.at.what == kind::time && b.at.time == duration{0}) ||
           (b.at.what == kind::percent && b.at.fraction == 0) ||
           (b.at.what == kind::position && b.at.position == 1);
  };
  const ad_break* first = nullptr;
  for (const auto& b : response.breaks) {
    if (!b.is_linear()) continue;
    if (at_start(b)) return &b;
    if (first == nullptr) first = &b;
  }
  return first;
}

vast_result<vmap_response> read_vmap(const pugi::xml_node& root) {
  if (!xml::is_named(root, "VMAP"))
    return vast_error{error_code::schema, "the root element is <" +
                                              std::string{xml::local_name(root).substr(0, 60)} +
                                              ">, not <VMAP>"};
  vmap_response out;
  out.version = attribute(root, "version");
  if (!out.version.empty() && out.version != "1" && !out.version.starts_with("1."))
    return vast_error{error_code::version_unsupported,
                      "VMAP " + out.version.substr(0, 20) + " is not supported"};
  std::optional<vast_error> problem;
  xml::each(root, "AdBreak", [&](const auto& node) {
    auto read = read_break(node);
    if (read)
      out.breaks.push_back(*std::move(read));
    else if (!problem)
      problem = read.error();
  });
  // One that cannot be placed does not stop the others.
  if (out.breaks.empty() && problem) return *std::move(problem);
  return out;
}

vast_result<vmap_response> parse_vmap(std::string_view text, const xml::limits& bounds) {
  const auto document = xml::document::parse(text, bounds);
  if (!document) return vast_error{error_code::xml_parsing, document.error().message()};
  return read_vmap(document->root());
}

}  // namespace interlude::vmap
