#include <future>

#include "tests/net/raw_client.hpp"
#include "tests/net/scripted_handler.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

std::chrono::milliseconds time_of_stop(http_server& server, std::chrono::milliseconds grace) {
  const auto start = std::chrono::steady_clock::now();
  server.stop(grace);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_server_stop)

BOOST_AUTO_TEST_CASE(closes_idle_connections_at_once) {
  server_options options;
  options.threads = 2;
  running_server s(options);
  raw_client silent(s.endpoint()), idle(s.endpoint());
  idle.get("/plain");
  BOOST_CHECK_EQUAL(idle.read().status(), 200);
  BOOST_CHECK(time_of_stop(*s.server, 60s) < 5s);
  BOOST_CHECK(silent.is_closed());
  BOOST_CHECK(idle.is_closed());
  BOOST_CHECK_EQUAL(s.counters().open.load(), 0);
}

BOOST_AUTO_TEST_CASE(lets_a_request_under_way_finish) {
  running_server s;
  raw_client client(s.endpoint()), idle(s.endpoint());
  client.get("/later?last");
  s.handler->later.wait_until_entered();
  auto stopped = std::async(std::launch::async, [&] { s.server->stop(60s); });
  // That the idle one is closed says that stopping has begun.
  BOOST_CHECK(idle.is_closed());
  s.handler->later.open();
  const auto r = client.read();
  BOOST_CHECK_EQUAL(r.body, "late last");
  BOOST_CHECK(r.has("Connection: close\r\n"));
  BOOST_CHECK(client.is_closed());
  BOOST_CHECK(stopped.wait_for(10s) == std::future_status::ready);
}

BOOST_AUTO_TEST_CASE(gives_up_on_a_request_after_the_grace) {
  running_server s;
  raw_client client(s.endpoint());
  client.get("/later");
  s.handler->later.wait_until_entered();
  const auto took = time_of_stop(*s.server, 50ms);
  BOOST_CHECK(took >= 50ms);
  BOOST_CHECK(took < 5s);
  BOOST_CHECK(client.is_closed());
}

BOOST_AUTO_TEST_CASE(accepts_nobody_afterwards) {
  running_server s;
  const auto endpoint = s.endpoint();
  s.server->stop(1s);
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  boost::system::error_code ec;
  socket.connect(endpoint, ec);
  BOOST_CHECK(ec == asio::error::connection_refused);
}

BOOST_AUTO_TEST_CASE(may_be_repeated_or_come_before_the_start) {
  running_server s;
  s.server->stop(1s);
  s.server->stop(1s);
  s.server->start();
  auto never_started = http_server::open({}, std::make_shared<scripted_handler>());
  BOOST_REQUIRE(never_started);
  raw_client waiting((*never_started)->endpoint());
  BOOST_CHECK(time_of_stop(**never_started, 60s) < 5s);
  BOOST_CHECK(waiting.is_closed());
}

BOOST_AUTO_TEST_SUITE_END()
