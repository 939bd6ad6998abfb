// Bodies that are taken as they come.
#include <atomic>
#include <thread>

#include "tests/net/raw_client.hpp"
#include "tests/net/scripted_handler.hpp"

using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

// Counts; has enough at an exclamation mark. Lets the test see how far it is.
class counting_handler : public request_handler {
 public:
  bool answer_now(const request& req, response& out) override {
    out.body = "collected " + std::to_string(req.body.size());
    return true;
  }
  awaitable<response> answer(const request&) override { co_return response{}; }
  std::unique_ptr<body_sink> open_body(const request& req) override {
    if (req.path == "/throws") throw std::runtime_error("thrown");
    if (req.path == "/refused") return std::make_unique<counter>(*this, true);
    return req.path == "/count" ? std::make_unique<counter>(*this, false) : nullptr;
  }
  void wait_for(std::size_t bytes) const {
    while (taken < bytes) std::this_thread::yield();
  }

  std::atomic<std::size_t> taken{0}, largest{0};
  std::atomic<int> open{0};

 private:
  class counter : public body_sink {
   public:
    counter(counting_handler& h, bool enough) : handler_(h), enough_(enough) { ++handler_.open; }
    ~counter() override { --handler_.open; }
    bool wants_more() const override { return !enough_; }
    void take(std::string_view bytes) override {
      enough_ = bytes.find('!') != bytes.npos;
      count_ += bytes.size();
      handler_.largest = std::max(handler_.largest.load(), bytes.size());
      handler_.taken += bytes.size();
    }
    awaitable<response> finish() override {
      co_return make_response(http::status::ok, "text/plain", "counted " + std::to_string(count_));
    }

   private:
    counting_handler& handler_;
    bool enough_;
    std::size_t count_ = 0;
  };
};

struct counting_server {
  explicit counting_server(server_options options = {}) {
    auto opened = http_server::open(options, handler);
    BOOST_REQUIRE(opened);
    server = std::move(*opened);
    server->start();
  }
  std::shared_ptr<counting_handler> handler = std::make_shared<counting_handler>();
  std::unique_ptr<http_server> server;
};

const std::string chunked_head = " HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(bodies_that_are_taken_as_they_come)

BOOST_AUTO_TEST_CASE(a_body_of_any_length_takes_bounded_memory) {
  server_options options;
  options.max_body_bytes = 1000;
  counting_server s(options);
  raw_client client(s.server->endpoint());
  const std::string piece(100'000, 'x');
  client.send("POST /count HTTP/1.1\r\nHost: t\r\nContent-Length: 5000000\r\n\r\n");
  for (int i = 0; i < 50; ++i) client.send(piece);
  BOOST_TEST(client.read().body == "counted 5000000");
  BOOST_TEST(s.handler->largest < 64u * 1024);
  // The connection goes on, and what is no such request is bounded as before.
  client.send("POST /other HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nbody");
  BOOST_TEST(client.read().body == "collected 4");
  client.send("POST /other HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999\r\n\r\n");
  BOOST_TEST(client.read().status() == 413);
}

BOOST_AUTO_TEST_CASE(chunks_are_taken_when_they_come) {
  counting_server s;
  raw_client client(s.server->endpoint());
  client.send("POST /count" + chunked_head);
  for (std::size_t i = 1; i <= 3; ++i) {
    client.send("5\r\nabcde\r\n");
    s.handler->wait_for(5 * i);
  }
  client.send("0\r\n\r\n");
  BOOST_TEST(client.read().body == "counted 15");
  client.send("POST /count" + chunked_head + "0\r\n\r\n");
  BOOST_TEST(client.read().body == "counted 0");
  client.send("POST /count HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n");
  BOOST_TEST(client.read().body == "collected 0");
}

BOOST_AUTO_TEST_CASE(only_silence_ends_a_body_before_its_end) {
  server_options options;
  options.header_timeout = options.body_timeout = options.idle_timeout = 80ms;
  counting_server s(options);
  raw_client client(s.server->endpoint());
  client.send("POST /count" + chunked_head);
  // Much longer than any timeout altogether.
  const auto begun = std::chrono::steady_clock::now();
  std::size_t sent = 0;
  while (std::chrono::steady_clock::now() - begun < 400ms) {
    client.send("1\r\na\r\n");
    s.handler->wait_for(++sent);
  }
  BOOST_TEST(s.handler->open == 1);
  const auto late = client.read();
  BOOST_TEST(late.status() == 408);
  BOOST_TEST(client.is_closed());
  BOOST_TEST(s.handler->open == 0);
}

BOOST_AUTO_TEST_CASE(who_has_had_enough_answers_at_once) {
  counting_server s;
  raw_client client(s.server->endpoint());
  client.send("POST /count" + chunked_head + "4\r\nabc!\r\n");
  BOOST_TEST(client.read().body == "counted 4");
  BOOST_TEST(client.is_closed());
  // Before the body is sent, if the client asks.
  raw_client asking(s.server->endpoint());
  asking.send(
      "POST /refused HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
  BOOST_TEST(asking.read().body == "counted 0");
  raw_client welcome(s.server->endpoint());
  welcome.send(
      "POST /count HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
  BOOST_TEST(welcome.read(true).head == "HTTP/1.1 100 Continue\r\n\r\n");
  welcome.send("123456789");
  BOOST_TEST(welcome.read().body == "counted 9");
}

BOOST_AUTO_TEST_CASE(a_body_that_breaks_off_or_is_no_body_is_let_go) {
  counting_server s;
  {
    raw_client gone(s.server->endpoint());
    gone.send("POST /count" + chunked_head + "5\r\nabcde\r\n");
    s.handler->wait_for(5);
    gone.abort();
  }
  raw_client client(s.server->endpoint());
  client.send("POST /count" + chunked_head + "zz\r\n");
  BOOST_TEST(client.read().status() == 400);
  raw_client failing(s.server->endpoint());
  failing.send("POST /throws HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\n");
  BOOST_TEST(failing.read().status() == 500);
  s.server->stop(1s);
  BOOST_TEST(s.handler->open == 0);
}

BOOST_AUTO_TEST_CASE(a_server_that_stops_waits_for_no_body) {
  counting_server s;
  raw_client client(s.server->endpoint());
  client.send("POST /count" + chunked_head + "5\r\nabcde\r\n");
  s.handler->wait_for(5);
  const auto begun = std::chrono::steady_clock::now();
  s.server->stop(10s);
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 5s));
  BOOST_TEST(s.handler->open == 0);
}

BOOST_AUTO_TEST_SUITE_END()
