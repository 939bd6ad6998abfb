// Tracking requests that were given up: looked at, sent again, deleted.
#include "actors/beacon/beacon_desk.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/actors/beacon/post_office.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

std::string urls_of(const std::vector<dead_beacon>& all) {
  std::string out;
  for (const auto& b : all) out += (b.record ? b.record->what.url : "?") + " ";
  return out;
}

// Two that a host has refused, and one of another host and channel; a second apart.
struct refusals {
  explicit refusals(std::shared_ptr<disk> store = std::make_shared<disk>(),
                    storage::outbox_options options = {})
      : p(std::move(store), noon, options) {
    for (const auto* url : {"http://a.test/1", "http://A.test:81/2?who=me", "http://b.test/3"}) {
      p.answers[url] = 410;
      p.accept(url, "", std::string{url}.ends_with("3") ? "tv/two" : "tv/one");
      p.pass(1s);
    }
    p.answers.clear();
    p.sent.clear();
  }
  post_office p;
};

dead_selection all_with(dead_filter filter) {
  dead_selection out;
  out.filter = std::move(filter);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(beacon_desks)

BOOST_AUTO_TEST_CASE(what_was_given_up_is_listed_with_all_that_is_known_of_it) {
  refusals r;
  const auto all = r.p.given_up();
  BOOST_REQUIRE(all.size() == 3u);
  BOOST_TEST(urls_of(all) == "http://a.test/1 http://A.test:81/2?who=me http://b.test/3 ");
  BOOST_TEST(all[0].name.size() == 32u);
  BOOST_TEST(all[0].name < all[1].name);
  BOOST_TEST((all[0].given_up >= noon && all[0].given_up < noon + 1s));
  BOOST_TEST(all[0].record->problem == "HTTP 410");
  BOOST_TEST(all[0].record->attempts == 1u);
  const auto one = r.p.ask<dead_beacon>(one_dead_wanted{all[1].name, {}});
  BOOST_TEST(one->record->what.url == "http://A.test:81/2?who=me");
  for (const auto& name : {std::string{}, std::string{"zz"}, std::string(32, '0')}) {
    const auto none = r.p.ask<dead_beacon>(one_dead_wanted{name, {}});
    BOOST_TEST((none.error().code == errc::not_found));
  }
}

BOOST_AUTO_TEST_CASE(those_of_a_host_or_channel_can_be_told_apart) {
  refusals r;
  BOOST_TEST(urls_of(r.p.given_up({"tv/two", ""})) == "http://b.test/3 ");
  BOOST_TEST(urls_of(r.p.given_up({"", "a.test"})) == "http://a.test/1 http://A.test:81/2?who=me ");
  BOOST_TEST(urls_of(r.p.given_up({"", "a.test:81"})) == "http://A.test:81/2?who=me ");
  BOOST_TEST(r.p.given_up({"tv/two", "a.test"}).empty());
}

BOOST_AUTO_TEST_CASE(a_long_list_comes_in_pages) {
  refusals r;
  const auto first = *r.p.ask<dead_page>(dead_wanted{{}, {}, 2, {}});
  BOOST_TEST(first.beacons.size() == 2u);
  BOOST_TEST(first.next == first.beacons.back().name);
  const auto second = *r.p.ask<dead_page>(dead_wanted{{}, first.next, 2, {}});
  BOOST_TEST(urls_of(second.beacons) == "http://b.test/3 ");
  BOOST_TEST(second.next == "");
  const auto bad = r.p.ask<dead_page>(dead_wanted{{}, "no name", 2, {}});
  BOOST_TEST((bad.error().code == errc::malformed));
}

BOOST_AUTO_TEST_CASE(what_is_sent_again_goes_out_at_once_and_has_all_its_time_again) {
  refusals r;
  r.p.pass(30h);
  r.p.answers["http://a.test/1"] = 503;
  const auto outcome = r.p.change(dead_change::replay, {{r.p.given_up()[0].name}, {}, {}, {}});
  BOOST_TEST(outcome.done == 1u);
  BOOST_TEST(outcome.missing == 0u);
  BOOST_TEST(r.p.sent == "http://a.test/1 ");
  BOOST_TEST(r.p.dead() == 2u);
  BOOST_TEST(r.p.waiting() == 1u);
  r.p.pass(30s);
  BOOST_TEST(r.p.waiting() == 1u);  // neither too old nor tried too often
  const auto kept = r.p.outbox->some(queue_of("http://a.test/1"), {}, 1);
  BOOST_TEST((read_beacon(kept->front().record)->accepted >= noon + 30h));
  r.p.answers.clear();
  r.p.pass(10min);
  BOOST_TEST(r.p.waiting() == 0u);
  BOOST_TEST(r.p.counters->delivered.load() == 1u);
  BOOST_TEST(r.p.counters->replayed.load() == 1u);
}

BOOST_AUTO_TEST_CASE(all_are_sent_again_once_and_those_of_others_are_left) {
  refusals r;
  BOOST_TEST(r.p.change(dead_change::replay, all_with({"tv/one", ""})).done == 2u);
  BOOST_TEST(r.p.fetcher->requests["http://a.test/1"] == 2);
  BOOST_TEST(r.p.fetcher->requests["http://b.test/3"] == 1);
  r.p.pass(1h);
  BOOST_TEST(r.p.waiting() == 0u);
  BOOST_TEST(r.p.fetcher->requests["http://a.test/1"] == 2);
  BOOST_TEST(urls_of(r.p.given_up()) == "http://b.test/3 ");
}

BOOST_AUTO_TEST_CASE(what_is_refused_once_more_is_not_sent_by_the_same_question_again) {
  refusals r;
  r.p.answers["http://a.test/1"] = 410;
  r.p.change(dead_change::replay, {});
  r.p.pass(1s);
  BOOST_TEST(r.p.fetcher->requests["http://a.test/1"] == 2);
  BOOST_TEST(urls_of(r.p.given_up()) == "http://a.test/1 ");
  // Who goes on with a question says when it was begun.
  dead_selection earlier;
  earlier.until = noon + 2s;
  BOOST_TEST(r.p.change(dead_change::replay, earlier).done == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_replayed_twice_at_a_time_is_sent_once) {
  const auto store = std::make_shared<disk>();
  refusals r{store};
  const auto all = r.p.given_up();
  const auto outcome = r.p.change(dead_change::replay,
                                  {{all[0].name, all[0].name, std::string(32, 'f')}, {}, {}, {}});
  BOOST_TEST(outcome.done == 1u);
  BOOST_TEST(outcome.missing == 2u);
  BOOST_TEST(r.p.sent == "http://a.test/1 ");
}

BOOST_AUTO_TEST_CASE(a_node_that_is_killed_then_has_each_once_in_its_next_life) {
  const auto store = std::make_shared<disk>();
  {
    refusals r{store};
    r.p.fetcher->silent = true;
    r.p.change(dead_change::replay, {});
  }
  post_office p{store, noon + 1h};
  p.pass(1s);
  BOOST_TEST(p.dead() == 0u);
  for (const auto* url : {"http://a.test/1", "http://A.test:81/2?who=me", "http://b.test/3"})
    BOOST_TEST(p.fetcher->requests[url] == 1, url);
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_leaves_them_where_they_are) {
  const auto store = std::make_shared<disk>();
  refusals r{store};
  store->broken_asks = true;
  const auto outcome = r.p.ask<dead_outcome>(dead_change_wanted{dead_change::replay, {}, {}});
  BOOST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().code == errc::internal));
  BOOST_TEST(r.p.sent == "");
  BOOST_TEST(r.p.dead() == 3u);
  store->broken_asks = false;
  BOOST_TEST(r.p.change(dead_change::replay, {}).done == 3u);
}

BOOST_AUTO_TEST_CASE(what_the_outbox_has_no_room_for_stays_given_up) {
  refusals r{std::make_shared<disk>(), {.max_entries = 2}};
  r.p.fetcher->silent = true;
  auto outcome = r.p.change(dead_change::replay, {});
  BOOST_TEST(outcome.done == 2u);
  BOOST_TEST(outcome.full);
  BOOST_TEST(r.p.dead() == 1u);
  BOOST_TEST(r.p.waiting() == 2u);
  r.p.fetcher->answer_all();
  r.p.pass(1s);
  outcome = r.p.change(dead_change::replay, {});
  BOOST_TEST(outcome.done == 1u);
  BOOST_TEST(!outcome.full);
}

BOOST_AUTO_TEST_CASE(what_is_old_leaves_room_for_what_is_new) {
  post_office p{std::make_shared<disk>(), noon, {.max_entries = 20}};
  p.answers["http://a.test/"] = 410;
  for (int i = 0; i < 20; ++i) p.accept("http://a.test/");
  p.pass(1s);
  p.fetcher->silent = true;
  BOOST_TEST(p.change(dead_change::replay, {}).done == 18u);
  BOOST_TEST(p.accept("http://b.test/").value());
}

BOOST_AUTO_TEST_CASE(what_is_deleted_is_gone) {
  refusals r;
  BOOST_TEST(r.p.change(dead_change::drop, all_with({"", "a.test"})).done == 2u);
  BOOST_TEST(urls_of(r.p.given_up()) == "http://b.test/3 ");
  BOOST_TEST(r.p.change(dead_change::drop, {{r.p.given_up()[0].name}, {}, {}, {}}).done == 1u);
  BOOST_TEST(r.p.dead() == 0u);
  r.p.pass(1h);
  BOOST_TEST(r.p.sent == "");
  BOOST_TEST(r.p.counters->dropped.load() == 3u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_listed_and_deleted_but_not_sent) {
  const auto store = std::make_shared<disk>();
  refusals r{store};
  store->keep({[&](storage::transaction& t) {
    const auto place = r.p.outbox->put(t, 1, noon, "x");
    r.p.outbox->bury(t, *place, noon, "no record");
  }});
  BOOST_TEST(r.p.given_up().size() == 4u);
  BOOST_TEST(!r.p.given_up()[0].record.has_value());
  BOOST_TEST(r.p.given_up({"tv/one", ""}).size() == 2u);
  const auto outcome = r.p.change(dead_change::replay, {});
  BOOST_TEST(outcome.done == 3u);
  BOOST_TEST(outcome.unreadable == 1u);
  BOOST_TEST(r.p.change(dead_change::drop, {}).done == 1u);
  BOOST_TEST(r.p.dead() == 0u);
}

BOOST_AUTO_TEST_CASE(very_many_go_in_several_transactions_and_questions) {
  const auto store = std::make_shared<disk>();
  post_office p{store};
  constexpr std::uint64_t many = 12'000;
  const auto text = write_beacon({post_office::pixel("http://a.test/"), noon, 8, "HTTP 503"});
  store->keep({[&](storage::transaction& t) {
    for (std::uint64_t i = 0; i < many; ++i)
      p.outbox->bury(t, *p.outbox->put(t, 1, noon, "x"), noon, text);
  }});
  const int before = store->writes;
  auto outcome = p.change(dead_change::replay, {});
  BOOST_TEST(outcome.done == 10'000u);
  BOOST_TEST(outcome.next != "");
  BOOST_TEST(store->writes - before >= 40);
  dead_selection rest;
  rest.after = outcome.next;
  rest.until = outcome.until;
  outcome = p.change(dead_change::replay, rest);
  BOOST_TEST(outcome.done == 2'000u);
  BOOST_TEST(outcome.next == "");
  p.pass(30s);
  BOOST_TEST(p.waiting() == 0u);
  BOOST_TEST(p.fetcher->requests["http://a.test/"] == 12'000);
}

BOOST_AUTO_TEST_CASE(those_that_wait_are_seen_by_host_the_longest_due_first) {
  post_office p;
  p.fetcher->silent = true;
  p.accept("http://b.test/1");
  p.pass(2s);
  for (int i = 0; i < 3; ++i) p.accept("http://a.test/1");
  p.pass(1s);
  const auto seen = *p.ask<beacon_overview>(overview_wanted{});
  BOOST_TEST(seen.waiting == 4u);
  BOOST_TEST(seen.max_waiting == storage::outbox_options{}.max_entries);
  BOOST_TEST(seen.dead == 0u);
  BOOST_TEST((seen.late == 3s));
  BOOST_REQUIRE(seen.hosts.size() == 2u);
  BOOST_TEST(seen.hosts[0].host == "b.test");
  BOOST_TEST(seen.hosts[1].host == "a.test");
  BOOST_TEST(seen.hosts[1].waiting == 3u);
  BOOST_TEST((seen.hosts[1].due == noon + 2s));
}

BOOST_AUTO_TEST_CASE(what_waits_for_its_next_attempt_is_not_due) {
  post_office p;
  p.answers["http://a.test/1"] = 503;
  p.accept("http://a.test/1");
  p.pass(30s);
  const auto seen = *p.ask<beacon_overview>(overview_wanted{});
  BOOST_REQUIRE(seen.hosts.size() == 1u);
  BOOST_TEST(seen.hosts[0].problem == "HTTP 503");
  BOOST_TEST(seen.hosts[0].attempts >= 3u);
  BOOST_TEST(!seen.late.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
