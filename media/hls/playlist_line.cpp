#include "media/hls/playlist_line.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace interlude::hls {

namespace {

// Sorted by name, so that a line costs a handful of comparisons.
constexpr std::array<std::pair<std::string_view, tag>, 42> names{{
    {"EXT-OATCLS-SCTE35", tag::oatcls_scte35},
    {"EXT-X-ASSET", tag::asset},
    {"EXT-X-BITRATE", tag::bitrate},
    {"EXT-X-BYTERANGE", tag::byterange},
    {"EXT-X-CONTENT-STEERING", tag::content_steering},
    {"EXT-X-CUE", tag::cue},
    {"EXT-X-CUE-IN", tag::cue_in},
    {"EXT-X-CUE-OUT", tag::cue_out},
    {"EXT-X-CUE-OUT-CONT", tag::cue_out_cont},
    {"EXT-X-CUE-SPAN", tag::cue_span},
    {"EXT-X-DATERANGE", tag::date_range},
    {"EXT-X-DEFINE", tag::define},
    {"EXT-X-DISCONTINUITY", tag::discontinuity},
    {"EXT-X-DISCONTINUITY-SEQUENCE", tag::discontinuity_sequence},
    {"EXT-X-ENDLIST", tag::endlist},
    {"EXT-X-GAP", tag::gap},
    {"EXT-X-I-FRAME-STREAM-INF", tag::i_frame_stream_inf},
    {"EXT-X-I-FRAMES-ONLY", tag::i_frames_only},
    {"EXT-X-INDEPENDENT-SEGMENTS", tag::independent_segments},
    {"EXT-X-KEY", tag::key},
    {"EXT-X-MAP", tag::map},
    {"EXT-X-MEDIA", tag::media},
    {"EXT-X-MEDIA-SEQUENCE", tag::media_sequence},
    {"EXT-X-PART", tag::part},
    {"EXT-X-PART-INF", tag::part_inf},
    {"EXT-X-PLAYLIST-TYPE", tag::playlist_type},
    {"EXT-X-PRELOAD-HINT", tag::preload_hint},
    {"EXT-X-PROGRAM-DATE-TIME", tag::program_date_time},
    {"EXT-X-RENDITION-REPORT", tag::rendition_report},
    {"EXT-X-SCTE35", tag::scte35},
    {"EXT-X-SERVER-CONTROL", tag::server_control},
    {"EXT-X-SESSION-DATA", tag::session_data},
    {"EXT-X-SESSION-KEY", tag::session_key},
    {"EXT-X-SKIP", tag::skip},
    {"EXT-X-SPLICEPOINT-SCTE35", tag::splicepoint_scte35},
    {"EXT-X-START", tag::start},
    {"EXT-X-STREAM-INF", tag::stream_inf},
    {"EXT-X-TARGETDURATION", tag::target_duration},
    {"EXT-X-VERSION", tag::version},
    {"EXTINF", tag::inf},
    {"EXTM3U", tag::extm3u},
    {"EXTM3U8", tag::unknown},
}};

static_assert(std::is_sorted(names.begin(), names.end(),
                             [](const auto& a, const auto& b) { return a.first < b.first; }));

}  // namespace

playlist_line classify_line(std::string_view text, std::uint32_t number) noexcept {
  playlist_line line{tag::comment, number, text, {}};
  if (text.empty()) return line;
  if (text.front() != '#') {
    line.kind = tag::uri;
    return line;
  }
  if (!text.starts_with("#EXT")) return line;
  const auto colon = text.find(':');
  const auto name = text.substr(1, colon == std::string_view::npos ? colon : colon - 1);
  if (colon != std::string_view::npos) line.value = text.substr(colon + 1);
  const auto it =
      std::lower_bound(names.begin(), names.end(), name,
                       [](const auto& entry, std::string_view n) { return entry.first < n; });
  line.kind = it != names.end() && it->first == name ? it->second : tag::unknown;
  return line;
}

}  // namespace interlude::hls
