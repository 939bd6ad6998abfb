// The hot path's promise: what a kept-alive request allocates beyond what Beast's parser needs.
#include <algorithm>
#include <cstdlib>
#include <new>

#include "net/http_connection.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/net/scripted_handler.hpp"

namespace {
thread_local std::size_t allocations = 0;
}

// Not inlined, or GCC sees a pointer of operator new go to free() and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept {
  std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}

using namespace interlude;
using namespace interlude::net;

namespace {

const std::string player_request =
    "GET /v1/demo/ts/s/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIjKl/video720.m3u8 "
    "HTTP/1.1\r\n"
    "Host: interlude.example\r\nConnection: keep-alive\r\nAccept: */*\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n"
    "Accept-Encoding: gzip, deflate\r\nAccept-Language: en-GB,en;q=0.9\r\n"
    "Origin: https://player.example\r\nReferer: https://player.example/\r\n\r\n";

// Notes how many allocations its thread had made each time it was asked.
class counting_handler : public request_handler {
 public:
  bool answer_now(const request&, response& out) override {
    seen.push_back(allocations);
    out.shared = shared;
    out.headers += "Cache-Control: no-store\r\nX-Session: 0123456789abcdef\r\n";
    return true;
  }
  awaitable<response> answer(const request&) override { co_return response{}; }

  shared_reply_ptr shared = std::make_shared<const shared_reply>(
      shared_reply{"HTTP/1.1 200 OK\r\nContent-Length: 2500\r\n", std::string(2500, 'x')});
  std::vector<std::size_t> seen;
};

std::size_t allocations_of_the_parser() {
  const std::size_t before = allocations;
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  boost::system::error_code ec;
  parser.put(asio::buffer(player_request), ec);
  BOOST_REQUIRE(!ec && parser.is_done());
  return allocations - before;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_kept_alive_request_allocates_next_to_nothing_beyond_the_parser) {
  constexpr std::size_t warm_up = 20, measured = 200;
  auto handler = std::make_shared<counting_handler>();
  handler->seen.reserve(warm_up + measured + 1);
  auto server = http_server::open({}, handler);
  BOOST_REQUIRE(server);
  (*server)->start();
  raw_client client((*server)->endpoint());
  for (std::size_t i = 0; i <= warm_up + measured; ++i) {
    client.send(player_request);
    BOOST_REQUIRE_EQUAL(client.read().body.size(), 2500u);
  }
  (*server)->stop(std::chrono::seconds{1});
  const std::size_t total = handler->seen.back() - handler->seen[warm_up];
  const double per_request = static_cast<double>(total) / measured;
  const std::size_t parser = allocations_of_the_parser();
  BOOST_TEST_MESSAGE("allocations per request: " << per_request << ", a bare parser's: " << parser);
  BOOST_CHECK_LE(per_request, static_cast<double>(parser) + 2);
}
