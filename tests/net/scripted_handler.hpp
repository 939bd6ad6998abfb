// What the server's tests let it answer, and the server with it.
#pragma once

#include <boost/asio.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <future>
#include <mutex>

#include "net/http_server.hpp"

namespace interlude::net {

// Where answers wait until the test lets them go on.
class gate {
 public:
  awaitable<void> pass() {
    const executor here = co_await asio::this_coro::executor;
    timer waiting(here, timer::time_point::max());
    {
      const std::lock_guard lock(mutex_);
      open_ = [here, &waiting] { asio::post(here, [&waiting] { waiting.cancel(); }); };
    }
    entered_.set_value();
    boost::system::error_code ec;
    co_await waiting.async_wait(asio::redirect_error(asio::use_awaitable_t<executor>{}, ec));
  }
  void wait_until_entered() {
    BOOST_REQUIRE(entered_.get_future().wait_for(std::chrono::seconds(10)) ==
                  std::future_status::ready);
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_();
  }

 private:
  using clock = std::chrono::steady_clock;
  using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor>;
  std::mutex mutex_;
  std::function<void()> open_;
  std::promise<void> entered_;
};

// /plain, /shared, /echo at once; /later through the gate; anything else is what `other` makes of
// it.
class scripted_handler : public request_handler {
 public:
  bool answer_now(const request& req, response& out) override {
    if (req.path == "/later" || req.path == "/later-throws") return false;
    if (req.path == "/shared") {
      out.shared = shared;
      out.add_header("Set-Cookie", "viewer=1");
    } else if (req.path == "/echo") {
      out.body = std::string(http::to_string(req.method)) + " " + std::string(req.query) + " " +
                 std::string(req.header("X-Word")) + " " + std::string(req.body);
    } else if (other) {
      out = other(req);
    } else {
      out.body = "plain " + std::string(req.query);
    }
    return true;
  }

  awaitable<response> answer(const request& req) override {
    if (req.path == "/later-throws") throw std::runtime_error("thrown later");
    co_await later.pass();
    co_return make_response(http::status::ok, "text/plain", "late " + std::string(req.query));
  }

  shared_reply_ptr shared = std::make_shared<const shared_reply>(
      shared_reply{"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n", "shared"});
  std::function<response(const request&)> other;
  gate later;
};

struct running_server {
  explicit running_server(server_options options = {}) {
    auto opened = http_server::open(options, handler);
    BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().message()));
    server = std::move(*opened);
    server->start();
  }
  const server_counters& counters() const { return server->counters(); }
  asio::ip::tcp::endpoint endpoint() const { return server->endpoint(); }

  std::shared_ptr<scripted_handler> handler = std::make_shared<scripted_handler>();
  std::unique_ptr<http_server> server;
};

}  // namespace interlude::net
