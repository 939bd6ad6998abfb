// What one viewer has been shown of a scripted channel, in terms of that script.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "media/verify/playlist_invariants.hpp"
#include "tests/support/origin_script.hpp"

namespace interlude::test {

class viewing {
 public:
  viewing(const verify::playlist_invariants& watched, const std::vector<origin_rendition>& origin)
      : watched_(watched), origin_(origin) {}

  const std::map<std::int64_t, verify::shown_segment>& all(std::size_t rendition = 0) const {
    return watched_.all(origin_[rendition].name);
  }
  // Creative and segment of every ad, in order: "red/0 red/1 slate/0".
  std::string ads(std::size_t rendition = 0) const;
  // The origin's segments, by their index.
  std::vector<int> content(std::size_t rendition = 0) const;
  // Where on the channel clock the origin's segment begins that was shown after the first break.
  instant returned_at() const;

 private:
  const verify::playlist_invariants& watched_;
  const std::vector<origin_rendition>& origin_;
};

}  // namespace interlude::test
