#include "media/stitch/ladder.hpp"

namespace interlude::stitch {

std::string track_format::fingerprint() const {
  std::string out = std::to_string(static_cast<int>(container));
  const auto add = [&](const auto& part) {
    out += '/';
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(part)>>)
      out += std::to_string(part);
    else
      out += part;
  };
  if (has_video) {
    add(video.codec);
    add(video.profile);
    add(video.pixel_format);
    for (const auto n :
         {video.level, video.width, video.height, video.frame_rate_num, video.frame_rate_den})
      add(n);
    add(video.bits_per_second);
  }
  if (has_audio) {
    add(audio.codec);
    for (const auto n : {audio.sample_rate, audio.channels}) add(n);
    add(audio.bits_per_second);
  }
  return out;
}

std::string ladder::fingerprint() const {
  std::string out = std::to_string(segment_duration.count());
  for (const auto& t : tracks) out += '\n' + t.fingerprint();
  return out;
}

}  // namespace interlude::stitch
