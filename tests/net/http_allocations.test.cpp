// The hot path's promise: what a kept-alive request allocates beyond what Beast's parser needs.
#include <algorithm>

#include "net/http_connection.hpp"
#include "tests/net/player_request.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/net/scripted_handler.hpp"
#include "tests/support/allocation_counter.hpp"

using namespace interlude;
using namespace interlude::net;
using interlude::test::allocations_of_this_thread;

namespace {

// Notes how many allocations its thread had made each time it was asked.
class counting_handler : public request_handler {
 public:
  bool answer_now(const request&, response& out) override {
    seen.push_back(allocations_of_this_thread());
    out.shared = shared;
    out.headers += "Cache-Control: no-store\r\nX-Session: 0123456789abcdef\r\n";
    return true;
  }
  awaitable<response> answer(const request&) override { co_return response{}; }

  shared_reply_ptr shared = std::make_shared<const shared_reply>(
      shared_reply{"HTTP/1.1 200 OK\r\nContent-Length: 2500\r\n", std::string(2500, 'x')});
  std::vector<std::size_t> seen;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_kept_alive_request_allocates_next_to_nothing_beyond_the_parser) {
  constexpr std::size_t warm_up = 20, measured = 200;
  auto handler = std::make_shared<counting_handler>();
  handler->seen.reserve(warm_up + measured + 1);
  auto server = http_server::open({}, handler);
  BOOST_REQUIRE(server);
  (*server)->start();
  const auto player_request = player_request_for(
      "/v1/demo/ts/s/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIjKl/video720.m3u8");
  raw_client client((*server)->endpoint());
  for (std::size_t i = 0; i <= warm_up + measured; ++i) {
    client.send(player_request);
    BOOST_REQUIRE_EQUAL(client.read().body.size(), 2500u);
  }
  (*server)->stop(std::chrono::seconds{1});
  const std::size_t total = handler->seen.back() - handler->seen[warm_up];
  const double per_request = static_cast<double>(total) / measured;
  const std::size_t parser = allocations_of_the_parser(player_request);
  BOOST_TEST_MESSAGE("allocations per request: " << per_request << ", a bare parser's: " << parser);
  BOOST_CHECK_LE(per_request, static_cast<double>(parser) + 2);
}
