#include "apps/swarm/asset_rules.hpp"

#include <boost/json.hpp>

#include "media/hls/attribute_list.hpp"
#include "media/hls/media_playlist.hpp"

namespace interlude::swarm {

using namespace std::chrono_literals;
namespace json = boost::json;

result<std::vector<asset>> read_asset_list(const std::string& body) {
  boost::system::error_code ec;
  const auto value = json::parse(body, ec);
  const auto* object = ec ? nullptr : value.if_object();
  const auto* list = object ? object->if_contains("ASSETS") : nullptr;
  if (!list || !list->is_array())
    return error{errc::malformed, "ASSETS", "is no array of assets: " + body};
  std::vector<asset> out;
  for (const auto& item : list->get_array()) {
    const auto* o = item.if_object();
    const auto* uri = o ? o->if_contains("URI") : nullptr;
    const auto* length = o ? o->if_contains("DURATION") : nullptr;
    if (!uri || !uri->is_string() || !length || !length->is_number())
      return error{errc::malformed, "ASSETS", "an asset without URI or DURATION: " + body};
    out.push_back({std::string{uri->get_string()}, from_seconds(length->to_number<double>())});
  }
  return out;
}

asset_media read_asset_playlist(const std::string& text, duration promised) {
  asset_media out;
  const auto parsed = hls::parse_media_playlist(text);
  if (!parsed) {
    out.violations.push_back("10: an asset that is no playlist: " + parsed.error().message());
    return out;
  }
  if (!parsed->endlist) out.violations.push_back("10: an asset without an end\n" + text);
  std::int32_t map = -1;
  duration total{0};
  for (const auto& s : parsed->segments) {
    if (s.map >= 0 && s.map != map) {
      const auto line = parsed->maps[static_cast<std::size_t>(s.map)];
      const hls::attribute_list attributes{parsed->lines[line].value};
      out.segments.push_back({std::string{attributes.text("URI").value_or("")}, 0s});
    }
    map = s.map;
    out.segments.push_back({std::string{s.uri}, s.length});
    total += s.length;
  }
  // Players stall or cut where the two differ.
  if (std::chrono::abs(total - promised) > 100ms)
    out.violations.push_back("10: an asset of " + format_seconds(total) + "s is told to be " +
                             format_seconds(promised) + "s\n" + text);
  return out;
}

}  // namespace interlude::swarm
