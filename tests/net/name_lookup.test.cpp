// Names that strangers choose may be slow; those of the operator are found all the same.
#include "net/name_lookup.hpp"

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <list>
#include <memory>

using namespace interlude::net;
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// A resolver whose slow names are answered when the test says so.
struct slow_names {
  addresses resolve(const std::string& host) {
    std::unique_lock lock{mutex};
    begun.push_back(host);
    changed.notify_all();
    if (host.starts_with("slow")) changed.wait(lock, [&] { return released; });
    return {asio::ip::make_address("192.0.2.1")};
  }
  void release() {
    const std::lock_guard lock{mutex};
    released = true;
    changed.notify_all();
  }
  bool wait_until_begun(std::size_t count) {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, 10s, [&] { return begun.size() >= count; });
  }
  bool has_begun(const std::string& host) {
    const std::lock_guard lock{mutex};
    return std::find(begun.begin(), begun.end(), host) != begun.end();
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool released = false;
  std::vector<std::string> begun;
};

struct waiter final : lookup_waiter {
  void resolved(const addresses& found, const boost::system::error_code& why) override {
    answered = true;
    good = !why && found.size() == 1;
  }
  bool answered = false, good = false;
};

struct asking {
  explicit asking(bool slow_ones = true) {
    if (slow_ones) ask_slow_ones();
  }
  void ask_slow_ones() {
    for (std::size_t i = 0; i < 20; ++i) ask("slow" + std::to_string(i), true);
  }
  ~asking() { names->release(); }

  waiter& ask(const std::string& host, bool from_stranger) {
    lookup.ask(host, from_stranger, waiters.emplace_back());
    return waiters.back();
  }
  // Lets answers in until this one is there; false when it takes too long.
  bool wait_for(const waiter& w) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (!w.answered && io.run_one_until(until) > 0) continue;
    return w.answered && w.good;
  }

  std::shared_ptr<slow_names> names = std::make_shared<slow_names>();
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::list<waiter> waiters;
  name_lookup lookup{io, [n = names](const std::string& host, boost::system::error_code&) {
                       return n->resolve(host);
                     }};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(name_lookups)

BOOST_AUTO_TEST_CASE(slow_names_of_strangers_leave_room_for_ours) {
  asking a;
  BOOST_TEST(a.names->wait_until_begun(name_lookup::max_threads_for_strangers));
  BOOST_TEST(a.wait_for(a.ask("origin.test", false)));
  BOOST_TEST(!a.names->has_begun("slow" + std::to_string(name_lookup::max_threads_for_strangers)));
}

BOOST_AUTO_TEST_CASE(a_name_that_strangers_wait_for_too_is_found_at_once) {
  asking a;
  auto& theirs = a.ask("shared.test", true);
  auto& ours = a.ask("shared.test", false);
  BOOST_TEST(a.wait_for(ours));
  BOOST_TEST(theirs.good);
}

BOOST_AUTO_TEST_CASE(strangers_get_their_turn) {
  asking a;
  a.names->release();
  for (const auto& w : a.waiters) BOOST_TEST(a.wait_for(w));
  // Nothing is left behind: the same again.
  BOOST_TEST(a.wait_for(a.ask("slow3", true)));
}

// A pixel host that is well needs a new connection now and then, also while others' names hang.
BOOST_AUTO_TEST_CASE(who_was_found_lately_is_found_again_where_all_threads_hang) {
  asking a{false};
  BOOST_TEST(a.wait_for(a.ask("good.test", true)));
  a.ask_slow_ones();
  BOOST_TEST(a.names->wait_until_begun(1 + name_lookup::max_threads_for_strangers));
  BOOST_TEST(a.wait_for(a.ask("good.test", true)));
  BOOST_TEST(a.wait_for(a.ask("good.test", true)));
  BOOST_TEST(a.names->begun.size() == 1 + name_lookup::max_threads_for_strangers);
  a.names->release();
  for (auto& w : a.waiters) BOOST_TEST(a.wait_for(w));
}

BOOST_AUTO_TEST_CASE(who_has_left_while_queued_is_not_looked_up) {
  asking a;
  a.ask("gone.test", true).unlink();
  a.names->release();
  for (auto& w : a.waiters)
    if (w.is_linked()) BOOST_TEST(a.wait_for(w));
  BOOST_TEST(!a.names->has_begun("gone.test"));
}

BOOST_AUTO_TEST_SUITE_END()
