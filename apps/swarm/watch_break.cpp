#include "apps/swarm/watch_break.hpp"

#include <algorithm>

#include "apps/swarm/asset_rules.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude::swarm {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr duration longest_wait = 60s;

struct watching {
  swarm_desk& desk;
  player_http& http;
  player_model& model;
  place where;
};

asio::awaitable<void> play_asset(watching& w, asset a) {
  auto master = co_await w.desk.fetch_patiently(w.http, request_kind::asset, w.where, a.uri);
  if (!master) co_return;
  auto chosen = choose_renditions(master->body, a.uri, false, w.model);
  if (!chosen) {
    w.desk.violated(w.where, {"10: an asset that cannot be played: " + chosen.error().message()});
    co_return;
  }
  const auto url = chosen->front().url;
  auto playlist = co_await w.desk.fetch_patiently(w.http, request_kind::asset, w.where, url);
  if (!playlist) co_return;
  const auto media = read_asset_playlist(playlist->body, a.length);
  w.desk.violated(w.where, media.violations);
  for (const auto& s : media.segments) {
    const auto from = hls::resolve_uri(url, s.uri);
    if (!from) continue;
    std::string segment_url = *from;
    co_await w.desk.fetch_patiently(w.http, request_kind::ad, w.where, segment_url);
    co_await sleep_for(s.length);
  }
}

}  // namespace

asio::awaitable<void> watch_break(swarm_desk& desk, player_http& http, player_model& model,
                                  place where, std::string playlist_url, guided_break b) {
  watching w{desk, http, model, std::move(where)};
  const auto resolved = hls::resolve_uri(playlist_url, b.asset_list);
  if (!resolved) {
    desk.violated(w.where, {"10: an asset list that is no URL: " + b.asset_list});
    co_return;
  }
  const std::string url = *resolved;
  const auto ahead = std::clamp(b.ahead, duration{0}, longest_wait);
  const auto early = model.within(ahead);
  co_await sleep_for(early);
  auto list = co_await desk.fetch_patiently(http, request_kind::asset_list, w.where, url);
  if (!list) co_return;
  auto assets = read_asset_list(list->body);
  if (!assets) {
    desk.violated(w.where, {"10: " + assets.error().message()});
    co_return;
  }
  co_await sleep_for(ahead - early);
  for (auto& a : *assets) co_await play_asset(w, std::move(a));
  auto again = co_await desk.fetch_patiently(http, request_kind::asset_list, w.where, url);
  if (again && again->body != list->body)
    desk.violated(w.where, {"10: the asset list of " + b.id + " was\n" + list->body + "\nand is\n" +
                            again->body});
}

}  // namespace interlude::swarm
