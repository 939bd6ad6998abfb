#include "net/metrics_handler.hpp"

#include <prometheus/text_serializer.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sstream>

#include "net/metrics/parts.hpp"

namespace interlude::net {

namespace {

constexpr std::array parts{http_metrics,   decision_metrics, ad_server_metrics, creative_metrics,
                           origin_metrics, viewer_metrics,   break_metrics,     plan_metrics,
                           beacon_metrics, storage_metrics,  mailbox_metrics,   process_metrics};

}  // namespace

// A thousand channels have many thousand lines: between two parts the thread's viewers have their
// turn.
awaitable<response> metrics(const node_context& node) {
  const auto here = co_await asio::this_coro::executor;
  const prometheus::TextSerializer serializer;
  std::ostringstream out;
  for (const auto& part : parts)
    for (const auto& family : part(node)) {
      serializer.Serialize(out, {family});
      co_await asio::post(here, asio::use_awaitable_t<executor>{});
    }
  auto r = make_response(http::status::ok, "text/plain; version=0.0.4; charset=utf-8", out.str());
  r.add_header("Cache-Control", "no-store");
  co_return r;
}

}  // namespace interlude::net
