#include "apps/swarm/player.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "apps/swarm/poll_timing.hpp"
#include "apps/swarm/session_watch.hpp"
#include "apps/swarm/watch_break.hpp"
#include "media/hls/multivariant_playlist.hpp"

namespace interlude::swarm {

namespace asio = boost::asio;

struct player::session {
  place where;  // without the rendition
  std::vector<chosen_rendition> renditions;
  session_watch watch;
  unsigned visit = 0;  // goes up when the player leaves: then nobody follows any more
};

player::player(asio::any_io_executor executor, swarm_desk& desk, std::string target,
               unsigned number, player_model model)
    : executor_(executor),
      desk_(desk),
      target_(std::move(target)),
      channel_(target_.substr(target_.rfind('/') + 1)),
      number_(number),
      model_(std::move(model)),
      http_(std::move(executor)) {}
player::~player() = default;

asio::awaitable<void> player::live() {
  co_await sleep_for(model_.arrival());
  session_ptr s;
  for (;;) {
    if (!s) {
      s = co_await join();
    } else {
      s->watch.came_back();
    }
    follow_all(s);
    if (!model_.leaves()) co_return;
    co_await sleep_for(model_.stay());
    ++s->visit;
    http_.close_idle();
    co_await sleep_for(model_.pause());
    if (!model_.resumes()) s.reset();
  }
}

asio::awaitable<player::session_ptr> player::join() {
  const bool guided = model_.guided();
  auto s = std::make_shared<session>();
  s->where = {channel_, guided ? "sgai" : "ssai",
              std::to_string(number_) + '.' + std::to_string(++sessions_), ""};
  const std::string url = target_ + "/master.m3u8?mode=" + s->where.mode;
  back_off wait;
  for (;;) {
    auto master = co_await desk_.fetch(http_, request_kind::master, s->where, url);
    if (master && master->status == 200) {
      auto chosen = choose_renditions(master->body, url, model_.all_renditions(), model_);
      if (chosen) {
        s->renditions = *std::move(chosen);
        desk_.report.session_started(s->where.mode);
        co_return s;
      }
      desk_.violated(s->where, {"8: no multivariant playlist: " + chosen.error().message()});
    }
    co_await sleep_for(wait.next());
  }
}

void player::follow_all(const session_ptr& s) {
  for (std::size_t i = 0; i < s->renditions.size(); ++i)
    asio::co_spawn(executor_, follow(s, i, s->visit), asio::detached);
}

asio::awaitable<void> player::follow(session_ptr s, std::size_t index, unsigned visit) {
  const auto& rendition = s->renditions[index];
  auto where = s->where;
  where.rendition = rendition.name;
  back_off after_failure;
  while (s->visit == visit) {
    const auto begun = std::chrono::steady_clock::now();
    auto playlist = co_await desk_.fetch(http_, request_kind::media, where, rendition.url);
    duration wait{0};
    // What arrives after the player has left is not looked at: it may be overtaken by what a later
    // visit asks for.
    if (playlist && playlist->status == 200 && s->visit == visit) {
      after_failure.succeeded();
      wait = judge(*s, rendition, playlist->body);
    } else {
      wait = after_failure.next();
    }
    const auto spent = std::chrono::steady_clock::now() - begun;
    co_await sleep_for(std::max(duration{0}, wait - std::chrono::ceil<duration>(spent)));
  }
}

duration player::judge(session& s, const chosen_rendition& r, const std::string& text) {
  auto where = s.where;
  where.rendition = r.name;
  const auto now = desk_.now();
  const auto seen = s.watch.see(r.name, text, now);
  desk_.report.playlist_checked();
  desk_.violated(where, seen.violations);
  if (seen.stood_still) desk_.report.stood_still(where, *seen.stood_still, now);
  for (const auto& j : seen.jumps) desk_.report.jumped(where, j.by, now);
  const auto resolved = [&](const std::vector<std::string>& uris) {
    std::vector<std::string> out;
    for (const auto& uri : uris)
      if (auto url = hls::resolve_uri(r.url, uri)) out.push_back(*std::move(url));
    return out;
  };
  if (!seen.ads.empty() && model_.fetches_ads())
    asio::co_spawn(executor_, fetch_media(where, request_kind::ad, resolved(seen.ads)),
                   asio::detached);
  if (!seen.content.empty() && model_.fetches_content())
    asio::co_spawn(executor_, fetch_media(where, request_kind::content, resolved(seen.content)),
                   asio::detached);
  for (const auto& b : seen.breaks)
    asio::co_spawn(executor_, watch_break(desk_, http_, model_, where, r.url, b), asio::detached);
  return wait_after_load(seen.changed, seen.target);
}

asio::awaitable<void> player::fetch_media(place where, request_kind kind,
                                          std::vector<std::string> urls) {
  for (const auto& url : urls) co_await desk_.fetch_patiently(http_, kind, where, url);
}

}  // namespace interlude::swarm
