// The ad server to try the node with, as an HTTP handler.
//
// GET /vast?d=30&n=2&wrappers=1&fault=slow&delay=2   VAST for a break of that length
// GET /media/{ad}.mp4                                the ads' media
// GET /pixel?...                                     a pixel: noted down, and answered with one
// GET /pixels, /pixels/lines, POST /pixels/clear     what was noted down (JSON, or a line for each)
// GET /control, POST /control {"fault": "failing"}   what is wrong with every answer, unless the
//                                                    request says; how often was asked for what
// POST /control {"pixels": {"failing": 0.2}}         what is wrong with the sink
// GET /                                              a page that shows the pixels
//
// Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apps/adserver/pixel_faults.hpp"
#include "apps/adserver/pixel_log.hpp"
#include "apps/adserver/vast_order.hpp"
#include "net/http_message.hpp"

namespace interlude::adserver {

struct ad_file {
  ad_media media;
  std::string path;  // an mp4
};

struct ad_server_options {
  std::vector<ad_file> ads;
  std::function<instant()> now;       // wall clock
  std::size_t most_pixels = 100'000;  // that are remembered
};

// Reads the files. Errors: one that cannot be read, or whose name is no plain one.
result<std::shared_ptr<net::request_handler>> open_ad_server(ad_server_options options);

}  // namespace interlude::adserver
