#include "apps/stop_signals.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

using namespace interlude;

BOOST_AUTO_TEST_SUITE(stop_signals_of_a_program)

BOOST_AUTO_TEST_CASE(what_comes_before_anybody_waits_is_not_lost) {
  stop_signals signals;
  std::raise(SIGTERM);
  BOOST_TEST(signals.wait() == SIGTERM);
}

BOOST_AUTO_TEST_CASE(who_waits_is_told_of_the_first_and_lives_through_others) {
  stop_signals signals;
  std::thread other{[] { std::raise(SIGINT); }};
  BOOST_TEST(signals.wait() == SIGINT);
  other.join();
  std::raise(SIGINT);
  std::raise(SIGTERM);
  BOOST_TEST(signals.wait() == SIGINT);
  BOOST_TEST(signals.wait() == SIGTERM);
}

BOOST_AUTO_TEST_SUITE_END()
