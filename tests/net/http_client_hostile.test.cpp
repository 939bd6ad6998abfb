// Answers that would do harm: too large, too many, damaged or no HTTP at all.
#include <zlib.h>

#include <boost/test/unit_test.hpp>

#include "tests/net/running_client.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

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

}  // namespace

BOOST_AUTO_TEST_SUITE(http_client_hostile)

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
    failed(client.fetch(server.url()), errc::unavailable, "101, or too many interim");
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
  auto request = get(server.url());
  request.wants_body = false;
  ok(client.fetch(request), "");
}

BOOST_AUTO_TEST_CASE(garbage_is_refused) {
  for (const auto* bytes :
       {"hello there\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    BOOST_TEST_CONTEXT(bytes) {
      scripted_server server{always(bytes)};
      const running_client client;
      failed(client.fetch(server.url()), errc::unavailable, "not an HTTP answer");
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

// A tracking request has arrived, or was refused, as its status says.
BOOST_AUTO_TEST_CASE(who_wants_no_body_has_an_answer_however_large_it_is) {
  const std::string too_large(100'000, 'x');
  for (const auto& bytes :
       {"HTTP/1.1 404 Not Found\r\nContent-Length: 100000\r\n\r\n" + too_large,
        "HTTP/1.1 404 Not Found\r\n\r\n" + too_large,
        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n" + too_large +
            "\r\n0\r\n\r\n"}) {
    scripted_server server{always(bytes)};
    const running_client client;
    auto request = get(server.url());
    request.max_bytes = 64 * 1024;
    request.wants_body = false;
    const auto answer = client.fetch(request);
    BOOST_REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().message()));
    BOOST_TEST(answer->status == 404u);
    BOOST_TEST(answer->body.empty());
    BOOST_TEST(client.fetch(request).has_value());  // on a connection of its own
    BOOST_TEST(server.connections() == 2u);
  }
}

// Nobody knows what became of the request.
BOOST_AUTO_TEST_CASE(who_wants_no_body_wants_an_answer_that_is_whole) {
  for (const auto* bytes :
       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx", "HTTP/1.1 200 OK\r\nX-Unfinished: 1",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number",
        "HTTP/1.1 103 Early Hints\r\n\r\n"}) {
    scripted_server server{[&](scripted_connection& c) {
      c.read_request();
      c.send(bytes);
    }};
    const running_client client;
    auto request = get(server.url());
    request.wants_body = false;
    failed(client.fetch(request), errc::unavailable, "");
  }
}

BOOST_AUTO_TEST_SUITE_END()
