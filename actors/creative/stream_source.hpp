// An ad that comes as HLS: which of its playlists and files are wanted, and the playlists that
// ffmpeg is given in their place.
//
// The node fetches all that is listed here; ffmpeg reads local files. They have names of our own,
// and nothing of what a stranger wrote gets into a playlist but numbers. Errors:
// errc::too_large for what is over a limit, unsupported for what is no ad or cannot be read (live,
// DRM), malformed; they name the playlist. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/core/result.hpp"
#include "media/core/time.hpp"
#include "media/hls/media_playlist.hpp"

namespace interlude {

struct stream_limits {
  std::size_t playlist_bytes = 1024 * 1024;  // of each
  std::size_t segments = 1000;               // of all playlists together; and as many files
  duration length = std::chrono::minutes{10};
};

struct fetched_playlist {
  std::string text;
  std::string url;  // http or https, after redirects
};

// True if what was fetched as media is a playlist.
bool is_stream(std::string_view body) noexcept;

// The media playlists that make the ad: what is shown, then what is heard with it if that comes
// apart. None: the playlist that was given is all there is.
struct stream_outline {
  std::vector<std::string> urls;
  std::vector<hls::variable> variables;  // for the media playlists to import
};

// The variant with the highest bandwidth whose sound can be had, with its default sound or the
// first.
result<stream_outline> outline_stream(const fetched_playlist& playlist,
                                      const stream_limits& limits = {});

struct stream_file {
  std::string url;
  std::string name;              // what it is to be called
  std::uint64_t least_size = 0;  // as its byte ranges, or a key, want it
};
struct local_playlist {
  std::string name, text;
};
struct stream_plan {
  std::vector<stream_file> files;         // each URL once, in the order they are named
  std::vector<local_playlist> playlists;  // among them stream_entry
};

// The playlist that leads to the others.
inline constexpr std::string_view stream_entry = "index.m3u8";

// One or two media playlists, as the outline has them.
result<stream_plan> plan_stream(const std::vector<fetched_playlist>& playlists,
                                const std::vector<hls::variable>& variables = {},
                                const stream_limits& limits = {});

}  // namespace interlude
