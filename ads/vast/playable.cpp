#include "ads/vast/playable.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

#include "media/core/lowered.hpp"
#include "media/core/url_host.hpp"

namespace interlude::vast {

namespace {

constexpr std::size_t most_files = 4;  // that are tried, one after the other

bool is_fetchable(const std::string& url) {
  const auto text = lowered(url.substr(0, 8));
  return text.starts_with("http://") || text.starts_with("https://");
}

bool is_playlist(const media_file& f) {
  const auto type = lowered(f.type);
  return type == "application/x-mpegurl" || type == "application/vnd.apple.mpegurl" ||
         type == "audio/mpegurl";
}

bool is_video(const media_file& f) {
  const auto type = lowered(f.type);
  return type.starts_with("video/") && type != "video/x-flv";
}

bool needs_player_api(const media_file& f) {
  constexpr std::array scripts = {"application/javascript", "application/x-javascript",
                                  "text/javascript", "application/x-shockwave-flash"};
  const auto type = lowered(f.type);
  return !f.api_framework.empty() ||
         std::find(scripts.begin(), scripts.end(), type) != scripts.end();
}

// What it will take at least, as far as that is told. Bitrates are in kbit/s.
std::int64_t bytes_of(const media_file& f, duration length) {
  if (f.file_size) return *f.file_size;
  const auto rate = f.bitrate.value_or(f.min_bitrate.value_or(0));
  return static_cast<std::int64_t>(static_cast<double>(rate) * 125 * to_seconds(length));
}

bool is_fit(const media_file& f, duration length, const play_policy& policy) {
  return !needs_player_api(f) && is_fetchable(f.url) &&
         bytes_of(f, length) <= policy.max_file_bytes;
}

// The larger picture, then the higher bitrate, then what comes first.
bool is_worse(const media_file& a, const media_file& b) {
  const auto quality = [](const media_file& f) {
    return std::tuple{f.height.value_or(0), f.width.value_or(0),
                      f.bitrate.value_or(f.max_bitrate.value_or(0))};
  };
  return quality(a) < quality(b);
}

// The best first.
template <class F>
std::vector<media_file> ranked(const std::vector<media_file>& files, F fits) {
  std::vector<media_file> out;
  std::copy_if(files.begin(), files.end(), std::back_inserter(out), fits);
  std::stable_sort(out.begin(), out.end(),
                   [](const media_file& a, const media_file& b) { return is_worse(b, a); });
  return out;
}

std::string_view without_query(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

// "unknown" is what is written where there is none (VAST 4.3 section 3.7.1).
std::string key_of(const creative& c, const media_file& file) {
  for (const auto& id : c.universal_ad_ids)
    if (lowered(id.value) != "unknown" && lowered(id.registry) != "unknown" && !id.registry.empty())
      return "id:" + lowered(id.registry) + ":" + id.value + "@" + lowered(host_in(file.url));
  const auto& own = c.id.empty() ? c.ad_id : c.id;
  return own.empty() ? "url:" + file.url
                     : "url:" + std::string{without_query(file.url)} + "#" + own;
}

std::optional<vast_error> problem_of(const ad& a, const creative* c, const play_policy& policy) {
  if (a.conditional && !policy.conditional_ads)
    return vast_error{error_code::conditional_ad_rejected,
                      "a conditional ad may turn out to be none"};
  if (lowered(a.type) == "audio" && !policy.audio_ads)
    return vast_error{error_code::unexpected_ad_type, "an audio ad"};
  if (c != nullptr) return std::nullopt;
  const bool non_linear = std::any_of(a.creatives.begin(), a.creatives.end(),
                                      [](const creative& one) { return one.non_linears > 0; });
  return non_linear ? vast_error{error_code::other_linearity, "it is not linear"}
                    : vast_error{error_code::unexpected_ad_type, "it has no linear creative"};
}

vast_error nothing_fits(const linear_ad& l) {
  const auto& files = l.media_files;
  if (files.empty()) return {error_code::no_supported_media_file, "it has no media file"};
  if (std::all_of(files.begin(), files.end(), needs_player_api)) {
    const bool vpaid = std::any_of(files.begin(), files.end(), [](const media_file& f) {
      return lowered(f.api_framework) == "vpaid";
    });
    return vpaid ? vast_error{error_code::vpaid, "it needs VPAID"}
                 : vast_error{error_code::no_supported_media_file, "it needs an API of the player"};
  }
  return {error_code::no_supported_media_file, "none of its media files is one that can be read"};
}

}  // namespace

vast_result<media_choice> choose_media(const ad& a, const play_policy& policy) {
  const auto* c = linear_creative(a);
  if (auto problem = problem_of(a, c, policy)) return *std::move(problem);
  const auto& l = *c->linear;
  const auto length = l.runs.value_or(duration{0});
  const auto whole = [&](const media_file& f) {
    return is_fit(f, length, policy) && !is_playlist(f);
  };
  auto files = ranked(l.mezzanines, whole);
  const bool has_mezzanine = !files.empty();
  if (!has_mezzanine && policy.mezzanine_required)
    return vast_error{error_code::mezzanine_missing, "it has no mezzanine"};
  auto downloads = ranked(l.media_files, [&](const auto& f) { return whole(f) && is_video(f); });
  files.insert(files.end(), downloads.begin(), downloads.end());
  auto source = has_mezzanine ? media_source::mezzanine : media_source::progressive;
  if (files.empty()) {
    files = ranked(l.media_files,
                   [&](const auto& f) { return is_fit(f, length, policy) && is_playlist(f); });
    source = media_source::stream;
  }
  if (files.empty()) return nothing_fits(l);
  media_choice out{files.front(), source, {}, key_of(*c, files.front())};
  const auto end = files.begin() + static_cast<std::ptrdiff_t>(std::min(files.size(), most_files));
  out.others.assign(files.begin() + 1, end);
  return out;
}

}  // namespace interlude::vast
