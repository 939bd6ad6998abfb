// A served playlist as a viewer understands it: what each number means.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"
#include "media/hls/media_playlist.hpp"

namespace interlude::verify {

struct shown_segment {
  std::int64_t number = 0;
  std::string uri;
  duration length{0};
  std::int64_t dsn = 0;
  instant date{};
  bool discontinuity = false;
  std::string key, map;
  bool is_ad() const { return uri.starts_with("ad/"); }
  instant end() const { return date + length; }
};

struct shown_playlist {
  std::shared_ptr<const std::string> text;
  duration target{0};
  std::vector<shown_segment> segments;
};

// Errors are breaches of section 8 that leave a viewer without a clock.
result<shown_playlist> to_shown(const hls::media_playlist& parsed);
result<shown_playlist> read_shown(std::string text);

// In one line, for messages.
std::string describe(const shown_segment& s);

}  // namespace interlude::verify
