// Fetches all that an ad in HLS is made of into a folder, as files that ffmpeg can read there
// (stream_source.hpp).
//
// A few requests at a time; bounded in time, in bytes and in number. Blocks until the last answer
// is there: for worker threads only.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>

#include "actors/creative/stream_source.hpp"
#include "actors/http_fetcher.hpp"
#include "media/core/result.hpp"

namespace interlude {

struct stream_order {
  fetched_playlist first;  // as the URL of the ad was answered
  std::string folder;      // is made, and removed again if anything fails
  bool from_stranger = true;
  std::size_t max_bytes = 0;            // of all that is fetched
  std::chrono::milliseconds timeout{};  // for all of it
  std::stop_token stop;                 // ends the work early, with errc::unavailable
  std::size_t at_once = 4;
  stream_limits limits = {};
};

// What it holds, as creative_identity.hpp says; `folder`/stream_entry is there to be read.
result<std::string> download_stream(http_fetcher& fetcher, const stream_order& order);

// Writes a file. Its SHA-256.
result<std::string> keep_file(const std::string& file, std::string_view data);

}  // namespace interlude
