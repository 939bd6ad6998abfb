// Many small requests that are answered into a tray.
#include <boost/test/unit_test.hpp>
#include <map>

#include "tests/net/running_client.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

// Keeps what is put down, until all that is expected is there.
class heap final : public answer_tray {
 public:
  void put(std::vector<fetch_answer> all) override {
    const std::lock_guard lock{mutex_};
    for (auto& a : all)
      BOOST_TEST(answers_.emplace(a.tag, std::move(a.answer)).second, "answered twice");
    changed_.notify_all();
  }
  std::map<std::uint64_t, answer> wait_for(std::size_t count) {
    std::unique_lock lock{mutex_};
    BOOST_REQUIRE(changed_.wait_for(lock, 20s, [&] { return answers_.size() >= count; }));
    return std::exchange(answers_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, answer> answers_;
};

std::vector<tagged_request> pixels(const std::string& url, std::size_t count) {
  std::vector<tagged_request> out;
  for (std::size_t i = 0; i < count; ++i) {
    auto r = get(url + "?n=" + std::to_string(i));
    r.max_redirects = 0;
    r.wants_body = false;
    out.push_back({i, std::move(r)});
  }
  return out;
}

// What it was asked for is in the answer's Location.
void echo(scripted_connection& c) {
  for (std::string r; !(r = c.read_request()).empty();)
    c.answer("", "302 Found", "Location: /" + r.substr(4, r.find(' ', 4) - 4) + "\r\n");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_client_many)

BOOST_AUTO_TEST_CASE(each_is_answered_once_and_connections_are_used_again) {
  scripted_server server{echo};
  client_options options;
  options.max_connections_per_host = 4;
  const running_client client{options};
  const auto tray = std::make_shared<heap>();
  for (int round = 0; round < 3; ++round) {
    const auto url = server.url("/" + std::to_string(round));
    client.client->fetch_all(pixels(url, 50), tray);
    const auto all = tray->wait_for(50);
    for (const auto& [tag, a] : all) {
      BOOST_REQUIRE(a);
      BOOST_TEST(a->status == 302u);
      const auto target = std::to_string(round) + "?n=" + std::to_string(tag);
      BOOST_TEST(a->location == "//" + target);
      BOOST_TEST(a->final_url == server.url("/" + target));
    }
  }
  BOOST_TEST(server.connections() <= 4u);
  const auto n = client.client->counters();
  BOOST_TEST(n.requests == 150u);
  BOOST_TEST(n.connections_opened + n.connections_reused == 150u);
}

BOOST_AUTO_TEST_CASE(what_finds_its_connection_dead_is_made_again) {
  scripted_server server{[](scripted_connection& c) {
    c.read_request();
    c.answer("");
    c.read_request();
  }};
  client_options options;
  options.max_connections_per_host = 1;
  const running_client client{options};
  const auto tray = std::make_shared<heap>();
  for (int round = 0; round < 3; ++round) {
    client.client->fetch_all(pixels(server.url(), 1), tray);
    for (const auto& [tag, a] : tray->wait_for(1)) BOOST_TEST(a.has_value());
  }
  BOOST_TEST(server.connections() == 3u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_asked_is_told_as_well) {
  scripted_server server{echo};
  const running_client client;
  const auto tray = std::make_shared<heap>();
  auto all = pixels(server.url("/x"), 2);
  client.client->fetch_all(all, tray);
  tray->wait_for(2);
  all[0].request.url = "no url";
  all[1].request.headers = {{"X-One", "two\r\nX-Three: four"}};
  client.client->fetch_all(all, tray);
  auto answers = tray->wait_for(2);
  failed(answers.at(0), errc::malformed, "not a URL");
  failed(answers.at(1), errc::malformed, "header");
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_falls_silent_times_out) {
  scripted_server server{[](scripted_connection& c) {
    c.read_request();
    c.answer("");
    c.read_request();
    c.wait_until_closed();
  }};
  client_options options;
  options.max_connections_per_host = 1;
  const running_client client{options};
  const auto tray = std::make_shared<heap>();
  auto all = pixels(server.url(), 1);
  client.client->fetch_all(all, tray);
  tray->wait_for(1);
  all[0].request.timeout = 50ms;
  client.client->fetch_all(all, tray);
  failed(tray->wait_for(1).at(0), errc::timed_out, "waiting for the answer");
}

BOOST_AUTO_TEST_CASE(what_is_too_much_is_refused_and_the_end_answers_all) {
  scripted_server server{[](scripted_connection& c) {
    c.read_request();
    c.wait_until_closed();
  }};
  client_options options;
  options.max_waiting = 3;
  const running_client client{options};
  const auto tray = std::make_shared<heap>();
  client.client->fetch_all(pixels(server.url(), 5), tray);
  for (const auto& [tag, a] : tray->wait_for(2)) {
    BOOST_TEST(tag >= 3u);
    failed(a, errc::unavailable, "too many");
  }
  client.client->stop();
  for (const auto& [tag, a] : tray->wait_for(3)) failed(a, errc::unavailable, "shutting down");
  client.client->fetch_all(pixels(server.url(), 1), tray);
  failed(tray->wait_for(1).at(0), errc::unavailable, "shutting down");
}

BOOST_AUTO_TEST_SUITE_END()
