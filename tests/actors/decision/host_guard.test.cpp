// No ad server is asked too much, and none that is down.
#include "actors/decision/host_guard.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace interlude;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;
using answer = result<fetch_response>;

answer page(unsigned status = 200) {
  fetch_response r;
  r.status = status;
  return r;
}

const answer unavailable = error{errc::unavailable, "ads.test", "connecting: refused"};
const answer late = error{errc::timed_out, "ads.test", "no answer in time"};

// Holds what it is asked until the test answers it; or answers at once.
class scripted_fetcher : public http_fetcher {
 public:
  void fetch(fetch_request request, callback done) override {
    asked.push_back(request.url);
    if (at_once) return done(*at_once);
    held.emplace_back(std::move(request), std::move(done));
  }
  void answer_next(const answer& a) {
    auto done = std::move(held.front().second);
    held.pop_front();
    done(a);
  }

  texts asked;
  std::deque<std::pair<fetch_request, callback>> held;
  std::optional<answer> at_once;
};

struct guarded {
  explicit guarded(host_guard_options options = {}) {
    guard = host_guard::make(fetcher, options, [this] { return now; });
  }

  // What is still under way would keep guard and fetcher alive.
  ~guarded() { fetcher->held.clear(); }

  void ask(const std::string& url, std::chrono::milliseconds timeout = 1s) {
    fetch_request r;
    r.url = url;
    r.timeout = timeout;
    guard->fetch(std::move(r), [this](const answer& a) {
      said.push_back(a                                   ? std::to_string(a->status)
                     : a.error().code == errc::timed_out ? "late"
                                                         : "refused");
    });
  }
  // Asks, and gives this answer if the guard lets it through.
  void try_with(const answer& a) {
    ask("http://ads.test/");
    if (!fetcher->held.empty()) fetcher->answer_next(a);
  }
  texts take() { return std::exchange(said, {}); }

  host_guard::time_point now{};
  texts said;
  std::shared_ptr<scripted_fetcher> fetcher = std::make_shared<scripted_fetcher>();
  std::shared_ptr<host_guard> guard;
};

host_guard_options at_a_time(std::uint64_t n) {
  host_guard_options o;
  o.max_concurrent = n;
  return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(host_guards)

BOOST_AUTO_TEST_CASE(a_host_is_asked_so_much_at_a_time_and_others_wait) {
  guarded g{at_a_time(2)};
  for (const char* path : {"1", "2", "3", "4"}) g.ask("http://ads.test/" + std::string{path});
  BOOST_TEST(g.fetcher->asked == (texts{"http://ads.test/1", "http://ads.test/2"}));
  BOOST_TEST(g.guard->counters().waiting == 2u);
  g.fetcher->answer_next(page());
  BOOST_TEST(g.fetcher->asked.back() == "http://ads.test/3");
  g.fetcher->answer_next(page());
  g.fetcher->answer_next(page());
  g.fetcher->answer_next(page(204));
  BOOST_TEST(g.take() == (texts{"200", "200", "200", "204"}));
  BOOST_TEST(g.guard->counters().waiting == 0u);
}

BOOST_AUTO_TEST_CASE(hosts_do_not_wait_for_each_other) {
  guarded g{at_a_time(1)};
  for (const char* url : {"http://ads.test/", "http://ads.test:81/", "https://other.test?x",
                          "https://ADS.test/2", "http://other.test/2"})
    g.ask(url);
  BOOST_TEST(g.fetcher->asked ==
             (texts{"http://ads.test/", "http://ads.test:81/", "https://other.test?x"}));
}

BOOST_AUTO_TEST_CASE(the_time_spent_waiting_counts) {
  guarded g{at_a_time(1)};
  g.ask("http://ads.test/1");
  g.ask("http://ads.test/2", 1000ms);
  g.now += 300ms;
  g.fetcher->answer_next(page());
  BOOST_TEST((g.fetcher->held.front().first.timeout == 700ms));
}

BOOST_AUTO_TEST_CASE(who_waited_too_long_is_told_when_anything_happens) {
  guarded g{at_a_time(1)};
  g.ask("http://ads.test/1", 5s);
  g.ask("http://ads.test/2", 100ms);
  g.ask("http://ads.test/3", 5s);
  g.now += 100ms;
  g.ask("http://other.test/");
  BOOST_TEST(g.take() == texts{});
  g.ask("http://ads.test/4");
  BOOST_TEST(g.take() == texts{"late"});
  BOOST_TEST(g.guard->counters().timed_out == 1u);
  g.fetcher->answer_next(page());
  BOOST_TEST(g.fetcher->asked.back() == "http://ads.test/3");
}

BOOST_AUTO_TEST_CASE(not_more_than_so_many_wait) {
  auto options = at_a_time(1);
  options.max_waiting = 2;
  guarded g{options};
  for (int i = 0; i < 4; ++i) g.ask("http://ads.test/");
  BOOST_TEST(g.take() == texts{"refused"});
  BOOST_TEST(g.guard->counters().waiting == 2u);
  BOOST_TEST(g.guard->counters().refused == 1u);
}

BOOST_AUTO_TEST_CASE(a_host_that_fails_in_a_row_is_left_alone) {
  for (const auto& failure : {unavailable, late, page(500), page(503)}) {
    guarded g;
    for (int i = 0; i < 5; ++i) g.try_with(failure);
    BOOST_TEST(g.fetcher->asked.size() == 5u);
    BOOST_TEST(g.guard->counters().hosts_left_alone == 1u);
    g.take();
    g.try_with(page());
    BOOST_TEST(g.take() == texts{"refused"});
    BOOST_TEST(g.fetcher->asked.size() == 5u);
    g.ask("http://other.test/");
    BOOST_TEST(g.fetcher->asked.size() == 6u);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_failure_of_the_host_is_not_counted) {
  guarded g;
  for (int i = 0; i < 20; ++i) {
    for (int k = 0; k < 4; ++k) g.try_with(unavailable);
    g.try_with(page(404));
  }
  BOOST_TEST(g.fetcher->asked.size() == 100u);
  for (int i = 0; i < 10; ++i) g.try_with(error{errc::unauthorized, "", "a private address"});
  BOOST_TEST(g.guard->counters().hosts_left_alone == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_let_through_is_counted_by_host_and_timed) {
  host_guard_options options;
  options.counted = {"http://ads.test/vast?d=[break.duration]"};
  guarded g{options};
  g.ask("http://ads.test/1");
  g.now += 30ms;
  g.fetcher->answer_next(page());
  g.try_with(page(404));
  g.try_with(unavailable);
  g.ask("http://named.by.a.wrapper.test/");
  g.fetcher->answer_next(page());
  const auto& ads = g.guard->asked().all().at("ads.test");
  BOOST_TEST(ads.requests.load() == 3u);
  BOOST_TEST(ads.errors.load() == 2u);
  BOOST_TEST(ads.took.read().sum == 30'000'000u);
  BOOST_TEST(g.guard->asked().all().at("other").requests.load() == 1u);
  for (int i = 0; i < 9; ++i) g.try_with(unavailable);  // of which the last are not made
  BOOST_TEST(ads.requests.load() == 7u);
}

BOOST_AUTO_TEST_CASE(after_a_while_one_request_decides) {
  guarded g;
  for (int i = 0; i < 5; ++i) g.try_with(unavailable);
  g.now += 9'999ms;
  g.take();
  g.ask("http://ads.test/");
  BOOST_TEST(g.take() == texts{"refused"});
  g.now += 1ms;
  g.ask("http://ads.test/");
  g.ask("http://ads.test/");
  BOOST_TEST(g.take() == texts{"refused"});
  BOOST_TEST(g.fetcher->asked.size() == 6u);
  // It fails: another pause.
  g.fetcher->answer_next(late);
  g.ask("http://ads.test/");
  BOOST_TEST(g.take() == (texts{"late", "refused"}));
  g.now += 10s;
  g.ask("http://ads.test/");
  g.fetcher->answer_next(page());
  BOOST_TEST(g.guard->counters().hosts_left_alone == 0u);
  g.take();
  for (int i = 0; i < 4; ++i) g.try_with(unavailable);
  g.try_with(page());
  BOOST_TEST(g.take().back() == "200");
}

BOOST_AUTO_TEST_CASE(a_trial_that_says_nothing_of_the_host_is_followed_by_another) {
  guarded g;
  for (int i = 0; i < 5; ++i) g.try_with(unavailable);
  g.now += 10s;
  g.try_with(error{errc::malformed, "", "no URL"});
  g.take();
  g.try_with(page());
  BOOST_TEST(g.take() == texts{"200"});
}

BOOST_AUTO_TEST_CASE(those_that_wait_are_refused_with_the_others) {
  auto options = at_a_time(5);
  guarded g{options};
  for (int i = 0; i < 8; ++i) g.ask("http://ads.test/");
  for (int i = 0; i < 4; ++i) {
    g.fetcher->answer_next(unavailable);
    BOOST_TEST(g.fetcher->held.size() == std::min<std::size_t>(5, 7 - static_cast<unsigned>(i)));
  }
  BOOST_TEST(g.guard->counters().waiting == 0u);
  g.ask("http://ads.test/");
  g.ask("http://ads.test/");
  BOOST_TEST(g.guard->counters().waiting == 1u);
  g.take();
  g.fetcher->answer_next(unavailable);
  BOOST_TEST(g.take() == (texts{"refused", "refused"}));
  // What was under way before tells that it is back.
  g.fetcher->answer_next(unavailable);
  BOOST_TEST(g.guard->counters().hosts_left_alone == 1u);
  g.fetcher->answer_next(page());
  BOOST_TEST(g.guard->counters().hosts_left_alone == 0u);
}

BOOST_AUTO_TEST_CASE(who_waited_is_no_witness_of_a_slow_host) {
  auto options = at_a_time(1);
  options.breaker_failures = 1;
  guarded g{options};
  g.ask("http://ads.test/1");
  g.ask("http://ads.test/2");
  g.now += 900ms;
  g.fetcher->answer_next(page());
  g.fetcher->answer_next(late);
  BOOST_TEST(g.guard->counters().hosts_left_alone == 0u);
  g.try_with(late);
  BOOST_TEST(g.guard->counters().hosts_left_alone == 1u);
}

BOOST_AUTO_TEST_CASE(a_trial_that_must_wait_and_is_late_does_not_end_all_trials) {
  auto options = at_a_time(1);
  options.breaker_failures = 1;
  guarded g{options};
  g.try_with(unavailable);
  g.now += 10s;
  g.ask("http://ads.test/", 60s);  // a trial, which takes the only place
  g.fetcher->answer_next(unavailable);
  g.now += 10s;
  g.ask("http://ads.test/", 60s);
  BOOST_TEST(g.fetcher->held.size() == 1u);
  g.fetcher->answer_next(page());
  BOOST_TEST(g.take() == (texts{"refused", "refused", "200"}));
}

BOOST_AUTO_TEST_CASE(a_fetcher_may_answer_from_within) {
  auto options = at_a_time(1);
  options.max_waiting = 10'000;
  options.breaker_failures = 1'000'000;
  guarded g{options};
  g.ask("http://ads.test/");
  for (int i = 0; i < 5'000; ++i) g.ask("http://ads.test/");
  g.fetcher->at_once = unavailable;
  g.fetcher->answer_next(page());
  BOOST_TEST(g.said.size() == 5'001u);
  BOOST_TEST(g.guard->counters().waiting == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_asked_in_a_callback_is_taken) {
  guarded g{at_a_time(1)};
  g.fetcher->at_once = page();
  int rounds = 0;
  std::function<void(answer)> again = [&](const answer&) {
    fetch_request r;
    r.url = "http://ads.test/";
    if (++rounds < 3) g.guard->fetch(std::move(r), again);
  };
  again(page());
  BOOST_TEST(rounds == 3);
}

BOOST_AUTO_TEST_CASE(hosts_are_forgotten_when_there_are_too_many) {
  host_guard_options options;
  options.max_hosts = 10;
  guarded g{options};
  for (int i = 0; i < 5; ++i) g.try_with(unavailable);
  g.fetcher->at_once = page();
  for (int i = 0; i < 1000; ++i) g.ask("http://h" + std::to_string(i) + ".test/");
  BOOST_TEST(g.guard->counters().hosts_left_alone == 1u);
  g.fetcher->at_once = unavailable;
  for (int i = 0; i < 1000; ++i) g.ask("http://h" + std::to_string(i) + ".test/");
  BOOST_TEST(g.guard->counters().hosts_left_alone == 0u);
}

BOOST_AUTO_TEST_CASE(whoever_waits_is_answered_though_the_guard_is_forgotten) {
  guarded g{at_a_time(1)};
  g.ask("http://ads.test/1");
  g.ask("http://ads.test/2");
  g.guard.reset();
  g.fetcher->answer_next(page());
  g.fetcher->answer_next(page());
  BOOST_TEST(g.take() == (texts{"200", "200"}));
}

BOOST_AUTO_TEST_CASE(many_threads_are_answered_once_each) {
  struct echo : http_fetcher {
    void fetch(fetch_request, callback done) override {
      const auto n = ++busy;
      auto seen = most.load();
      while (n > seen && !most.compare_exchange_weak(seen, n)) continue;
      std::this_thread::yield();
      --busy;
      done(page());
    }
    std::atomic<int> busy{0}, most{0};
  };
  const auto inner = std::make_shared<echo>();
  auto options = at_a_time(2);
  options.max_waiting = 2000;
  const auto guard = host_guard::make(inner, options);
  std::atomic<int> answers{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        fetch_request r;
        r.url = "http://ads.test/";
        r.timeout = 1h;
        guard->fetch(std::move(r), [&](const answer& a) { answers += a ? 1 : 1'000'000; });
      }
    });
  for (auto& t : threads) t.join();
  BOOST_TEST(answers == 2000);
  BOOST_TEST(inner->most <= 2);
  BOOST_TEST(guard->counters().waiting == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
