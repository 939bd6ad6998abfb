// The live origin: channels that loop for ever, with breaks on a schedule and faults on demand, as
// an HTTP handler.
//
// GET /                                   channels, URLs, coming breaks (JSON)
// GET /{channel}/master.m3u8, /{channel}/{rendition}.m3u8, /{channel}/{rendition}/{n}.ts|.m4s|.vtt,
// .../init.mp4, key.bin GET /control/{channel}                  what is wrong with it now POST
// /control/{channel} {...}           change that (docs/origin.md)
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apps/origin/fault_script.hpp"
#include "apps/origin/ladder_media.hpp"
#include "apps/origin/origin_channel.hpp"
#include "media/core/result.hpp"
#include "net/http_message.hpp"

namespace interlude::origin {

struct origin_options {
  std::string folder;  // media is kept here
  std::vector<channel_options> channels;
  fault_script script;
  std::function<instant()> now;  // wall clock
};

// Makes missing media (blocks). The epoch is kept in the folder, so numbers go on after a restart.
result<std::shared_ptr<net::request_handler>> open_live_origin(origin_options options);

}  // namespace interlude::origin
