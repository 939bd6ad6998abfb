#include "actors/creative/media_input.hpp"

namespace interlude {

std::vector<std::string> reading(const media_input& input) {
  if (!input.playlist)
    return {"-protocol_whitelist",
            "file",
            "-format_whitelist",
            "mov,mpegts,aac,mp3,matroska,webm,ac3,eac3,wav,flac,ogg,avi,flv,webvtt,mxf",
            "-i",
            input.path};
  // What is encrypted is decrypted by a protocol of ffmpeg's own. Keys have an extension that it
  // does not know.
  return {"-f",
          "hls",
          "-protocol_whitelist",
          "file,crypto",
          "-format_whitelist",
          "hls,mov,mpegts,aac,mp3,ac3,eac3",
          "-allowed_extensions",
          "ALL",
          "-i",
          input.path};
}

}  // namespace interlude
