#include "storage/counter_table.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <optional>

#include "storage/key_memory.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::storage;
using namespace std::chrono_literals;

namespace {

const hour noon = hour_of(*parse_iso8601("2026-11-24T12:34:56Z"));

struct kept_counters {
  explicit kept_counters(std::uint64_t most_names = 100) : most(most_names) { open(); }
  void open() {
    counters.reset();
    env.reset();
    env = *environment::open({folder.path()});
    counters = *counter_table::open(env, "counters", most);
  }
  bool add(std::string_view group, hour when, std::string_view name, std::uint64_t count = 1) {
    bool added = false;
    BOOST_TEST(
        env->write([&](transaction& t) { added = counters->add(t, group, when, name, count); })
            .has_value());
    return added;
  }
  // "12 a 1, 13 a 2, ": hour of the day, name, count.
  std::string read(std::string_view group, hour from, hour to, std::size_t at_a_time = 1000) {
    std::string out, place;
    do {
      place = *counters->read(group, from, to, place, at_a_time,
                              [&](hour when, std::string_view name, std::uint64_t count) {
                                out += std::to_string((when - noon + 12h).count()) + ' ' +
                                       std::string{name} + ' ' + std::to_string(count) + ", ";
                              });
    } while (!place.empty());
    return out;
  }
  std::size_t sweep(hour first, std::size_t at_most = 100) {
    std::size_t count = 0;
    BOOST_TEST(env->write([&](transaction& t) { count = counters->sweep(t, first, at_most); })
                   .has_value());
    return count;
  }

  std::uint64_t most;
  interlude::test::scratch_folder folder;
  std::shared_ptr<environment> env;
  std::optional<counter_table> counters;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(counter_tables)

BOOST_AUTO_TEST_CASE(counters_grow_and_are_exact_when_opened_again) {
  kept_counters k;
  k.add("tv/one", noon, "a");
  k.add("tv/one", noon, "a", 5'000'000'000);
  k.open();
  k.add("tv/one", noon, "a");
  BOOST_TEST(k.read("tv/one", noon, noon + 1h) == "12 a 5000000002, ");
}

BOOST_AUTO_TEST_CASE(what_a_transaction_does_not_end_is_not_counted) {
  kept_counters k;
  k.add("tv/one", noon, "a");
  struct abandoned {};
  const auto give_up = [&] {
    (void)k.env->write([&](transaction& t) {
      k.counters->add(t, "tv/one", noon, "a", 1);
      throw abandoned{};
    });
  };
  BOOST_CHECK_THROW(give_up(), abandoned);
  BOOST_TEST(k.read("tv/one", noon, noon + 1h) == "12 a 1, ");
}

// What happens once: its key is remembered where it is counted.
BOOST_AUTO_TEST_CASE(a_kill_leaves_what_is_counted_and_what_is_known_in_step) {
  kept_counters k;
  k.env.reset();
  k.counters.reset();
  const auto child = ::fork();
  if (child == 0) {
    const auto env = *environment::open({k.folder.path()});
    const auto counters = *counter_table::open(env, "counters", 100);
    const auto keys = *key_memory::open(env, "keys");
    const auto happen = [&](transaction& t, std::string_view key) {
      if (keys.add(t, key, noon + 24h)) counters.add(t, "tv/one", noon, "a", 1);
    };
    (void)env->write([&](transaction& t) { happen(t, "first"); });
    (void)env->write([&](transaction& t) {
      happen(t, "second");
      ::raise(SIGKILL);
    });
    ::_exit(1);
  }
  int ended = 0;
  BOOST_REQUIRE(::waitpid(child, &ended, 0) == child);
  BOOST_TEST((WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL));
  k.open();
  BOOST_TEST(k.read("tv/one", noon, noon + 1h) == "12 a 1, ");
  const auto keys = *key_memory::open(k.env, "keys");
  BOOST_TEST(k.env
                 ->read([&](const transaction& t) {
                   BOOST_TEST(keys.knows(t, "first"));
                   BOOST_TEST(!keys.knows(t, "second"));
                 })
                 .has_value());
}

BOOST_AUTO_TEST_CASE(they_are_read_by_group_and_hour_in_order) {
  kept_counters k;
  k.add("tv/one", noon + 1h, "a", 2);
  k.add("tv/one", noon, "b", 3);
  k.add("tv/one", noon, "a");
  k.add("tv/one", noon + 3h, "a", 9);
  k.add("tv/on", noon, "x");
  k.add("tv/one-more", noon, "x");
  k.add("tw", noon, "x");
  for (const std::size_t at_a_time : {1u, 2u, 1000u}) {
    BOOST_TEST(k.read("tv/one", noon, noon + 3h, at_a_time) == "12 a 1, 12 b 3, 13 a 2, ");
    BOOST_TEST(k.read("tv/one", noon + 1h, noon + 4h, at_a_time) == "13 a 2, 15 a 9, ");
  }
  BOOST_TEST(k.read("tv/one", noon + 4h, noon + 9h) == "");
  BOOST_TEST(k.read("tv", noon, noon + 9h) == "");
  BOOST_TEST(
      (*k.counters->groups("tv/") == std::vector<std::string>{"tv/on", "tv/one", "tv/one-more"}));
  BOOST_TEST(k.counters->groups("tx")->empty());
  BOOST_TEST(k.counters->groups("")->size() == 4u);
}

BOOST_AUTO_TEST_CASE(an_hour_of_a_group_has_so_many_names_and_no_more) {
  kept_counters k{2};
  BOOST_TEST(k.add("tv/one", noon, "a"));
  BOOST_TEST(k.add("tv/one", noon, "b"));
  BOOST_TEST(!k.add("tv/one", noon, "c"));
  BOOST_TEST(k.add("tv/one", noon, "a"));  // it is there
  BOOST_TEST(k.add("tv/one", noon + 1h, "c"));
  BOOST_TEST(k.add("tv/two", noon, "c"));
  k.open();
  BOOST_TEST(!k.add("tv/one", noon, "c"));
  BOOST_TEST(
      k.env->write([&](transaction& t) { k.counters->add_always(t, "tv/one", noon, "rest", 7); })
          .has_value());
  BOOST_TEST(k.read("tv/one", noon, noon + 1h) == "12 a 2, 12 b 1, 12 rest 7, ");
  BOOST_TEST(!k.add("tv/three", noon, std::string(counter_table::longest_name + 1, 'x')));
  BOOST_TEST(!k.add(std::string(counter_table::longest_group + 1, 'x'), noon, "a"));
  BOOST_TEST(k.add(std::string(counter_table::longest_group, 'x'), noon,
                   std::string(counter_table::longest_name, 'x')));
}

BOOST_AUTO_TEST_CASE(old_hours_are_swept_a_few_at_a_time) {
  kept_counters k{3};
  for (const auto* group : {"tv/one", "tv/two"})
    for (const auto* name : {"a", "b", "c"})
      for (int h = 0; h < 3; ++h) k.add(group, noon + h * 1h, name);
  BOOST_TEST(k.sweep(noon) == 0u);
  BOOST_TEST(k.sweep(noon + 1h, 4) == 4u);
  BOOST_TEST(k.sweep(noon + 1h, 4) == 2u);
  BOOST_TEST(k.sweep(noon + 1h) == 0u);
  BOOST_TEST(k.counters->size().value() == 12u);
  BOOST_TEST(k.read("tv/two", noon, noon + 2h) == "13 a 1, 13 b 1, 13 c 1, ");
  // How many names an hour had is forgotten with them.
  BOOST_TEST(k.add("tv/two", noon, "d"));
  BOOST_TEST(!k.add("tv/two", noon + 1h, "d"));
}

BOOST_AUTO_TEST_SUITE_END()
