#include "apps/node/demo.hpp"

#include <filesystem>

#include "apps/adserver/ad_server.hpp"
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
// Another ad comes first each time, behind two wrappers, as exchanges have them.
constexpr const char* vast_order = "/vast?d=[break.duration]&n=[break.number]&wrappers=2";

using handler_ptr = std::shared_ptr<net::request_handler>;

instant wall_clock() {
  return std::chrono::floor<duration>(std::chrono::system_clock::now());
}

std::string url_of(const net::http_server& server) {
  return "http://" + net::to_text(server.endpoint());
}

result<std::unique_ptr<net::http_server>> serve(const result<handler_ptr>& handler) {
  if (!handler) return handler.error();
  auto server = net::http_server::open({}, *handler);
  if (server) (*server)->start();
  return server;
}

result<handler_ptr> make_origin(const std::string& folder) {
  origin::origin_options options;
  options.folder = folder;
  options.now = wall_clock;
  for (const auto* text : {ts_channel, cmaf_channel}) {
    auto c = origin::parse_channel(text);
    if (!c) return c.error();
    options.channels.push_back(*std::move(c));
  }
  return origin::open_live_origin(std::move(options));
}

result<handler_ptr> make_ad_server(const origin::demo_media& media) {
  adserver::ad_server_options options;
  options.now = wall_clock;
  for (const auto& ad : media.ads) options.ads.push_back({{ad.name, ad.length}, ad.file});
  return adserver::open_ad_server(std::move(options));
}

channel_settings make_channel(const std::string& name, const demo& d, insertion mode,
                              const std::string& slate) {
  channel_settings c;
  c.org = "demo";
  c.name = name;
  c.origin = url_of(*d.origin) + "/" + name + "/master.m3u8";
  c.mode = mode;
  c.ad_servers.push_back({url_of(*d.ad_server) + vast_order});
  c.warm_up = true;
  c.slate = slate;
  c.cue_token = "demo";
  return c;
}

}  // namespace

result<demo> start_demo(const std::string& data) {
  const auto folder = std::filesystem::absolute(data).lexically_normal().string() + "/demo";
  const auto media = origin::make_demo_media(folder);
  if (!media) return media.error();
  auto origin = serve(make_origin(folder));
  if (!origin) return origin.error();
  auto ad_server = serve(make_ad_server(*media));
  if (!ad_server) return ad_server.error();
  demo d{*std::move(origin), *std::move(ad_server), {}};
  d.channels.push_back(make_channel("ts", d, insertion::stitched, media->slate));
  d.channels.push_back(make_channel("cmaf", d, insertion::automatic, media->slate));
  return d;
}

std::string demo::urls() const {
  return "  ad server " + url_of(*ad_server) + "/  (shows its pixels)\n";
}

void demo::stop() {
  for (auto* server : {origin.get(), ad_server.get()})
    if (server != nullptr) server->stop(std::chrono::milliseconds{200});
}

}  // namespace interlude
