#include "apps/node/demo.hpp"

#include <filesystem>

#include "apps/origin/channel_text.hpp"
#include "apps/origin/demo_media.hpp"
#include "apps/origin/live_origin.hpp"

namespace interlude {

namespace {

// Segments and breaks share their boundaries: 30 s of break every 90 s, cut where they begin and
// end.
constexpr const char* ts_channel = "name=ts;segment=3;every=90;length=30;cues=cue-out";
constexpr const char* cmaf_channel =
    "name=cmaf;container=fmp4;audio=demuxed;segment=5;every=90;length=30;cues=daterange";

channel_settings make_channel(const std::string& name, const std::string& origin, insertion mode,
                              const origin::demo_media& media) {
  channel_settings c;
  c.org = "demo";
  c.name = name;
  c.origin = origin + "/" + name + "/master.m3u8";
  c.mode = mode;
  for (const auto& ad : media.ads) c.house_ads.push_back({ad.name, ad.file});
  c.slate = media.slate;
  c.cue_token = "demo";
  return c;
}

}  // namespace

result<demo> start_demo(const std::string& data) {
  const auto folder = std::filesystem::absolute(data).lexically_normal().string() + "/demo";
  auto media = origin::make_demo_media(folder);
  if (!media) return media.error();
  origin::origin_options options;
  options.folder = folder;
  options.now = [] { return std::chrono::floor<duration>(std::chrono::system_clock::now()); };
  for (const auto* text : {ts_channel, cmaf_channel}) {
    auto c = origin::parse_channel(text);
    if (!c) return c.error();
    options.channels.push_back(*std::move(c));
  }
  auto handler = origin::open_live_origin(std::move(options));
  if (!handler) return handler.error();
  auto server = net::http_server::open({}, *handler);
  if (!server) return server.error();
  (*server)->start();
  const auto at = "http://" + net::to_text((*server)->endpoint());
  demo d;
  d.channels.push_back(make_channel("ts", at, insertion::stitched, *media));
  d.channels.push_back(make_channel("cmaf", at, insertion::automatic, *media));
  d.origin = *std::move(server);
  return d;
}

}  // namespace interlude
