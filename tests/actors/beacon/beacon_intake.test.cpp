// Whether a load balancer should send viewers: not where what they see would be told to nobody.
#include "actors/beacon/beacon_intake.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/actors/beacon/post_office.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(beacon_intakes)

BOOST_AUTO_TEST_CASE(a_full_outbox_is_open_again_when_a_twentieth_is_free) {
  beacon_intake door{100};
  BOOST_TEST((door.look(99, noon) == intake::open));
  BOOST_TEST((door.look(100, noon) == intake::full));
  BOOST_TEST((door.look(96, noon) == intake::full));
  BOOST_TEST((door.look(95, noon) == intake::open));
  BOOST_TEST((door.look(99, noon) == intake::open));
  // What comes together has to fit together.
  door.found_no_room();
  BOOST_TEST((door.look(99, noon) == intake::full));
  BOOST_TEST((door.look(0, noon) == intake::open));
}

BOOST_AUTO_TEST_CASE(the_smallest_outbox_opens_again_as_well) {
  beacon_intake door{1};
  BOOST_TEST((door.look(1, noon) == intake::full));
  BOOST_TEST((door.look(0, noon) == intake::open));
}

BOOST_AUTO_TEST_CASE(a_store_that_failed_has_to_work_for_a_while) {
  beacon_intake door{100};
  door.store_answered(true, noon);
  BOOST_TEST((door.look(0, noon) == intake::open));
  door.store_answered(false, noon);
  BOOST_TEST((door.look(0, noon + 1h) == intake::store_fails));
  door.store_answered(true, noon + 1s);
  BOOST_TEST((door.look(0, noon + 4s) == intake::store_fails));
  door.store_answered(false, noon + 4s);
  door.store_answered(true, noon + 4s);
  BOOST_TEST((door.look(0, noon + 8s) == intake::store_fails));
  BOOST_TEST((door.look(0, noon + 9s) == intake::open));
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_is_tried_once_a_second_one_trial_at_a_time) {
  beacon_intake door{100};
  BOOST_TEST(!door.wants_trial(noon));
  door.store_answered(false, noon);
  BOOST_TEST(!door.wants_trial(noon + 900ms));
  BOOST_TEST(door.wants_trial(noon + 1s));
  BOOST_TEST(!door.wants_trial(noon + 5s));
  door.store_answered(false, noon + 5s);
  BOOST_TEST(door.wants_trial(noon + 6s));
  door.store_answered(true, noon + 6s);
  BOOST_TEST(!door.wants_trial(noon + 8s));
}

BOOST_AUTO_TEST_CASE(a_node_whose_outbox_is_full_says_so_until_something_has_been_sent) {
  post_office p{std::make_shared<disk>(), noon, {.max_entries = 2}};
  p.fetcher->silent = true;
  BOOST_TEST(p.why_refused() == "");
  p.accept("http://a.test/1");
  BOOST_TEST(p.why_refused() == "");
  p.accept("http://a.test/2");
  BOOST_TEST(p.why_refused().find("beacons.max_waiting") != std::string::npos);
  p.fetcher->answer_all();
  p.pass(1s);
  BOOST_TEST(p.why_refused() == "");
}

BOOST_AUTO_TEST_CASE(a_node_whose_disk_is_full_finds_out_by_itself_that_it_is_not_any_more) {
  const auto store = std::make_shared<disk>();
  post_office p{store};
  store->broken_asks = true;
  BOOST_TEST(!p.accept("http://a.test/1").value());
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST(p.why_refused().find("disk") != std::string::npos);
    p.pass(1s);
  }
  store->broken_asks = false;
  p.pass(1s);
  p.why_refused();  // which has the store tried
  BOOST_TEST(p.why_refused() != "");
  p.pass(5s);
  BOOST_TEST(p.why_refused() == "");
}

BOOST_AUTO_TEST_CASE(a_node_that_stops_takes_nothing_more) {
  post_office p;
  p.close();
  BOOST_TEST(p.why_refused() == "the node is stopping");
}

BOOST_AUTO_TEST_SUITE_END()
