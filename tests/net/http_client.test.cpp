// What the client asks and what it makes of sound answers.
#include <boost/test/unit_test.hpp>

#include "tests/net/running_client.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

std::string target_of(const std::string& request) {
  const auto from = request.find(' ') + 1;
  return request.substr(from, request.find(' ', from) - from);
}

std::string host_of(const std::string& request) {
  const auto from = request.find("Host: ") + 6;
  return request.substr(from, request.find('\r', from) - from);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_clients)

BOOST_AUTO_TEST_CASE(an_answer_arrives_with_what_it_says) {
  std::string seen;
  scripted_server server{[&](scripted_connection& c) {
    seen = c.read_request();
    c.answer("hello", "200 OK",
             "Content-Type: text/plain\r\nETag: \"7\"\r\nLast-Modified: then\r\n"
             "Retry-After: 3\r\n");
  }};
  const running_client client;
  auto request = get(server.url("/a%20b?x=1&y"));
  request.headers = {{"X-Own", "mine"}, {"Accept", "text/*"}};
  const auto a = client.fetch(request);
  ok(a, "hello");
  BOOST_TEST(a->content_type == "text/plain");
  BOOST_TEST(a->etag == "\"7\"");
  BOOST_TEST(a->last_modified == "then");
  BOOST_TEST(a->retry_after == "3");
  BOOST_TEST(a->final_url == request.url);
  BOOST_TEST(seen.starts_with("GET /a%20b?x=1&y HTTP/1.1\r\n"));
  for (const auto* line : {"X-Own: mine\r\n", "Accept: text/*\r\n", "Accept-Encoding: gzip\r\n",
                           "User-Agent: Interlude/"})
    BOOST_TEST(seen.find(line) != std::string::npos, line);
  BOOST_TEST(seen.find("Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_body_is_sent_with_its_length) {
  std::string seen;
  scripted_server server{[&](scripted_connection& c) {
    seen = c.read_request();
    c.answer("");
  }};
  const running_client client;
  auto request = get(server.url());
  request.method = "POST";
  request.body = "payload";
  ok(client.fetch(request), "");
  BOOST_TEST(seen.find("Content-Length: 7\r\n") != std::string::npos);
  BOOST_TEST(seen.ends_with("\r\n\r\npayload"));
}

BOOST_AUTO_TEST_CASE(every_status_is_an_answer) {
  scripted_server server{always("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy")};
  const running_client client;
  const auto a = client.fetch(server.url());
  BOOST_REQUIRE(a);
  BOOST_TEST(a->status == 503u);
  BOOST_TEST(a->body == "busy");
  BOOST_TEST(client.client->counters().failures == 0u);
}

BOOST_AUTO_TEST_CASE(redirects_are_followed) {
  scripted_server server{[](scripted_connection& c) {
    for (;;) {
      const auto request = c.read_request();
      if (request.empty()) return;
      const auto target = target_of(request);
      if (target == "/a/0?q=1") c.answer("", "302 Found", "Location: 1\r\n");
      if (target == "/a/1") c.answer("", "301 Moved", "Location: /b?x\r\n");
      if (target == "/b?x") c.answer("", "307 Moved", "Location: //" + host_of(request) + "/c\r\n");
      if (target == "/c") c.answer("here");
    }
  }};
  const running_client client;
  const auto a = client.fetch(server.url("/a/0?q=1"));
  ok(a, "here");
  BOOST_TEST(a->final_url == server.url("/c"));
}

BOOST_AUTO_TEST_CASE(redirects_have_an_end) {
  std::atomic<int> asked{0};
  scripted_server server{[&](scripted_connection& c) {
    while (!c.read_request().empty()) {
      ++asked;
      c.answer("", "302 Found", "Location: /again\r\n");
    }
  }};
  const running_client client;
  auto request = get(server.url());
  request.max_redirects = 3;
  failed(client.fetch(request), errc::malformed, "too many redirects");
  BOOST_TEST(asked == 4);
}

BOOST_AUTO_TEST_CASE(redirects_that_are_not_to_be_followed_are_answers) {
  scripted_server server{always("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")};
  const running_client client;
  auto stay = get(server.url());
  stay.max_redirects = 0;
  auto post = get(server.url());
  post.method = "POST";
  for (const auto& request : {stay, post}) {
    const auto a = client.fetch(request);
    BOOST_REQUIRE_MESSAGE(a, (a ? "" : a.error().message()));
    BOOST_TEST(a->status == 302u);
    BOOST_TEST(a->location == "/x");
  }
}

BOOST_AUTO_TEST_CASE(redirects_to_nowhere_are_refused) {
  for (const auto* location : {"ftp://127.0.0.1/", "http://[broken", "http://u:p@127.0.0.1/"}) {
    scripted_server server{always(std::string{"HTTP/1.1 302 Found\r\nLocation: "} + location +
                                  "\r\nContent-Length: 0\r\n\r\n")};
    const running_client client;
    failed(client.fetch(server.url()), errc::malformed, "");
  }
}

BOOST_AUTO_TEST_CASE(a_body_may_end_with_its_connection) {
  scripted_server server{[](scripted_connection& c) {
    c.read_request();
    c.send("HTTP/1.1 200 OK\r\n\r\nto the end");
  }};
  const running_client client;
  ok(client.fetch(server.url()), "to the end");
}

BOOST_AUTO_TEST_CASE(answers_without_a_body_end_with_their_header) {
  scripted_server server{[](scripted_connection& c) {
    for (;;) {
      const auto request = c.read_request();
      if (request.empty()) return;
      if (request.starts_with("HEAD"))
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nContent-Encoding: gzip\r\n\r\n");
      else if (target_of(request) == "/204")
        c.send("HTTP/1.1 204 No Content\r\n\r\n");
      else
        c.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 700\r\nETag: \"9\"\r\n\r\n");
    }
  }};
  const running_client client;
  auto head = get(server.url());
  head.method = "HEAD";
  ok(client.fetch(head), "");
  const auto none = client.fetch(server.url("/204"));
  BOOST_REQUIRE(none);
  BOOST_TEST(none->status == 204u);
  const auto same = client.fetch(server.url("/304"));
  BOOST_REQUIRE(same);
  BOOST_TEST(same->status == 304u);
  BOOST_TEST(same->etag == "\"9\"");
  BOOST_TEST(same->body.empty());
  BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_port_nobody_listens_on_is_unavailable) {
  std::string url;
  {
    scripted_server gone{[](scripted_connection&) {}};
    url = gone.url("/x?secret");
  }
  const running_client client;
  const auto a = client.fetch(url);
  failed(a, errc::unavailable, "connecting");
  BOOST_TEST(a.error().where == url.substr(0, url.find('?')));
  BOOST_TEST(client.client->counters().failures == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_url_is_refused) {
  const running_client client;
  for (const auto* url : {"", "/path", "not a url", "ftp://127.0.0.1/", "http://", "http:///x",
                          "http://u:p@127.0.0.1/", "http://127.0.0.1:99999/", "http://127.0.0.1:0/",
                          "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "//127.0.0.1/",
                          "file:///etc/passwd"}) {
    BOOST_TEST_CONTEXT('"' << url << '"') {
      failed(client.fetch(url), errc::malformed, "");
    }
  }
  BOOST_TEST(client.client->counters().connections_opened == 0u);
}

BOOST_AUTO_TEST_CASE(headers_cannot_carry_others_with_them) {
  scripted_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")};
  const running_client client;
  for (const auto& header : {std::pair<std::string, std::string>{"X", "a\r\nEvil: 1"},
                             {"X", "a\nEvil: 1"},
                             {"X\r\nEvil", "1"},
                             {"X:", "1"},
                             {"X Y", "1"},
                             {"", "1"},
                             {"X", {"a\0b", 3}}}) {
    auto request = get(server.url());
    request.headers = {header};
    failed(client.fetch(request), errc::malformed, "cannot be sent");
  }
  auto request = get(server.url());
  request.method = "GET / HTTP/1.1\r\nEvil: 1\r\n";
  failed(client.fetch(request), errc::malformed, "cannot be sent");
  BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
