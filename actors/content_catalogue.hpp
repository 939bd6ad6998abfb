// Where the origin has the content of a channel that the node serves itself: from names in
// playlists to URLs.
//
// It learns from every snapshot, and knows a segment for as long again as a playlist could have
// listed it (RFC 8216 6.2.2), whatever the origin lists by then. Nothing is kept over a restart:
// names are the same again once the origin's playlist has been read. Nobody can have anything from
// the origin that a playlist did not name. Thread-safe; the lock is held for a look-up in memory.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "media/stitch/channel_description.hpp"
#include "media/stitch/content_names.hpp"

namespace interlude {

class content_catalogue {
 public:
  void observe(const stitch::channel_description& description, const stitch::snapshot& snapshot);

  // `name` as it stands behind "content/<rendition>/".
  std::optional<stitch::content_source> find(std::string_view rendition,
                                             std::string_view name) const;
  // Whether anything has been read of this rendition.
  bool knows(std::string_view rendition) const;

 private:
  struct shelf {
    stitch::window_ptr latest;
    std::deque<stitch::segment_ptr> segments;  // by number
    void take(const stitch::window_ptr& window);
  };

  mutable std::mutex mutex_;
  std::map<std::string, shelf, std::less<>> shelves_;  // by rendition
};

}  // namespace interlude
