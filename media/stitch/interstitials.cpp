#include "media/stitch/interstitials.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "media/stitch/render.hpp"

namespace interlude::stitch {

using namespace std::chrono_literals;

namespace {

// The window all renditions agree on: date ranges must be the same set in each of them (RFC
// 8216bis 6.2.4).
const rendition_window* reference(const snapshot& s) {
  if (s.windows[s.primary]) return s.windows[s.primary].get();
  const auto it = std::find_if(s.windows.begin(), s.windows.end(),
                               [](const window_ptr& w) { return w != nullptr; });
  return it == s.windows.end() ? nullptr : it->get();
}

void append_identity(std::string& out, const ad_break& b) {
  out += "#EXT-X-DATERANGE:ID=\"" + b.id + "\",CLASS=\"com.apple.hls.interstitial\",START-DATE=\"";
  out += format_iso8601(b.start);
  out += '"';
}

void append_break(std::string& out, const ad_break& b, const render_options& options) {
  append_identity(out, b);
  if (b.planned) {
    // The duration is a plan until the break is over; a certain one never changes any more.
    out += ",PLANNED-DURATION=" + format_seconds(*b.planned);
    // Section 10: live viewers return to where the programme is, whatever the assets' length came
    // to.
    out += ",X-RESUME-OFFSET=" + format_seconds(*b.planned);
  }
  // Relative to the session's media playlists, all of which stand in one folder.
  out += ",X-ASSET-LIST=\"assets/" + b.id + ".json?_HLS_interstitial_id=" + b.id +
         "\",X-SNAP=\"OUT,IN\"";
  if (!options.restrict_ads.empty()) out += ",X-RESTRICT=\"" + options.restrict_ads + '"';
  out += ",X-CONTENT-MAY-VARY=\"YES\"\n";
}

bool ended_early(const ad_break& b) {
  return b.ended_by_cue && b.end && (!b.planned || *b.end < b.start + *b.planned);
}

// Section 10. Played before anything else, once; CUE="PRE" makes the date mean nothing, but the tag
// must not change (RFC 8216bis 4.4.5.1), so it is as old as time.
void append_preroll(std::string& out, const render_options& options) {
  out +=
      "#EXT-X-DATERANGE:ID=\"preroll\",CLASS=\"com.apple.hls.interstitial\","
      "START-DATE=\"1970-01-01T00:00:00.000Z\",CUE=\"PRE,ONCE\","
      "X-ASSET-LIST=\"assets/preroll.json?_HLS_interstitial_id=preroll\",X-PLAYOUT-LIMIT=";
  append_seconds(out, options.preroll);
  if (!options.restrict_ads.empty()) out += ",X-RESTRICT=\"" + options.restrict_ads + '"';
  out += ",X-CONTENT-MAY-VARY=\"YES\"\n";
}

}  // namespace

void append_interstitials(std::string& out, const snapshot& s, instant first,
                          const render_options& options) {
  const auto* w = reference(s);
  if (w == nullptr) return;
  if (options.preroll > 0us) append_preroll(out, options);
  // Section 10: the tag stays while any segment it covers is in the playlist. This one may lag.
  const auto from = std::min(first, w->window_start);
  for (const auto& b : s.breaks) {
    if (b.state == break_state::cancelled) continue;
    const auto end = b.end.value_or(b.start + b.planned.value_or(s.max_break));
    if (end <= from) continue;
    append_break(out, b, options);
    if (!ended_early(b)) continue;
    append_identity(out, b);
    out += ",X-PLAYOUT-LIMIT=" + format_seconds(*b.end - b.start) + '\n';
  }
}

boost::json::object asset_list_json(const plan* p, std::string_view asset_base,
                                    std::size_t primary) {
  boost::json::array assets;
  for (std::size_t i = 0; p != nullptr && i < p->items.size(); ++i) {
    boost::json::object asset;
    asset["URI"] =
        std::string{asset_base} + "asset/" + p->break_id + '/' + std::to_string(i) + "/master.m3u8";
    asset["DURATION"] = to_seconds(length_of(p->items[i], primary));
    assets.push_back(std::move(asset));
  }
  boost::json::object list;
  list["ASSETS"] = std::move(assets);
  return list;
}

std::string render_asset_playlist(const plan_item& item, std::string_view break_id,
                                  std::uint32_t item_index, std::size_t rendition,
                                  std::size_t primary) {
  const auto& t = item.media->tracks[rendition];
  // A slate may play only in part.
  const auto count = segments_until(item, item.count, rendition, primary);
  // From asset/<break>/<item>/ back to the session's folder.
  const auto prefix = "../../../" + ad_prefix(break_id, item_index, t);
  duration longest{0};
  for (const auto d : t.segments) longest = std::max(longest, d);
  std::string out = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:";
  out += std::to_string(
      std::max<std::int64_t>(1, std::chrono::round<std::chrono::seconds>(longest).count()));
  out += "\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  if (!t.init.empty()) out += "#EXT-X-MAP:URI=\"" + prefix + t.init + "\"\n";
  for (std::size_t i = 0; i < count; ++i) {
    out += "#EXTINF:";
    append_seconds(out, t.segments[i]);
    out += ",\n" + prefix + std::to_string(i) + t.extension + '\n';
  }
  out += "#EXT-X-ENDLIST\n";
  return out;
}

}  // namespace interlude::stitch
