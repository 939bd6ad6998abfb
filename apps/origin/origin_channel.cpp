#include "apps/origin/origin_channel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace interlude::origin {

std::int64_t channel_options::frames_per_segment() const {
  return std::max<std::int64_t>(1, std::llround(segment * rate_num / rate_den));
}

duration channel_options::segment_duration() const {
  return after(1);
}

duration channel_options::after(std::int64_t segments) const {
  const auto frames = segments * frames_per_segment();
  // Split so that years of frames do not overflow.
  const auto whole = frames / rate_num, rest = frames % rate_num;
  return duration{whole * rate_den * 1'000'000 + rest * rate_den * 1'000'000 / rate_num};
}

result<cue_style> parse_cue_style(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, cue_style>, 13> names{
      {{"none", cue_style::none},
       {"cue-out", cue_style::cue_out},
       {"cue-out-slash", cue_style::cue_out_slash},
       {"cue-out-bare", cue_style::cue_out_bare},
       {"daterange", cue_style::daterange},
       {"daterange-fixed", cue_style::daterange_fixed},
       {"daterange-cmd", cue_style::daterange_cmd},
       {"oatcls", cue_style::oatcls},
       {"scte35", cue_style::scte35},
       {"splicepoint", cue_style::splicepoint},
       {"cue", cue_style::cue},
       {"asset", cue_style::asset},
       {"in-band", cue_style::in_band}}};
  const auto it =
      std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.first == text; });
  if (it != names.end()) return it->second;
  std::string all;
  for (const auto& n : names) all += (all.empty() ? "" : ", ") + std::string{n.first};
  return error{errc::malformed, std::string{text}, "is no style of cues; known are: " + all};
}

}  // namespace interlude::origin
