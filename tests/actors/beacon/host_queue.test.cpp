#include "actors/beacon/host_queue.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace std::chrono_literals;

namespace {

const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");
const steady_instant start{1h};
const delivery good{}, bad{delivery_outcome::postponed, "", std::nullopt, true};

held_beacon number(std::uint64_t id, instant due = noon) {
  return {{7, due, id}, packed_beacon{{{}, due, 0, {}}}};
}

std::string ids(const std::vector<held_beacon>& all) {
  std::string out;
  for (const auto& b : all) out += std::to_string(b.place.id) + ' ';
  return out;
}

host_limits at_most(std::uint64_t concurrent) {
  host_limits l;
  l.max_concurrent = concurrent;
  return l;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(host_queues)

BOOST_AUTO_TEST_CASE(only_so_many_are_under_way) {
  host_queue q{at_most(2)};
  for (std::uint64_t i = 0; i < 5; ++i) q.add(number(i));
  BOOST_TEST(ids(q.take(start)) == "0 1 ");
  BOOST_TEST(ids(q.take(start)) == "");
  BOOST_TEST(!q.next(noon, start));
  q.finished(good, start, start);
  BOOST_TEST((q.next(noon, start) == start));
  BOOST_TEST(ids(q.take(start)) == "2 ");
}

BOOST_AUTO_TEST_CASE(what_was_due_first_is_told_unless_it_is_under_way) {
  host_queue q{at_most(1)};
  BOOST_TEST(!q.first_due());
  q.add(number(1, noon));
  q.wait_for(noon + 1min);
  BOOST_TEST((q.first_due() == noon));
  q.take(start);
  BOOST_TEST((q.first_due() == noon + 1min));
  q.add_stored({number(2, noon - 1min)}, true, noon);
  BOOST_TEST((q.first_due() == noon - 1min));
}

BOOST_AUTO_TEST_CASE(new_ones_and_those_from_disk_take_turns) {
  host_queue q{at_most(100)};
  q.wait_for(noon);
  std::vector<held_beacon> old;
  for (std::uint64_t i = 0; i < 4; ++i) old.push_back(number(i, noon - 1min));
  q.add_stored(old, true, noon);
  for (std::uint64_t i = 10; i < 12; ++i) q.add(number(i));
  BOOST_TEST(ids(q.take(start)) == "10 0 11 1 2 3 ");
}

BOOST_AUTO_TEST_CASE(where_new_ones_come_fast_they_go_first_and_the_others_go_on) {
  host_queue q{at_most(10'000)};
  q.wait_for(noon);
  std::vector<held_beacon> old;
  for (std::uint64_t i = 0; i < 400; ++i) old.push_back(number(i, noon - 1min));
  q.add_stored(old, true, noon);
  for (std::uint64_t i = 1000; i < 1400; ++i) q.add(number(i));
  std::size_t from_disk = 0;
  for (const auto& b : q.take(start, 80))
    if (b.place.id < 1000) ++from_disk;
  BOOST_TEST(from_disk == 10u);
}

BOOST_AUTO_TEST_CASE(more_than_fit_into_memory_are_read_from_disk_when_there_is_room) {
  host_queue q{at_most(10'000)};
  const auto most = host_queue::most_in_memory;
  for (std::uint64_t i = 0; i < most + 5; ++i) q.add(number(i, noon + i * 1ms));
  BOOST_TEST(q.wanted(noon) == 0u);
  BOOST_TEST(q.wanted(noon + 1s) > most);
  BOOST_TEST(q.take(start).size() == most);
  std::vector<held_beacon> on_disk;
  for (std::uint64_t i = 0; i < most + 5; ++i) on_disk.push_back(number(i, noon + i * 1ms));
  q.add_stored(on_disk, true, noon + 1s);
  BOOST_TEST(ids(q.take(start)) == "500 501 502 503 504 ");
  BOOST_TEST(q.wanted(noon + 1s) == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_due_later_is_looked_for_then) {
  host_queue q{at_most(10)};
  q.wait_for(noon + 5s);
  q.wait_for(noon + 9s);
  BOOST_TEST(q.wanted(noon) == 0u);
  BOOST_TEST((q.next(noon, start) == start + 5s));
  BOOST_TEST(q.wanted(noon + 5s) > 0u);
  q.add_stored({number(1, noon + 5s), number(2, noon + 9s)}, true, noon + 5s);
  BOOST_TEST(ids(q.take(start + 5s)) == "1 ");
  BOOST_TEST((q.next(noon + 5s, start + 5s) == start + 9s));
  BOOST_TEST(!q.is_empty());
  q.finished(good, start, start + 6s);
  q.settled(1);
  q.add_stored({number(2, noon + 9s)}, true, noon + 9s);
  q.take(start + 9s);
  q.finished(good, start + 9s, start + 9s);
  BOOST_TEST(!q.is_empty());
  q.settled(2);
  BOOST_TEST(q.is_empty());
}

BOOST_AUTO_TEST_CASE(what_has_been_sent_and_stands_on_disk_yet_is_not_sent_again) {
  host_queue q{at_most(10)};
  q.add(number(1));
  q.take(start);
  q.finished(good, start, start);
  q.wait_for(noon);
  q.add_stored({number(1), number(2)}, true, noon);
  BOOST_TEST(ids(q.take(start)) == "2 ");
}

BOOST_AUTO_TEST_CASE(a_host_that_fails_is_left_alone_ever_longer_and_tried_with_one) {
  host_queue q{at_most(10)};
  for (std::uint64_t i = 0; i < 30; ++i) q.add(number(i));
  BOOST_TEST(q.take(start).size() == 10u);
  for (int i = 0; i < 10; ++i) q.finished(bad, start, start);
  BOOST_TEST(q.is_left_alone());
  BOOST_TEST(q.take(start + 4s).empty());
  BOOST_TEST((q.next(noon, start + 4s) == start + 5s));
  BOOST_TEST(q.take(start + 5s).size() == 1u);
  BOOST_TEST(q.take(start + 5s).empty());
  q.finished(bad, start + 5s, start + 6s);
  BOOST_TEST(q.take(start + 15s).empty());
  BOOST_TEST(q.take(start + 16s).size() == 1u);
  q.finished(good, start + 16s, start + 17s);
  BOOST_TEST(!q.is_left_alone());
  BOOST_TEST(q.take(start + 17s).size() == 10u);
}

BOOST_AUTO_TEST_CASE(a_host_that_says_when_to_come_again_is_not_asked_before) {
  for (const bool host_failed : {true, false}) BOOST_TEST_CONTEXT("host failed " << host_failed) {
      host_queue q{at_most(10)};
      for (std::uint64_t i = 0; i < 30; ++i) q.add(number(i));
      BOOST_TEST(q.take(start).size() == 10u);
      auto later = bad;  // 503, or 429
      later.host_failed = host_failed;
      later.retry_after = 30s;
      for (int i = 0; i < 10; ++i) q.finished(later, start, start);
      BOOST_TEST(q.take(start + 29s).empty());
      BOOST_TEST((q.next(noon, start) == start + 30s));
      BOOST_TEST(q.take(start + 30s).size() == 1u);
      q.finished(later, start + 30s, start + 30s);
      BOOST_TEST((q.next(noon, start + 30s) == start + 60s));
    }
}

BOOST_AUTO_TEST_CASE(those_that_hang_are_no_news_of_a_host_that_was_well_since) {
  host_queue q{at_most(10)};
  for (std::uint64_t i = 0; i < 40; ++i) q.add(number(i));
  q.take(start);
  q.finished(good, start, start + 1s);
  for (int i = 0; i < 9; ++i) q.finished(bad, start, start + 5s);  // no answer in time
  BOOST_TEST(!q.is_left_alone());
  BOOST_TEST(q.take(start + 5s).size() == 10u);
  for (int i = 0; i < 10; ++i) q.finished(bad, start + 5s, start + 10s);
  BOOST_TEST(q.is_left_alone());
}

// A host with many servers of which one is busy: the others have work to do.
BOOST_AUTO_TEST_CASE(one_that_is_to_come_again_holds_up_no_other) {
  host_queue q{at_most(10)};
  for (std::uint64_t i = 0; i < 30; ++i) q.add(number(i));
  auto later = bad;
  later.retry_after = 30s;
  q.take(start);
  for (int i = 0; i < 10; ++i) q.finished(i % 5 == 4 ? good : later, start, start);
  BOOST_TEST(q.take(start).size() == 10u);
}

BOOST_AUTO_TEST_CASE(no_more_are_begun_in_a_second_than_allowed) {
  auto limits = at_most(1000);
  limits.max_per_second = 10;
  host_queue q{limits};
  for (std::uint64_t i = 0; i < 100; ++i) q.add(number(i));
  std::size_t sent = q.take(start).size();
  BOOST_TEST(sent == 10u);
  for (auto t = start; t < start + 3s; t += 50ms) sent += q.take(t).size();
  BOOST_TEST(sent >= 38u);
  BOOST_TEST(sent <= 40u);
}

BOOST_AUTO_TEST_CASE(who_has_waited_for_too_long_is_given_up) {
  host_queue q{at_most(1)};
  q.add(number(1, noon));
  q.add(number(2, noon + 1min));
  const auto max_age = [](const held_beacon&) { return duration{1h}; };
  BOOST_TEST(ids(q.take_expired(noon + 1h, max_age)) == "");
  BOOST_TEST(ids(q.take_expired(noon + 61min, max_age)) == "1 ");
  BOOST_TEST(ids(q.take(start)) == "2 ");
}

// Those that were under way when it asked for a pause, and were served all the same.
BOOST_AUTO_TEST_CASE(a_host_that_is_well_again_is_not_waited_for) {
  host_queue q{at_most(10)};
  for (std::uint64_t i = 0; i < 30; ++i) q.add(number(i));
  q.take(start);
  auto later = bad;
  later.retry_after = 10min;
  for (int i = 0; i < 9; ++i) q.finished(later, start, start);
  BOOST_TEST(q.is_paused(start + 1s));
  q.finished(good, start, start + 1s);
  BOOST_TEST(!q.is_paused(start + 1s));
  BOOST_TEST(q.take(start + 1s).size() == 10u);
}

BOOST_AUTO_TEST_CASE(what_was_begun_counts_for_a_second) {
  auto limits = at_most(10);
  host_queue any{limits};
  any.add(number(1));
  any.take(start);
  BOOST_TEST(!any.is_counted(start));
  limits.max_per_second = 10;
  host_queue limited{limits};
  limited.add(number(1));
  BOOST_TEST(!limited.is_counted(start));
  limited.take(start);
  BOOST_TEST(limited.is_counted(start + 999ms));
  BOOST_TEST(!limited.is_counted(start + 1s));
}

BOOST_AUTO_TEST_SUITE_END()
