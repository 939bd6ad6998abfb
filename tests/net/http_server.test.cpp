#include "net/http_server.hpp"

#include <regex>

#include "tests/net/raw_client.hpp"
#include "tests/net/scripted_handler.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

std::string without_date(const std::string& text) {
  return std::regex_replace(text, std::regex("Date: [^\r]*\r\n"), "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_server_answers)

BOOST_AUTO_TEST_CASE(a_kept_alive_connection_serves_many_requests) {
  running_server s;
  raw_client client(s.endpoint());
  for (int i = 0; i < 5; ++i) {
    client.get("/plain?n=" + std::to_string(i));
    BOOST_CHECK_EQUAL(client.read().body, "plain n=" + std::to_string(i));
  }
  BOOST_CHECK_EQUAL(s.counters().accepted.load(), 1u);
  BOOST_CHECK_EQUAL(s.counters().requests.load(), 5u);
  BOOST_CHECK_EQUAL(s.counters().open.load(), 1);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order_even_if_one_has_to_wait) {
  running_server s;
  raw_client client(s.endpoint());
  client.send(
      "GET /plain?1 HTTP/1.1\r\nHost: t\r\n\r\n"
      "GET /later?2 HTTP/1.1\r\nHost: t\r\n\r\n"
      "\r\nGET /plain?3 HTTP/1.1\r\nHost: t\r\n\r\n");
  BOOST_CHECK_EQUAL(client.read().body, "plain 1");
  s.handler->later.wait_until_entered();
  BOOST_CHECK_EQUAL(s.counters().requests.load(), 2u);
  s.handler->later.open();
  BOOST_CHECK_EQUAL(client.read().body, "late 2");
  BOOST_CHECK_EQUAL(client.read().body, "plain 3");
}

BOOST_AUTO_TEST_CASE(a_shared_reply_and_its_personal_lines_are_written_byte_for_byte) {
  running_server s;
  raw_client client(s.endpoint());
  client.get("/shared", "Connection: close\r\n");
  BOOST_CHECK_EQUAL(without_date(client.read_all()),
                    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nSet-Cookie: viewer=1\r\n"
                    "Connection: close\r\n\r\nshared");
}

BOOST_AUTO_TEST_CASE(every_response_has_a_date) {
  running_server s;
  raw_client client(s.endpoint());
  client.get("/plain");
  const auto r = client.read();
  const std::regex date(
      "Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
  BOOST_CHECK_MESSAGE(std::regex_search(r.head, date), r.head);
}

BOOST_AUTO_TEST_CASE(head_is_get_without_the_body) {
  running_server s;
  raw_client client(s.endpoint());
  for (const std::string path : {"/plain", "/shared"}) {
    client.send("HEAD " + path + " HTTP/1.1\r\nHost: t\r\n\r\n");
    const auto r = client.read(true);
    BOOST_CHECK_EQUAL(r.status(), 200);
    BOOST_CHECK_MESSAGE(r.has("Content-Length: 6\r\n"), r.head);
  }
  client.send("HEAD /echo HTTP/1.1\r\nHost: t\r\nX-Word: w\r\n\r\n");
  BOOST_CHECK_MESSAGE(client.read(true).has("Content-Length: 7\r\n"), "the handler saw no GET");
  client.get("/plain?after");
  BOOST_CHECK_EQUAL(client.read().body, "plain after");
}

BOOST_AUTO_TEST_CASE(options_is_answered_without_the_handler) {
  running_server s;
  s.handler->other = [](const request&) -> response { throw std::runtime_error("was asked"); };
  raw_client client(s.endpoint());
  for (const std::string target : {"/v1/org/channel/session", "*"}) {
    client.send("OPTIONS " + target + " HTTP/1.1\r\nHost: t\r\n\r\n");
    const auto r = client.read();
    BOOST_CHECK_EQUAL(r.status(), 204);
    BOOST_CHECK(r.has("Access-Control-Allow-Origin: *\r\n"));
    BOOST_CHECK(r.has("Access-Control-Allow-Methods: GET, HEAD, POST"));
    BOOST_CHECK(r.has("Access-Control-Allow-Headers: *, Authorization\r\n"));
    BOOST_CHECK(r.has("Access-Control-Max-Age: 86400\r\n"));
    BOOST_CHECK(!r.has("Content-Length"));
  }
}

BOOST_AUTO_TEST_CASE(a_request_may_arrive_byte_by_byte) {
  running_server s;
  raw_client client(s.endpoint());
  const std::string text =
      "POST /echo?q HTTP/1.1\r\nHost: t\r\nX-Word: hello\r\nContent-Length: 4\r\n\r\nbody";
  for (const char c : text) client.send({&c, 1});
  BOOST_CHECK_EQUAL(client.read().body, "POST q hello body");
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_put_together) {
  running_server s;
  raw_client client(s.endpoint());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  BOOST_CHECK_EQUAL(client.read().body, "POST   abcde");
}

BOOST_AUTO_TEST_CASE(a_client_that_expects_100_is_told_to_go_on) {
  running_server s;
  raw_client client(s.endpoint());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  BOOST_CHECK_EQUAL(client.read().head, "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  BOOST_CHECK_EQUAL(client.read().body, "POST   abc");
}

BOOST_AUTO_TEST_CASE(an_http_1_0_client_is_closed_unless_it_asks_otherwise) {
  running_server s;
  raw_client plain(s.endpoint());
  plain.send("GET /plain HTTP/1.0\r\n\r\n");
  BOOST_CHECK(plain.read().has("Connection: close\r\n"));
  BOOST_CHECK(plain.is_closed());
  raw_client kept(s.endpoint());
  kept.send("GET /plain HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  BOOST_CHECK(kept.read().has("Connection: keep-alive\r\n"));
  kept.send("GET /plain HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  BOOST_CHECK_EQUAL(kept.read().status(), 200);
}

BOOST_AUTO_TEST_CASE(a_large_body_reaches_a_slow_reader_whole_and_is_let_go_afterwards) {
  running_server s;
  auto bytes = std::make_shared<std::string>();
  for (int i = 0; bytes->size() < 6'000'000; ++i) *bytes += std::to_string(i) + ",";
  const std::string expected = *bytes;
  const std::weak_ptr<std::string> watched = bytes;
  s.handler->other = [&bytes](const request& req) {
    response r = make_response(http::status::ok, "text/plain", {});
    if (req.path == "/large") {
      r.body_view = {bytes, *bytes};
      bytes.reset();
    }
    return r;
  };
  raw_client client(s.endpoint(), 4096);
  client.get("/large");
  BOOST_CHECK(client.read().body == expected);
  client.get("/next");
  BOOST_CHECK_EQUAL(client.read().status(), 200);
  BOOST_CHECK(watched.expired());
}

BOOST_AUTO_TEST_CASE(no_line_can_be_smuggled_in_through_a_header_value) {
  response r;
  r.add_header("Location", "/a\r\nSet-Cookie: x=1\n\tb");
  BOOST_CHECK_EQUAL(r.headers, "Location: /aSet-Cookie: x=1b\r\n");
}

BOOST_AUTO_TEST_CASE(a_problem_is_json_with_cors) {
  const response r = make_problem(http::status::not_found, "channel", "Not \"Found\"", "no\nsuch");
  BOOST_CHECK_EQUAL(r.body, R"({"type":"urn:interlude:problem:channel","title":"Not \"Found\"",)"
                            R"("status":404,"detail":"no\nsuch"})");
  BOOST_CHECK(r.headers.starts_with("Content-Type: application/problem+json\r\n"));
  BOOST_CHECK(r.headers.find("Access-Control-Allow-Origin: *\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_failing_handler_is_a_500_and_the_connection_goes_on) {
  running_server s;
  s.handler->other = [](const request& req) -> response {
    if (req.path == "/odd") throw 42;
    throw std::runtime_error("secret reason");
  };
  raw_client client(s.endpoint());
  for (const std::string path : {"/throws", "/odd", "/later-throws"}) {
    client.get(path);
    const auto r = client.read();
    BOOST_CHECK_EQUAL(r.status(), 500);
    BOOST_CHECK(r.body.find("urn:interlude:problem:internal") != std::string::npos);
    BOOST_CHECK(r.body.find("secret") == std::string::npos);
  }
  BOOST_CHECK_EQUAL(s.counters().handler_failures.load(), 3u);
  client.get("/echo");
  BOOST_CHECK_EQUAL(client.read().status(), 200);
}

BOOST_AUTO_TEST_CASE(several_threads_share_one_port) {
  server_options options;
  options.threads = 3;
  running_server s(options);
  std::vector<std::unique_ptr<raw_client>> clients;
  for (int i = 0; i < 60; ++i)
    clients.emplace_back(std::make_unique<raw_client>(s.endpoint()))->get("/plain");
  for (auto& client : clients) BOOST_CHECK_EQUAL(client->read().body, "plain ");
  BOOST_CHECK_EQUAL(s.counters().open.load(), 60);
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_an_error_that_names_it) {
  server_options options;
  options.threads = 2;
  running_server first(options);
  options.listen = first.endpoint();
  const auto second = http_server::open(options, std::make_shared<scripted_handler>());
  BOOST_REQUIRE(!second);
  const auto text = second.error().message();
  BOOST_CHECK_MESSAGE(text.find(std::to_string(first.endpoint().port())) != text.npos, text);
  BOOST_CHECK_MESSAGE(text.find("in use") != text.npos, text);
}

BOOST_AUTO_TEST_SUITE_END()
