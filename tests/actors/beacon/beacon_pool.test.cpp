// Tracking requests: kept before anybody is told so, made until they have arrived, and not twice.
#include "actors/beacon/beacon_pool.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "actors/analytics/event_log.hpp"
#include "tests/actors/beacon/post_office.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(beacon_pools)

BOOST_AUTO_TEST_CASE(what_is_accepted_is_sent_once_and_is_not_kept_then) {
  post_office p;
  BOOST_TEST(p.accept("http://a.test/1").value());
  BOOST_TEST(p.sent == "http://a.test/1 ");
  BOOST_TEST(p.waiting() == 1u);  // until it is written that it has arrived
  p.pass(100ms);
  BOOST_TEST(p.waiting() == 0u);
  p.pass(1h);
  BOOST_TEST(p.sent == "http://a.test/1 ");
  BOOST_TEST(p.counters->delivered.load() == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_is_told_or_sent_before_it_is_on_disk) {
  const auto store = std::make_shared<disk>();
  post_office p{store};
  store->broken_asks = true;
  BOOST_TEST(!p.accept("http://a.test/1").value());
  BOOST_TEST(p.sent == "");
  BOOST_TEST(p.counters->refused.load() == 1u);
}

BOOST_AUTO_TEST_CASE(an_event_happens_once_also_in_another_life) {
  const auto store = std::make_shared<disk>();
  {
    post_office p{store};
    p.accept("http://a.test/1", "session/start");
    BOOST_TEST(p.accept("http://a.test/2", "session/start").value());
    p.accept("http://a.test/3", "session/complete");
    BOOST_TEST(p.sent == "http://a.test/1 http://a.test/3 ");
    BOOST_TEST(p.counters->duplicates.load() == 1u);
    p.pass(100ms);
  }
  post_office p{store, noon + 23h};
  p.accept("http://a.test/1", "session/start");
  BOOST_TEST(p.sent == "");
  p.pass(61min);
  p.accept("http://a.test/1", "session/start");
  BOOST_TEST(p.sent == "http://a.test/1 ");
}

BOOST_AUTO_TEST_CASE(an_event_is_counted_once_also_in_another_life) {
  const auto store = std::make_shared<disk>();
  {
    post_office p{store};
    p.happen("firstQuartile", "start");  // nothing has begun
    BOOST_TEST(p.happen("start").value());
    p.happen("start");
    p.happen("firstQuartile", "start");
    BOOST_TEST(p.counted(noon) == "firstQuartile 1, start 1, ");
    BOOST_TEST(p.sent == "");
  }
  post_office p{store, noon + 1h};
  BOOST_TEST(p.happen("start").value());
  p.happen("midpoint", "firstQuartile");
  BOOST_TEST(p.counted(noon) == "firstQuartile 1, start 1, ");
  BOOST_TEST(p.counted(noon + 1h) == "midpoint 1, ");
}

BOOST_AUTO_TEST_CASE(what_has_happened_is_in_the_log_of_events_once) {
  const scratch_folder folder;
  const auto log = *event_log::open({folder.path()}, [] { return noon; });
  const auto store = std::make_shared<disk>();
  {
    post_office p{store, noon, {}, log};
    p.happen("firstQuartile", "start");
    p.happen("start");
    p.happen("start");
    store->broken_asks = true;
    p.happen("firstQuartile", "start");
    store->broken_asks = false;
    p.accept("http://a.test/1");  // is not counted
    p.happen("midpoint", "start");
  }
  log->close();
  const auto text = read_all(folder / "events-20261124T120000.000Z.jsonl");
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 2);
  BOOST_TEST(text.find("\"event\":\"start\"") < text.find("\"event\":\"midpoint\""));
}

BOOST_AUTO_TEST_CASE(what_is_not_on_disk_has_not_happened_and_is_counted_when_it_has) {
  const auto store = std::make_shared<disk>();
  post_office p{store};
  store->broken_asks = true;
  BOOST_TEST(!p.happen("start").value());
  BOOST_TEST(p.happened.empty());
  BOOST_TEST(p.counters->events_refused.load() == 1u);
  BOOST_TEST(p.counters->refused.load() == 0u);  // nobody was to be told
  store->broken_asks = false;
  BOOST_TEST(p.happen("start").value());
  BOOST_TEST(p.counted(noon) == "start 1, ");
}

BOOST_AUTO_TEST_CASE(who_asks_is_told_which_events_have_happened) {
  const std::vector<std::string> start{"start"};
  post_office p;
  p.accept("http://a.test/q1", "q1", "tv/one", "start");
  BOOST_TEST(p.happened.empty());
  p.accept("http://a.test/start", "start");
  BOOST_TEST(p.happened == start);
  p.accept("http://a.test/start", "start");
  BOOST_TEST(p.happened == start);
  p.close();
  p.accept("http://a.test/start", "start");
  BOOST_TEST(p.happened.empty());
}

BOOST_AUTO_TEST_CASE(what_follows_from_something_does_not_happen_without_it) {
  post_office p;
  BOOST_TEST(p.accept("http://a.test/q1", "q1", "tv/one", "start").value());
  BOOST_TEST(p.sent == "");
  p.accept("http://a.test/start", "start");
  p.accept("http://a.test/q1", "q1", "tv/one", "start");
  BOOST_TEST(p.sent == "http://a.test/start http://a.test/q1 ");
  BOOST_TEST(p.counters->out_of_order.load() == 1u);
}

BOOST_AUTO_TEST_CASE(since_when_the_oldest_has_been_due_is_known_though_its_host_is_left_alone) {
  post_office p;
  BOOST_TEST(!p.counters->due.oldest());
  for (int i = 0; i < 5; ++i) {
    const auto url = "http://a.test/" + std::to_string(i);
    p.answers[url] = 500;
    p.accept(url);
  }
  p.pass(100ms);
  BOOST_TEST(p.counters->hosts_left_alone.load() == 1);
  p.accept("http://b.test/1");
  const auto begun = p.now();
  p.accept("http://a.test/new");
  p.pass(4s);
  BOOST_TEST(p.sent.find("http://a.test/new") == std::string::npos);
  const auto oldest = p.counters->due.oldest();
  BOOST_REQUIRE(oldest.has_value());
  BOOST_TEST((*oldest <= begun));
  BOOST_TEST((*oldest >= noon));
  p.answers.clear();
  p.pass(5min);
  BOOST_TEST(p.waiting() == 0u);
  BOOST_TEST(!p.counters->due.oldest());
  BOOST_TEST(p.counters->mailbox.read().total() > 0u);
}

BOOST_AUTO_TEST_CASE(what_fails_is_tried_again_with_pauses_until_it_arrives) {
  post_office p;
  p.answers["http://a.test/1"] = 500;
  p.accept("http://a.test/1");
  p.pass(20s);
  const auto times = p.counters->retries.load();
  BOOST_TEST(times >= 3u);
  BOOST_TEST(times < 8u);
  BOOST_TEST(p.waiting() == 1u);
  p.answers.clear();
  p.pass(10min);
  BOOST_TEST(p.waiting() == 0u);
  BOOST_TEST(p.counters->delivered.load() == 1u);
  BOOST_TEST(p.dead() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_refused_or_fails_too_often_is_given_up_and_kept_apart) {
  post_office p;
  p.answers = {{"http://a.test/gone", 410}, {"http://b.test/down", 503}};
  p.accept("http://a.test/gone");
  p.accept("http://b.test/down", "", "tv/hasty");
  p.pass(1min);
  BOOST_TEST(p.waiting() == 0u);
  BOOST_TEST(p.dead() == 2u);
  const auto all = *p.outbox->dead("", 10);
  const auto gone = read_beacon(all[0].record), down = read_beacon(all[1].record);
  BOOST_REQUIRE((gone && down));
  BOOST_TEST(gone->what.url == "http://a.test/gone");
  BOOST_TEST(gone->problem == "HTTP 410");
  BOOST_TEST(gone->attempts == 1u);
  BOOST_TEST(down->attempts == 2u);
}

BOOST_AUTO_TEST_CASE(a_process_that_was_killed_sends_what_was_not_confirmed_and_nothing_else) {
  const auto store = std::make_shared<disk>();
  {
    post_office p{store};
    p.accept("http://a.test/done");
    p.pass(100ms);
    p.fetcher->silent = true;
    p.accept("http://a.test/under-way");
    p.accept("http://b.test/under-way");
  }
  post_office p{store};
  p.pass(1s);
  BOOST_TEST(p.fetcher->requests["http://a.test/done"] == 0);
  BOOST_TEST(p.fetcher->requests["http://a.test/under-way"] == 1);
  BOOST_TEST(p.fetcher->requests["http://b.test/under-way"] == 1);
  BOOST_TEST(p.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(a_node_that_stops_waits_for_what_is_under_way_and_begins_nothing) {
  const auto store = std::make_shared<disk>();
  {
    post_office p{store};
    p.fetcher->held = "http://a.test/slow";
    p.accept("http://a.test/slow");
    const auto ended = p.end();
    p.accept("http://a.test/late");
    p.pass(1s);
    BOOST_TEST(!*ended);
    BOOST_TEST(p.sent == "");
    p.fetcher->answer_all();
    p.pass(50ms);
    BOOST_TEST(*ended);
    BOOST_TEST(p.sent == "http://a.test/slow ");
    BOOST_TEST(p.waiting() == 1u);
  }
  post_office p{store};
  p.pass(1s);
  BOOST_TEST(p.sent == "http://a.test/late ");
}

BOOST_AUTO_TEST_CASE(that_a_node_stops_is_no_failure_of_a_host) {
  const auto store = std::make_shared<disk>();
  post_office p{store};
  p.fetcher->silent = true;
  p.accept("http://a.test/1");
  const auto ended = p.end();
  p.answers["http://a.test/1"] = 503;
  p.fetcher->answer_all();
  p.pass(100ms);
  BOOST_TEST(*ended);
  BOOST_TEST(p.counters->retries.load() == 0u);
  const auto kept = p.outbox->some(queue_of("http://a.test/1"), {}, 10);
  BOOST_REQUIRE(kept->size() == 1u);
  BOOST_TEST(read_beacon(kept->front().record)->attempts == 0u);
}

BOOST_AUTO_TEST_CASE(who_comes_when_all_is_closed_is_refused) {
  post_office p;
  p.close();
  BOOST_TEST(!p.accept("http://a.test/1").value());
  BOOST_TEST(p.counters->refused.load() == 1u);
}

BOOST_AUTO_TEST_CASE(who_redirects_has_been_told_whatever_becomes_of_the_rest) {
  post_office p;
  p.fetcher->answer = [&](const fetch_request& r) -> result<fetch_response> {
    p.sent += r.url + ' ';
    auto out = status(r, r.url.ends_with("/1") ? 302 : 503);
    out.location = "/elsewhere";
    return out;
  };
  p.accept("http://a.test/1");
  p.pass(1h);
  BOOST_TEST(p.sent == "http://a.test/1 http://a.test/elsewhere ");
  BOOST_TEST(p.waiting() == 0u);
  BOOST_TEST(p.counters->delivered.load() == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_node_was_away_for_too_long_to_send_is_tried_once) {
  const auto store = std::make_shared<disk>();
  {
    post_office p{store};
    p.fetcher->silent = true;
    p.accept("http://a.test/1");
  }
  post_office p{store, noon + 5h};
  p.pass(1s);
  BOOST_TEST(p.sent == "http://a.test/1 ");
}

BOOST_AUTO_TEST_CASE(more_hosts_than_are_looked_after_at_a_time_come_all_in_turn) {
  post_office p;
  p.fetcher->silent = true;
  constexpr int many = 5000;
  for (int i = 0; i < many; ++i) p.accept("http://host" + std::to_string(i) + ".test/");
  p.fetcher->answer_all();
  for (int i = 0; i < 10; ++i) p.pass(1s);
  BOOST_TEST(p.waiting() == 0u);
  BOOST_TEST(p.counters->delivered.load() == 5000u);
}

BOOST_AUTO_TEST_CASE(a_host_that_hangs_is_in_nobodys_way) {
  post_office p;
  p.fetcher->held = "http://slow.test/";
  for (int i = 0; i < 1000; ++i) p.accept("http://slow.test/");
  p.accept("http://good.test/");
  BOOST_TEST(p.sent == "http://good.test/ ");
  BOOST_TEST(p.fetcher->requests["http://slow.test/"] == 64);
}

// However many may be under way to one host: with nothing but those that are slow and answer, the
// others would have one place each.
BOOST_AUTO_TEST_CASE(a_host_takes_half_of_what_others_leave) {
  post_office p{std::make_shared<disk>(), noon, {}, nullptr, [](beacon_arguments& a) {
                  a.limits.max_concurrent = 10'000;
                  a.max_under_way = 200;
                }};
  p.fetcher->silent = true;
  const auto under_way = [&](const std::string& url) {
    for (int i = 0; i < 300; ++i) p.accept(url);
    return p.fetcher->requests[url];
  };
  // Of 100 places of each of two actors.
  BOOST_TEST(under_way("http://slow.test/") == 50);
  for (const auto* other : {"http://a.test/", "http://b.test/", "http://c.test/"})
    BOOST_TEST(under_way(other) >= 6);
}

BOOST_AUTO_TEST_CASE(hosts_come_and_go_where_requests_are_limited_by_the_second) {
  post_office p{std::make_shared<disk>(), noon, {}, nullptr, [](beacon_arguments& a) {
                  a.limits.max_per_second = 500;
                  a.max_hosts = 100;
                }};
  for (int i = 0; i < 600; ++i) {
    p.accept("http://host" + std::to_string(i) + ".test/");
    if (i % 50 == 0) p.pass(2s);
  }
  p.pass(5s);
  BOOST_TEST(p.counters->delivered.load() == 600u);
}

BOOST_AUTO_TEST_CASE(hosts_that_strangers_make_up_keep_out_none_that_is_well) {
  post_office p{
      std::make_shared<disk>(), noon, {}, nullptr, [](beacon_arguments& a) { a.max_hosts = 100; }};
  const auto good = p.fetcher->answer;
  p.fetcher->answer = [&](const fetch_request& r) -> result<fetch_response> {
    if (r.url.starts_with("http://made-up")) return error{errc::unavailable, r.url, "not there"};
    return good(r);
  };
  // One view of an ad each, so that many are left alone.
  for (int i = 0; i < 500; ++i) {
    const auto host = "http://made-up" + std::to_string(i) + ".test/";
    for (int event = 0; event < 6; ++event) p.accept(host + std::to_string(event));
    if (i % 25 == 0) p.pass(1s);
  }
  for (int i = 0; i < 20; ++i) {
    p.accept("http://good.test/" + std::to_string(i));
    p.pass(200ms);
  }
  p.pass(5s);  // who comes when there is no room waits for a look at the disk
  for (int i = 0; i < 20; ++i)
    BOOST_TEST(p.fetcher->requests["http://good.test/" + std::to_string(i)] == 1, i);
}

BOOST_AUTO_TEST_CASE(so_many_redirects_are_followed_at_a_time) {
  post_office p;
  p.fetcher->held = "http://hangs.test/";
  p.fetcher->answer = [](const fetch_request& r) -> result<fetch_response> {
    auto out = status(r, 302);
    out.location = "http://hangs.test/";
    return out;
  };
  for (int i = 0; i < 300; ++i) p.accept("http://a.test/" + std::to_string(i));
  BOOST_TEST(p.fetcher->requests["http://hangs.test/"] == 256);
  BOOST_TEST(p.counters->not_followed.load() == 44u);
  p.pass(100ms);
  BOOST_TEST(p.counters->delivered.load() == 300u);
}

BOOST_AUTO_TEST_CASE(a_backlog_larger_than_memory_arrives_whole_and_once) {
  post_office p;
  p.fetcher->silent = true;
  constexpr int many = 3000;
  for (int i = 0; i < many; ++i) p.accept("http://a.test/" + std::to_string(i));
  p.fetcher->answer_all();
  p.pass(5s);
  BOOST_TEST(p.waiting() == 0u);
  for (int i = 0; i < many; ++i)
    BOOST_TEST(p.fetcher->requests["http://a.test/" + std::to_string(i)] == 1);
}

BOOST_AUTO_TEST_CASE(what_nobody_is_told_of_needs_no_room) {
  post_office p{std::make_shared<disk>(), noon, {.max_entries = 0}};
  BOOST_TEST(!p.accept("http://a.test/1").value());
  BOOST_TEST(p.happen("start").value());
  BOOST_TEST(p.counted(noon) == "start 1, ");
}

BOOST_AUTO_TEST_CASE(what_there_is_no_room_for_is_refused_and_may_come_again) {
  post_office p{std::make_shared<disk>(), noon, {.max_entries = 1}};
  p.fetcher->silent = true;
  p.accept("http://a.test/1", "one");
  BOOST_TEST(!p.accept("http://a.test/2", "two").value());
  p.fetcher->answer_all();
  p.pass(1s);
  BOOST_TEST(p.accept("http://a.test/2", "two").value());
  BOOST_TEST(p.fetcher->requests["http://a.test/2"] == 1);
}

BOOST_AUTO_TEST_CASE(a_disk_that_fails_for_a_while_has_nothing_sent_twice) {
  const auto store = std::make_shared<disk>();
  post_office p{store};
  p.accept("http://a.test/1");
  store->broken = true;
  p.pass(3s);
  BOOST_TEST(p.waiting() == 1u);
  store->broken = false;
  p.pass(3s);
  BOOST_TEST(p.waiting() == 0u);
  BOOST_TEST(p.sent == "http://a.test/1 ");
}

BOOST_AUTO_TEST_CASE(an_actor_that_fails_is_started_again_and_goes_on) {
  post_office p;
  const auto good = p.fetcher->answer;
  p.fetcher->answer = [](const fetch_request&) -> result<fetch_response> {
    throw std::runtime_error{"out of sorts"};
  };
  p.accept("http://a.test/1");
  BOOST_TEST(p.counters->under_way.load() == 0);
  p.fetcher->answer = good;
  p.pass(2s);
  BOOST_TEST(p.sent == "http://a.test/1 ");
  BOOST_TEST(p.waiting() == 0u);
  BOOST_TEST(p.counters->under_way.load() == 0);
}

// Macros make a short URL as long as whoever wrote it likes.
BOOST_AUTO_TEST_CASE(a_request_that_is_too_long_is_refused_alone) {
  post_office p;
  beacon_event event{"start"};
  event.beacons = {post_office::pixel("http://a.test/?" + std::string(20'000, 'x')),
                   post_office::pixel("http://a.test/1")};
  BOOST_TEST(p.accept_together({{event}}) == "k");
  BOOST_TEST(p.sent == "http://a.test/1 ");
  BOOST_TEST(p.counters->refused.load() == 1u);
}

BOOST_AUTO_TEST_CASE(a_record_that_cannot_be_read_is_dropped_and_stops_nobody) {
  const auto store = std::make_shared<disk>();
  {
    const auto box = *storage::outbox::open(store->env, {});
    store->keep({[&](storage::transaction& t) {
      box.put(t, queue_of("http://a.test/"), noon - 1s, "no record");
    }});
  }
  post_office p{store};
  p.accept("http://a.test/1");
  p.pass(2s);
  BOOST_TEST(p.sent == "http://a.test/1 ");
  BOOST_TEST(p.waiting() == 0u);
}

beacon_event event_of(const std::string& key, std::size_t pixels, const std::string& after = "") {
  beacon_event out{key, after};
  for (std::size_t i = 0; i < pixels; ++i)
    out.beacons.push_back(post_office::pixel("http://a.test/" + key + std::to_string(i)));
  return out;
}

BOOST_AUTO_TEST_CASE(what_is_handed_over_together_shares_a_write) {
  const auto store = std::make_shared<disk>();
  post_office p{store};
  const auto before = store->writes;
  BOOST_TEST(p.accept_together({{event_of("a", 1)}, {event_of("b", 2)}, {event_of("c", 0)}}) ==
             "kkk");
  BOOST_TEST(store->writes == before + 1);
  BOOST_TEST(p.sent == "http://a.test/a0 http://a.test/b0 http://a.test/b1 ");
  BOOST_TEST(p.counters->accepted == 3u);
}

BOOST_AUTO_TEST_CASE(what_is_handed_over_twice_at_a_time_happens_once) {
  post_office p;
  BOOST_TEST(p.accept_together({{event_of("a", 1)}, {event_of("a", 1)}, {event_of("b", 1, "a")}}) ==
             "kkk");
  BOOST_TEST(p.sent == "http://a.test/a0 http://a.test/b0 ");
  BOOST_TEST(p.counters->duplicates == 1u);
  BOOST_TEST(p.counters->out_of_order == 0u);
}

BOOST_AUTO_TEST_CASE(one_for_which_there_is_no_room_leaves_it_to_another) {
  post_office p{std::make_shared<disk>(), noon, {2}};
  BOOST_TEST(p.accept_together({{event_of("a", 3)}, {event_of("b", 2)}, {event_of("c", 1)}}) ==
             "rkr");
  BOOST_TEST(p.sent == "http://a.test/b0 http://a.test/b1 ");
  BOOST_TEST(p.counters->refused == 4u);
  BOOST_TEST(p.counters->events_refused == 2u);
}

BOOST_AUTO_TEST_CASE(a_disk_that_fails_keeps_none_of_those_that_came_together) {
  const auto store = std::make_shared<disk>();
  post_office p{store};
  store->broken_asks = true;
  BOOST_TEST(p.accept_together({{event_of("a", 1)}, {event_of("b", 1)}}) == "rr");
  BOOST_TEST(p.sent == "");
  store->broken_asks = false;
  BOOST_TEST(p.accept_together({{event_of("a", 1)}, {event_of("b", 1)}}) == "kk");
}

BOOST_AUTO_TEST_CASE(what_was_handed_over_before_the_end_is_kept) {
  post_office p;
  BOOST_TEST(p.accept_together({{event_of("a", 1)}, {event_of("b", 1)}}, true) == "kk");
  BOOST_TEST(p.accept_together({{event_of("c", 1)}}) == "r");
}

// An ad server may name anything.
BOOST_AUTO_TEST_CASE(a_request_to_nowhere_is_given_up) {
  post_office p;
  p.fetcher->held = "nobody";  // else whoever has no name
  p.fetcher->answer = [](const fetch_request& r) -> result<fetch_response> {
    return error{errc::malformed, r.url, "it is empty"};
  };
  p.accept("");
  p.pass(1s);
  BOOST_TEST(p.waiting() == 0u);
  BOOST_TEST(p.dead() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_kept_of_a_request_reads_as_it_was_written) {
  beacon_record r{post_office::pixel("http://a.test/?x=\"\xe2\x82\xac\""), noon + 1us, 3, "why"};
  const auto read = read_beacon(write_beacon(r));
  BOOST_REQUIRE(read);
  BOOST_TEST(read->what.url == r.what.url);
  BOOST_TEST((read->what.headers == r.what.headers));
  BOOST_TEST(read->what.event == "start");
  BOOST_TEST(read->what.session == "session");
  BOOST_TEST((read->accepted == r.accepted));
  BOOST_TEST(read->attempts == 3u);
  BOOST_TEST(read->problem == "why");
}

BOOST_AUTO_TEST_CASE(a_packed_request_tells_the_same) {
  const beacon_record r{post_office::pixel("http://a.test/?x"), noon, 2, "why"};
  const packed_beacon p{r};
  BOOST_TEST(p.url() == r.what.url);
  BOOST_TEST(p.channel() == r.what.channel);
  BOOST_TEST((p.headers() == r.what.headers));
  BOOST_TEST((p.accepted() == noon));
  BOOST_TEST(p.attempts() == 2u);
  BOOST_TEST(p.unpack().problem == "why");
  const auto read = packed_beacon::read(p.text());
  BOOST_REQUIRE(read);
  BOOST_TEST(read->text() == p.text());
  BOOST_TEST((read->accepted() == noon));
  BOOST_TEST(read->attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_no_record_is_known_as_none) {
  const auto whole = write_beacon({post_office::pixel("http://a.test/"), noon, 0, ""});
  std::vector<std::string> all{"{}", whole + "x"};
  for (std::size_t size = 0; size < whole.size(); ++size) all.push_back(whole.substr(0, size));
  for (const auto& text : all) {
    BOOST_TEST(!read_beacon(text), text.size());
    BOOST_TEST(!packed_beacon::read(text), text.size());
  }
}

BOOST_AUTO_TEST_CASE(each_host_and_port_has_a_queue_of_its_own) {
  const auto one = queue_of("http://a.test/x?y=//b");
  BOOST_TEST(one == queue_of("HTTP://A.test/other"));
  for (const auto* other : {"https://a.test/x", "http://a.test:81/x", "http://b.test/x"})
    BOOST_TEST(one != queue_of(other), other);
}

BOOST_AUTO_TEST_SUITE_END()
