// Connections: kept, replaced, bounded in number and time, closed at the end.
#include <boost/test/unit_test.hpp>

#include "tests/net/running_client.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(http_client_connections)

BOOST_AUTO_TEST_CASE(a_connection_is_used_again) {
  scripted_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")};
  const running_client client;
  for (int i = 0; i < 3; ++i) ok(client.fetch(server.url()), "x");
  BOOST_TEST(server.connections() == 1u);
  const auto n = client.client->counters();
  BOOST_TEST(n.requests == 3u);
  BOOST_TEST(n.connections_opened == 1u);
  BOOST_TEST(n.connections_reused == 2u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_to_be_closed_is_not) {
  for (const auto* bytes : {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
                            "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"}) {
    scripted_server server{always(bytes)};
    const running_client client;
    ok(client.fetch(server.url()), "x");
    ok(client.fetch(server.url()), "x");
    BOOST_TEST(server.connections() == 2u);
  }
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_has_died_is_replaced) {
  // It takes the second request and closes, as a server does whose idle time has just run out.
  scripted_server server{[](scripted_connection& c) {
    c.read_request();
    c.answer(std::to_string(c.number));
    c.read_request();
  }};
  const running_client client;
  ok(client.fetch(server.url()), "0");
  ok(client.fetch(server.url()), "1");
  BOOST_TEST(server.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(a_kept_connection_is_replaced_only_once) {
  scripted_server server{[](scripted_connection& c) {
    c.read_request();
    if (c.number == 0) {
      c.answer("first");
      c.read_request();
    }
  }};
  const running_client client;
  ok(client.fetch(server.url()), "first");
  failed(client.fetch(server.url()), errc::unavailable, "waiting for the answer");
  BOOST_TEST(server.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(what_was_not_asked_for_is_no_answer_to_the_next_request) {
  scripted_server server{[](scripted_connection& c) {
    c.read_request();
    c.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(c.number) +
           "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    c.wait_until_closed();
  }};
  const running_client client;
  ok(client.fetch(server.url()), "0");
  ok(client.fetch(server.url()), "1");
}

BOOST_AUTO_TEST_CASE(no_host_is_asked_more_at_a_time_than_allowed) {
  counter arrived;
  std::atomic<int> now{0}, most{0};
  scripted_server server{[&](scripted_connection& c) {
    while (!c.read_request().empty()) {
      const int busy = ++now;
      int before = most;
      while (before < busy && !most.compare_exchange_weak(before, busy)) continue;
      arrived.add();
      arrived.wait_for(2);
      --now;
      c.answer("x");
    }
  }};
  client_options options;
  options.max_connections_per_host = 2;
  const running_client client{options};
  std::vector<std::future<answer>> futures;
  for (int i = 0; i < 7; ++i) futures.push_back(begin(*client.client, get(server.url())));
  for (auto& f : futures) ok(wait(f), "x");
  BOOST_TEST(most == 2);
  BOOST_TEST(server.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(the_time_of_who_waits_for_a_connection_runs) {
  counter arrived;
  scripted_server server{[&](scripted_connection& c) {
    c.read_request();
    arrived.add();
    c.wait_until_closed();
  }};
  client_options options;
  options.max_connections_per_host = 1;
  const running_client client{options};
  auto first = begin(*client.client, get(server.url()));
  BOOST_REQUIRE(arrived.wait_for(1));
  auto second = get(server.url());
  second.timeout = 50ms;
  failed(client.fetch(second), errc::timed_out, "no free connection");
  client.client->stop();
  failed(wait(first), errc::unavailable, "shutting down");
}

BOOST_AUTO_TEST_CASE(too_many_requests_are_refused_and_may_be_repeated_at_once) {
  scripted_server server{[](scripted_connection& c) { c.wait_until_closed(); }};
  client_options options;
  options.max_waiting = 1;
  const running_client client{options};
  auto first = begin(*client.client, get(server.url()));
  // The refused one asks again from within its callback.
  std::promise<answer> again;
  auto refused = again.get_future();
  client.client->fetch(get(server.url()), [&](answer) {
    client.client->fetch(get(server.url()), [&](answer a) { again.set_value(std::move(a)); });
  });
  failed(wait(refused), errc::unavailable, "too many");
  client.client->stop();
  failed(wait(first), errc::unavailable, "shutting down");
}

BOOST_AUTO_TEST_CASE(a_silent_server_times_out) {
  scripted_server server{[](scripted_connection& c) { c.wait_until_closed(); }};
  const running_client client;
  auto request = get(server.url("/slow?secret=1"));
  request.timeout = 100ms;
  const auto a = client.fetch(request);
  failed(a, errc::timed_out, "no answer in time");
  BOOST_TEST(a.error().where == server.url("/slow"));
  BOOST_TEST(client.client->counters().timeouts == 1u);
}

BOOST_AUTO_TEST_CASE(a_server_that_dawdles_times_out) {
  scripted_server server{[](scripted_connection& c) {
    c.read_request();
    c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
    c.wait_until_closed();
  }};
  const running_client client;
  auto request = get(server.url());
  request.timeout = 100ms;
  failed(client.fetch(request), errc::timed_out, "no answer in time");
}

BOOST_AUTO_TEST_CASE(a_server_that_has_no_end_times_out) {
  scripted_server server{[](scripted_connection& c) {
    c.read_request();
    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string piece = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    while (c.send(piece)) continue;
  }};
  const running_client client;
  auto request = get(server.url());
  request.timeout = 30ms;
  request.max_bytes = std::size_t{4} << 30;
  failed(client.fetch(request), errc::timed_out, "waiting for the answer");
}

BOOST_AUTO_TEST_CASE(stopping_answers_everything_under_way) {
  counter arrived;
  scripted_server server{[&](scripted_connection& c) {
    c.read_request();
    arrived.add();
    c.wait_until_closed();
  }};
  client_options options;
  options.max_connections_per_host = 3;
  const running_client client{options};
  std::vector<std::future<answer>> futures;
  for (int i = 0; i < 8; ++i) futures.push_back(begin(*client.client, get(server.url("/?k=1"))));
  BOOST_REQUIRE(arrived.wait_for(3));
  client.client->stop();
  for (auto& f : futures) {
    BOOST_REQUIRE(f.wait_for(0s) == std::future_status::ready);
    const auto a = f.get();
    failed(a, errc::unavailable, "shutting down");
    BOOST_TEST(a.error().where == server.url());
  }
  failed(client.fetch(server.url()), errc::unavailable, "shutting down");
  client.client->stop();
}

BOOST_AUTO_TEST_SUITE_END()
