#include "apps/swarm/swarm_desk.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "apps/swarm/poll_timing.hpp"

namespace interlude::swarm {

namespace asio = boost::asio;

namespace {

constexpr int attempts = 6;

}  // namespace

asio::awaitable<void> sleep_for(duration d) {
  asio::steady_timer timer{co_await asio::this_coro::executor, d};
  co_await timer.async_wait(asio::use_awaitable);
}

void swarm_desk::violated(const place& where, const std::vector<std::string>& found) {
  if (found.empty()) return;
  const auto text = report.violated(where, found, now());
  if (!text.empty()) print_(text);
}

asio::awaitable<std::optional<answer>> swarm_desk::fetch(player_http& http, request_kind kind,
                                                         place where, std::string url) {
  auto got = co_await http.get(url);
  if (!got) {
    report.failed(kind, where.channel, got.error().what, now());
    co_return std::nullopt;
  }
  report.answered(kind, where.channel, got->status, got->elapsed, now());
  // The origin's own segments leave when they are old; what the node names it must have.
  if (got->status != 200 && got->status < 500 && kind != request_kind::content)
    violated(where, {"promise: " + std::to_string(got->status) + " for " + url + '\n' + got->body});
  if (got->status == 200 && kind == request_kind::ad && ad_listener_) ad_listener_(now(), url);
  co_return *std::move(got);
}

asio::awaitable<std::optional<answer>> swarm_desk::fetch_patiently(player_http& http,
                                                                   request_kind kind, place where,
                                                                   std::string url) {
  back_off wait;
  for (int i = 0; i < attempts; ++i) {
    auto got = co_await fetch(http, kind, where, url);
    if (got && got->status == 200) co_return got;
    if (got && got->status < 500) break;
    co_await sleep_for(wait.next());
  }
  co_return std::nullopt;
}

}  // namespace interlude::swarm
