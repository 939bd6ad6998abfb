// Caps hold: for decisions at the same time, after restarts, and whatever is dropped from memory.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <random>
#include <thread>

#include "tests/support/exposure_library.hpp"

using namespace interlude;
using namespace interlude::test;

BOOST_AUTO_TEST_SUITE(promises_of_exposure_books)

BOOST_AUTO_TEST_CASE(caps_hold_over_restarts) {
  library l;
  const std::vector<ads::pod_candidate> all = {ad("a", "spring"), ad("b", "summer")};
  l.shown("anna", {all[0]}, at_most(1));
  l.open();
  BOOST_TEST(l.shown("anna", all, at_most(1), noon + 1min) == places{1});
  l.open();
  BOOST_TEST(l.shown("anna", all, at_most(1), noon + 2min) == places{});
  BOOST_TEST(l.shown("anna", all, at_most(1), noon + 60min) == places{0});
}

// Two threads send their writes to the writer; the later one arrives first.
BOOST_AUTO_TEST_CASE(writes_may_be_done_in_any_order) {
  library l;
  {
    const auto first = l.choose("anna", {ad("a")}, at_most(1));
    const auto second = l.choose("anna", {ad("b")}, at_most(1));
    l.keep(second.write);
    l.keep(first.write);
  }
  l.open();
  BOOST_TEST(l.shown("anna", {ad("a"), ad("b"), ad("c")}, at_most(1)) == places{2});
}

BOOST_AUTO_TEST_CASE(who_is_dropped_from_memory_is_remembered) {
  library l{64};
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 500; ++i)
      BOOST_TEST(l.shown(std::to_string(i), {ad("a")}, at_most(1)).size() ==
                 (round == 0 ? 1u : 0u));
  BOOST_TEST(l.book->viewers_in_memory() <= 64u);
}

BOOST_AUTO_TEST_CASE(nobody_is_dropped_before_the_store_knows) {
  library l{64};
  std::vector<std::optional<store_write>> under_way;
  for (int i = 0; i < 500; ++i)
    under_way.push_back(l.choose(std::to_string(i), {ad("a")}, at_most(1)).write);
  BOOST_TEST(l.book->viewers_in_memory() == 500u);
  for (int i = 0; i < 500; ++i)
    BOOST_TEST(l.choose(std::to_string(i), {ad("a")}, at_most(1)).places == places{});
  for (const auto& write : under_way) l.keep(write);
  under_way.clear();
  // So many that each part of the book, whichever it is, is asked for some of them.
  for (int i = 500; i < 2500; ++i) l.shown(std::to_string(i), {ad("a")}, at_most(1));
  BOOST_TEST(l.book->viewers_in_memory() <= 64u);
}

BOOST_AUTO_TEST_CASE(decisions_at_the_same_time_keep_the_caps_of_one_viewer_together) {
  library l;
  constexpr int threads = 4, each = 2'500;
  std::array<std::atomic<int>, 3> counts{};
  const std::vector<ads::pod_candidate> all = {ad("a"), ad("b"), ad("c")};
  {
    std::vector<std::jthread> running;
    for (int t = 0; t < threads; ++t)
      running.emplace_back([&] {
        for (int i = 0; i < each; ++i)
          for (const auto p : l.choose("anna", all, at_most(7)).places) ++counts[p];
      });
  }
  for (const auto& c : counts) BOOST_TEST(c == 7);
}

BOOST_AUTO_TEST_CASE(decisions_at_the_same_time_keep_the_caps_of_many_viewers) {
  library l{128};  // most are dropped from memory, and come back
  constexpr int threads = 4, each = 2'500, viewers = 300, campaigns = 2;
  std::array<std::array<std::atomic<int>, campaigns>, viewers> counts{};
  std::vector<ads::pod_candidate> all;
  for (const auto* name : {"a", "b", "c", "d"})
    all.push_back(ad(name, all.size() % 2 == 0 ? "spring" : "summer"));
  {
    std::vector<std::jthread> running;
    for (int t = 0; t < threads; ++t)
      running.emplace_back([&, t] {
        std::mt19937 random{static_cast<unsigned>(t)};
        std::vector<store_write> waiting;
        const auto commit = [&] {
          static_cast<void>(l.env->write([&](storage::transaction& txn) {
            for (const auto& w : waiting) w.work(txn);
          }));
          waiting.clear();
        };
        for (int i = 0; i < each; ++i) {
          const auto v = random() % viewers;
          const auto choice =
              l.choose(std::to_string(v), all, at_most(3, ads::cap_scope::campaign));
          for (const auto p : choice.places) ++counts[v][p % campaigns];
          if (choice.write) waiting.push_back(*choice.write);
          if (waiting.size() == 50) commit();
        }
        commit();
      });
  }
  int below = 0;
  for (const auto& of_viewer : counts)
    for (const auto& c : of_viewer) {
      BOOST_TEST(c <= 3);
      below += c < 3 ? 1 : 0;
    }
  // Nothing is refused without need: of 33 questions each three are granted.
  BOOST_TEST(below == 0);
  l.open();
  for (int v = 0; v < viewers; ++v)
    BOOST_TEST(l.choose(std::to_string(v), all, at_most(3, ads::cap_scope::campaign)).places ==
               places{});
}

BOOST_AUTO_TEST_CASE(what_was_reported_durable_survives_a_kill) {
  constexpr int reported = 50;
  const scratch_folder folder;
  int pipe[2];
  BOOST_REQUIRE(::pipe(pipe) == 0);
  const auto child = ::fork();
  if (child == 0) {
    auto env = storage::environment::open({folder.path()});
    auto book = exposure_book::open(*env, {1h});
    const std::vector<ads::pod_candidate> all = {ad("a")};
    for (int i = 0;; ++i) {
      const auto choice = (*book)->choose(std::to_string(i), all, 30s, at_most(1), noon);
      if (!(*env)->write(choice.write->work) || ::write(pipe[1], "k", 1) != 1) ::_exit(1);
    }
  }
  ::close(pipe[1]);
  char byte = 0;
  for (int i = 0; i < reported; ++i) BOOST_TEST_REQUIRE(::read(pipe[0], &byte, 1) == 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(pipe[0]);
  const auto env = *storage::environment::open({folder.path()});
  const auto book = *exposure_book::open(env, {1h});
  const std::vector<ads::pod_candidate> all = {ad("a")};
  for (int i = 0; i < reported; ++i)
    BOOST_TEST(book->choose(std::to_string(i), all, 30s, at_most(1), noon).places == places{});
}

BOOST_AUTO_TEST_SUITE_END()
