// Watches the EXT-X-DATERANGE tags that one session is served, in all its renditions: attributes of
// an ID are added, never changed (RFC 8216bis 4.4.5.1.3), and a guided break is told for as long as
// it is in the window (stitching rules, section 10).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "media/core/time.hpp"
#include "media/hls/media_playlist.hpp"

namespace interlude::verify {

struct told_range {
  instant start{};
  duration length{0};  // as far as it is told
  std::map<std::string, std::string, std::less<>> attributes;
  std::string text(const std::string& name) const;
};

class date_range_rules {
 public:
  // Returns the violations in words; `fresh` becomes the IDs that have not been told before.
  std::vector<std::string> check(const std::string& rendition, const hls::media_playlist& p,
                                 std::vector<std::string>& fresh);
  const told_range* find(const std::string& id) const;

 private:
  void read(const hls::media_playlist& p, std::vector<std::string>& present,
            std::vector<std::string>& fresh, std::vector<std::string>& wrong);
  void add(std::string_view tag, std::vector<std::string>& present, std::vector<std::string>& fresh,
           std::vector<std::string>& wrong);

  struct playlist_look {
    std::vector<std::string> ids;
    instant edge{};
  };

  std::map<std::string, told_range> told_;
  std::map<std::string, playlist_look> latest_;  // by rendition
};

}  // namespace interlude::verify
