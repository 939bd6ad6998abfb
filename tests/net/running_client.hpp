// The HTTP client, started for a test, and what tests ask of it.
#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "net/http_client.hpp"
#include "tests/support/scripted_server.hpp"

namespace interlude::test {

using answer = result<fetch_response>;

inline fetch_request get(const std::string& url) {
  fetch_request r;
  r.url = url;
  r.timeout = std::chrono::seconds{10};
  return r;
}

inline std::future<answer> begin(net::http_client& client, fetch_request request) {
  auto promise = std::make_shared<std::promise<answer>>();
  auto future = promise->get_future();
  client.fetch(std::move(request), [promise](answer a) { promise->set_value(std::move(a)); });
  return future;
}

inline answer wait(std::future<answer>& future) {
  BOOST_REQUIRE(future.wait_for(std::chrono::seconds{20}) == std::future_status::ready);
  return future.get();
}

struct running_client {
  explicit running_client(net::client_options options = {})
      : client(net::http_client::start(std::move(options))) {}
  ~running_client() { client->stop(); }

  answer fetch(fetch_request request) const {
    auto future = begin(*client, std::move(request));
    return wait(future);
  }
  answer fetch(const std::string& url) const { return fetch(get(url)); }

  std::shared_ptr<net::http_client> client;
};

inline void failed(const answer& a, errc code, const std::string& what) {
  BOOST_REQUIRE(!a);
  BOOST_TEST((a.error().code == code), a.error().message());
  BOOST_TEST(a.error().what.find(what) != std::string::npos, a.error().message());
}

inline void ok(const answer& a, const std::string& body) {
  BOOST_REQUIRE_MESSAGE(a, (a ? "" : a.error().message()));
  BOOST_TEST(a->status == 200u);
  BOOST_TEST(a->body == body);
}

// Answers every request with the same bytes.
inline scripted_server::script always(std::string bytes) {
  return [bytes = std::move(bytes)](scripted_connection& c) {
    while (!c.read_request().empty()) c.send(bytes);
  };
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
    return changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return value_ >= value; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t value_ = 0;
};
}  // namespace interlude::test
