// Clients that are broken, slow or hostile. Whatever they do, the next client is served.
#include "tests/net/raw_client.hpp"
#include "tests/net/scripted_handler.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

void check_served(running_server& s) {
  raw_client client(s.endpoint());
  client.get("/plain");
  BOOST_CHECK_EQUAL(client.read().status(), 200);
}

// Refused with a problem that pages can read, then closed; counted; others are served.
void check_refused(running_server& s, const std::string& bytes, int status) {
  BOOST_TEST_CONTEXT("sent " << bytes.substr(0, 60)) {
    const auto before = s.counters().bad_requests.load();
    raw_client client(s.endpoint());
    client.send(bytes);
    const auto r = client.read();
    BOOST_CHECK_EQUAL(r.status(), status);
    BOOST_CHECK(r.has("Content-Type: application/problem+json\r\n"));
    BOOST_CHECK(r.has("Access-Control-Allow-Origin: *\r\n"));
    BOOST_CHECK(r.has("Connection: close\r\n"));
    BOOST_CHECK(r.body.find("\"status\":" + std::to_string(status)) != r.body.npos);
    BOOST_CHECK(client.is_closed());
    BOOST_CHECK_EQUAL(s.counters().bad_requests.load(), before + 1);
  }
  check_served(s);
}

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: t\r\n\r\n";
}

server_options with_timeouts() {
  server_options o;
  o.header_timeout = o.body_timeout = o.idle_timeout = o.write_timeout = 80ms;
  return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_server_refuses)

BOOST_AUTO_TEST_CASE(what_is_not_http) {
  running_server s;
  check_refused(s, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400);
  check_refused(s, "hello\r\n\r\n", 400);
  check_refused(s, "GET / HTTP/9.9\r\nHost: t\r\n\r\n", 400);
  check_refused(s, "GET / HTTP/1.1\r\nHost: t\r\nbroken line\r\n\r\n", 400);
  check_refused(s, "GET / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n", 400);
}

BOOST_AUTO_TEST_CASE(requests_two_parties_could_read_differently) {
  running_server s;
  check_refused(s, "GET / HTTP/1.1\r\n\r\n", 400);
  check_refused(s, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
  check_refused(s,
                "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n"
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400);
  check_refused(s, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
                400);
}

BOOST_AUTO_TEST_CASE(targets_that_are_not_plain_paths) {
  running_server s;
  for (const std::string target :
       {"http://other/", "*", "relative", "/back\\slash", "/frag#ment", "/c\x01trl", "/del\x7f"})
    check_refused(s, get(target), 400);
  check_refused(s, get(std::string("/nul\0byte", 9)), 400);
}

BOOST_AUTO_TEST_CASE(methods_it_does_not_have) {
  running_server s;
  check_refused(s, "BREW /pot HTTP/1.1\r\nHost: t\r\n\r\n", 501);
  check_refused(s, "TRACE / HTTP/1.1\r\nHost: t\r\n\r\n", 405);
  check_refused(s, "CONNECT /x HTTP/1.1\r\nHost: t\r\n\r\n", 405);
}

BOOST_AUTO_TEST_CASE(headers_targets_and_bodies_that_are_too_large) {
  server_options options;
  options.max_body_bytes = 1000;
  running_server s(options);
  const std::string large(20'000, 'x');
  check_refused(s, "GET / HTTP/1.1\r\nHost: t\r\nX-Large: " + large + "\r\n\r\n", 431);
  check_refused(s, get("/" + large), 414);
  check_refused(s, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 20000\r\n\r\n" + large, 413);
  check_refused(
      s, "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n" + large, 413);
}

BOOST_AUTO_TEST_CASE(a_target_over_8_kib_where_larger_headers_are_allowed) {
  server_options options;
  options.max_header_bytes = 64 * 1024;
  running_server s(options);
  check_refused(s, get("/" + std::string(9000, 'x')), 414);
}

BOOST_AUTO_TEST_CASE(more_connections_than_it_may_have) {
  server_options options;
  options.max_connections = 2;
  running_server s(options);
  raw_client first(s.endpoint()), second(s.endpoint());
  for (auto* client : {&first, &second}) {
    client->get("/plain");
    BOOST_CHECK_EQUAL(client->read().status(), 200);
  }
  raw_client third(s.endpoint());
  const auto r = third.read();
  BOOST_CHECK_EQUAL(r.status(), 503);
  BOOST_CHECK(r.has("Retry-After: 1\r\n"));
  BOOST_CHECK(third.is_closed());
  BOOST_CHECK_EQUAL(s.counters().refused.load(), 1u);
  first.get("/plain");
  BOOST_CHECK_EQUAL(first.read().status(), 200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(http_server_loses_patience)

BOOST_AUTO_TEST_CASE(with_a_header_that_never_ends) {
  running_server s(with_timeouts());
  raw_client client(s.endpoint());
  client.send("GET / HTTP/1.1\r\nHost: ");
  BOOST_CHECK_EQUAL(client.read().status(), 408);
  BOOST_CHECK(client.is_closed());
  BOOST_CHECK_EQUAL(s.counters().timeouts.load(), 1u);
  check_served(s);
}

BOOST_AUTO_TEST_CASE(with_a_header_that_keeps_dripping) {
  auto options = with_timeouts();
  options.max_header_bytes = 1'000'000'000;
  running_server s(options);
  raw_client client(s.endpoint());
  client.send("GET / HTTP/1.1\r\nHost: ");
  // Ends when the server has closed its side and answers further bytes with a reset.
  while (client.send("a")) std::this_thread::yield();
  BOOST_CHECK_EQUAL(s.counters().timeouts.load(), 1u);
  BOOST_CHECK_EQUAL(s.counters().bad_requests.load(), 0u);
}

BOOST_AUTO_TEST_CASE(with_a_body_that_never_ends) {
  running_server s(with_timeouts());
  raw_client client(s.endpoint());
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nabc");
  BOOST_CHECK_EQUAL(client.read().status(), 408);
}

BOOST_AUTO_TEST_CASE(with_a_client_that_says_nothing) {
  running_server s(with_timeouts());
  raw_client silent(s.endpoint());
  BOOST_CHECK(silent.is_closed());
  raw_client idle(s.endpoint());
  idle.get("/plain");
  BOOST_CHECK_EQUAL(idle.read().status(), 200);
  BOOST_CHECK(idle.is_closed());
  BOOST_CHECK_EQUAL(s.counters().timeouts.load(), 2u);
}

BOOST_AUTO_TEST_CASE(with_a_client_that_does_not_read) {
  running_server s(with_timeouts());
  const auto large = std::make_shared<std::string>(20'000'000, 'x');
  s.handler->other = [&large](const request&) {
    response r;
    r.body_view = {large, *large};
    return r;
  };
  raw_client client(s.endpoint(), 4096);
  client.get("/large");
  // The connection holds the body until it gives up.
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (s.counters().timeouts.load() == 0 && std::chrono::steady_clock::now() < limit)
    std::this_thread::yield();
  BOOST_CHECK_EQUAL(s.counters().timeouts.load(), 1u);
  BOOST_CHECK_LT(client.read().body.size(), large->size());
}

BOOST_AUTO_TEST_CASE(but_not_with_a_handler_that_takes_its_time) {
  running_server s(with_timeouts());
  raw_client waiting(s.endpoint());
  waiting.get("/later?worth-it");
  s.handler->later.wait_until_entered();
  // A silent client that comes later has been closed by its deadline: the waiting one's has passed
  // too.
  raw_client silent(s.endpoint());
  BOOST_CHECK(silent.is_closed());
  s.handler->later.open();
  BOOST_CHECK_EQUAL(waiting.read().body, "late worth-it");
}

BOOST_AUTO_TEST_CASE(a_client_that_is_gone_harms_nobody) {
  running_server s;
  for (const std::string bytes : {"", "GET", "GET /plain HTTP/1.1\r\nHost: t\r\n\r\n",
                                  "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\na"}) {
    raw_client client(s.endpoint());
    client.send(bytes);
    client.abort();
  }
  raw_client waiting(s.endpoint());
  waiting.get("/later");
  s.handler->later.wait_until_entered();
  waiting.abort();
  s.handler->later.open();
  check_served(s);
}

BOOST_AUTO_TEST_SUITE_END()
