// Fetches what a segment needs to be read: its media, its initialization (EXT-X-MAP), its key.
#pragma once

#include <functional>
#include <string>

#include "actors/creative/creative_interface.hpp"
#include "actors/http_fetcher.hpp"
#include "media/core/result.hpp"

namespace interlude {

struct segment_parts {
  std::string media;
  std::string initialization;  // empty: none was asked for
  std::string key;             // likewise
};

// All at once; `done` is called exactly once, from any thread, with all of them or the first error.
// A segment is at most 64 MiB, an initialization 4 MiB, a key 4 KiB.
void fetch_segment(http_fetcher& fetcher, const probe_segment& wanted,
                   std::chrono::milliseconds timeout,
                   std::function<void(result<segment_parts>)> done);

}  // namespace interlude
