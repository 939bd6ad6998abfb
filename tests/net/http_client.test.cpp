#include "net/http_client.hpp"

#include <zlib.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <fstream>
#include <future>

#include "tests/support/scratch_folder.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/test_certificates.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

using answer = result<fetch_response>;

fetch_request get(const std::string& url) {
  fetch_request r;
  r.url = url;
  r.timeout = 10s;
  return r;
}

std::future<answer> begin(http_client& client, fetch_request request) {
  auto promise = std::make_shared<std::promise<answer>>();
  auto future = promise->get_future();
  client.fetch(std::move(request), [promise](answer a) { promise->set_value(std::move(a)); });
  return future;
}

answer wait(std::future<answer>& future) {
  BOOST_REQUIRE(future.wait_for(20s) == std::future_status::ready);
  return future.get();
}

struct running_client {
  explicit running_client(client_options options = {})
      : client(http_client::start(std::move(options))) {}
  ~running_client() { client->stop(); }

  answer fetch(fetch_request request) const {
    auto future = begin(*client, std::move(request));
    return wait(future);
  }
  answer fetch(const std::string& url) const { return fetch(get(url)); }

  std::shared_ptr<http_client> client;
};

void failed(const answer& a, errc code, const std::string& what) {
  BOOST_REQUIRE(!a);
  BOOST_TEST((a.error().code == code), a.error().message());
  BOOST_TEST(a.error().what.find(what) != std::string::npos, a.error().message());
}

void ok(const answer& a, const std::string& body) {
  BOOST_REQUIRE_MESSAGE(a, (a ? "" : a.error().message()));
  BOOST_TEST(a->status == 200u);
  BOOST_TEST(a->body == body);
}

// Answers every request with the same bytes.
scripted_server::script always(std::string bytes) {
  return [bytes = std::move(bytes)](scripted_connection& c) {
    while (!c.read_request().empty()) c.send(bytes);
  };
}

std::string target_of(const std::string& request) {
  const auto from = request.find(' ') + 1;
  return request.substr(from, request.find(' ', from) - from);
}

std::string host_of(const std::string& request) {
  const auto from = request.find("Host: ") + 6;
  return request.substr(from, request.find('\r', from) - from);
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  BOOST_REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string gzipped(const std::string& packed) {
  return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
         std::to_string(packed.size()) + "\r\n\r\n" + packed;
}

// Lets a test wait until others have come to a point.
class counter {
 public:
  std::size_t add() {
    const std::lock_guard lock{mutex_};
    changed_.notify_all();
    return ++value_;
  }
  bool wait_for(std::size_t value) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, 10s, [&] { return value_ >= value; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t value_ = 0;
};

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

BOOST_AUTO_TEST_CASE(interim_answers_are_passed_over) {
  scripted_server server{[](scripted_connection& c) {
    while (!c.read_request().empty()) {
      c.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
      c.answer("real");
    }
  }};
  const running_client client;
  ok(client.fetch(server.url()), "real");
  ok(client.fetch(server.url()), "real");
  BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(interim_answers_without_end_are_refused) {
  std::string many;
  for (int i = 0; i < 20; ++i) many += "HTTP/1.1 103 Early Hints\r\n\r\n";
  for (const auto& bytes : {many, std::string{"HTTP/1.1 101 Switching Protocols\r\n\r\n"}}) {
    scripted_server server{always(bytes)};
    const running_client client;
    failed(client.fetch(server.url()), errc::malformed, "101, or too many interim");
  }
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
    for (; !c.read_request().empty(); ++asked) c.answer("", "302 Found", "Location: /again\r\n");
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

BOOST_AUTO_TEST_CASE(bodies_are_bounded) {
  const std::string body(100, 'x');
  for (const auto& bytes :
       {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + body,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n32\r\n" + body.substr(50) +
            "\r\n32\r\n" + body.substr(50) + "\r\n0\r\n\r\n"}) {
    scripted_server server{always(bytes)};
    const running_client client;
    auto request = get(server.url());
    request.max_bytes = 100;
    ok(client.fetch(request), body);
    request.max_bytes = 99;
    failed(client.fetch(request), errc::too_large, "larger");
  }
}

BOOST_AUTO_TEST_CASE(headers_are_bounded) {
  scripted_server server{always("HTTP/1.1 200 OK\r\nX: " + std::string(80'000, 'x') + "\r\n\r\n")};
  const running_client client;
  failed(client.fetch(server.url()), errc::too_large, "header");
}

BOOST_AUTO_TEST_CASE(gzip_is_decoded) {
  const std::string text(10'000, 'z');
  scripted_server server{always(gzipped(gzip(text)))};
  const running_client client;
  ok(client.fetch(server.url()), text);
}

BOOST_AUTO_TEST_CASE(damaged_gzip_is_refused) {
  const auto good = gzip("some text that is packed");
  auto flipped = good;
  flipped[flipped.size() / 2] = static_cast<char>(~flipped[flipped.size() / 2]);
  for (const auto& bad : {flipped, good.substr(0, good.size() - 9), std::string{"not gzip"}}) {
    scripted_server server{always(gzipped(bad))};
    const running_client client;
    failed(client.fetch(server.url()), errc::malformed, "gzip");
  }
}

BOOST_AUTO_TEST_CASE(a_gzip_bomb_does_not_go_off) {
  const auto packed = gzip(std::string(20'000'000, '\0'));
  BOOST_TEST_REQUIRE(packed.size() < 100'000u);
  scripted_server server{always(gzipped(packed))};
  const running_client client;
  auto request = get(server.url());
  request.max_bytes = 1'000'000;
  failed(client.fetch(request), errc::too_large, "when inflated");
}

BOOST_AUTO_TEST_CASE(an_encoding_that_was_not_asked_for_is_refused) {
  scripted_server server{
      always("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx")};
  const running_client client;
  failed(client.fetch(server.url()), errc::malformed, "encoded as \"br\"");
}

BOOST_AUTO_TEST_CASE(garbage_is_refused) {
  for (const auto* bytes :
       {"hello there\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    BOOST_TEST_CONTEXT(bytes) {
      scripted_server server{always(bytes)};
      const running_client client;
      failed(client.fetch(server.url()), errc::malformed, "not an HTTP answer");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_too_early_is_worth_another_try) {
  for (const auto* bytes : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    BOOST_TEST_CONTEXT('"' << bytes << '"') {
      scripted_server server{[&](scripted_connection& c) {
        c.read_request();
        c.send(bytes);
      }};
      const running_client client;
      failed(client.fetch(server.url()), errc::unavailable, "");
      BOOST_TEST(server.connections() == 1u);
    }
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

namespace {

struct tls_fixture {
  tls_fixture() { std::ofstream{ca_file} << authority.pem(); }

  client_options trusting() const {
    client_options options;
    options.ca_file = ca_file;
    return options;
  }

  scratch_folder folder;
  test_authority authority;
  std::string ca_file = folder / "ca.pem";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(https_clients, tls_fixture)

BOOST_AUTO_TEST_CASE(a_certificate_of_a_trusted_authority_is_accepted) {
  auto tls = authority.server("DNS:localhost,IP:127.0.0.1");
  scripted_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"), &tls};
  const running_client client{trusting()};
  ok(client.fetch(server.url()), "secret");
  ok(client.fetch(server.url()), "secret");
  BOOST_TEST(server.connections() == 1u);
  ok(client.fetch("https://localhost:" + std::to_string(server.port()) + "/"), "secret");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_an_unknown_authority_is_refused) {
  auto tls = authority.server("DNS:localhost,IP:127.0.0.1");
  std::atomic<int> asked{0};
  scripted_server server{[&](scripted_connection& c) { asked += !c.read_request().empty(); }, &tls};
  const running_client client;
  failed(client.fetch(server.url()), errc::unavailable, "certificate was refused");
  BOOST_TEST(asked == 0);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_host_is_refused) {
  auto tls = authority.server("DNS:other.test,IP:127.0.0.2");
  scripted_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), &tls};
  const running_client client{trusting()};
  failed(client.fetch(server.url()), errc::unavailable, "certificate");
  failed(client.fetch("https://localhost:" + std::to_string(server.port()) + "/"),
         errc::unavailable, "certificate");
}

BOOST_AUTO_TEST_CASE(a_redirect_does_not_leave_tls) {
  auto tls = authority.server("IP:127.0.0.1");
  scripted_server plain{always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")};
  scripted_server server{
      always("HTTP/1.1 302 Found\r\nLocation: " + plain.url() + "\r\nContent-Length: 0\r\n\r\n"),
      &tls};
  const running_client client{trusting()};
  failed(client.fetch(server.url()), errc::malformed, "redirected from https");
  BOOST_TEST(plain.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_speak_tls_is_unavailable) {
  scripted_server server{[](scripted_connection& c) { c.send("HTTP/1.1 400 Bad\r\n\r\n"); }};
  const running_client client{trusting()};
  failed(client.fetch("https://127.0.0.1:" + std::to_string(server.port()) + "/"),
         errc::unavailable, "TLS handshake");
}

BOOST_AUTO_TEST_CASE(a_silent_handshake_times_out) {
  scripted_server server{[](scripted_connection& c) { c.wait_until_closed(); }};
  const running_client client{trusting()};
  auto request = get("https://127.0.0.1:" + std::to_string(server.port()) + "/");
  request.timeout = 100ms;
  failed(client.fetch(request), errc::timed_out, "TLS handshake");
}

BOOST_AUTO_TEST_SUITE_END()
