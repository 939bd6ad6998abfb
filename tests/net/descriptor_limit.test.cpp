#include "net/descriptor_limit.hpp"

#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

using namespace interlude::net;

BOOST_AUTO_TEST_SUITE(descriptor_limit)

BOOST_AUTO_TEST_CASE(connections_leave_some_for_others) {
  BOOST_TEST(connections_within(20'000, 10'000) == 10'000u);
  BOOST_TEST(connections_within(20'000, 20'000) == 18'976u);
  BOOST_TEST(connections_within(1024, 20'000) == 512u);
  BOOST_TEST(connections_within(4, 20'000) == 2u);
  BOOST_TEST(connections_within(0, 20'000) == 1u);
  BOOST_TEST(connections_within(1024, 0) == 1u);
}

// Child processes get it too, but not tests after this one.
BOOST_AUTO_TEST_CASE(a_low_limit_is_raised_as_far_as_it_may_be) {
  ::rlimit before{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  auto low = before;
  low.rlim_cur = before.rlim_max / 2;
  BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  BOOST_TEST(raise_descriptor_limit() == before.rlim_max);
  ::rlimit after{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &after) == 0);
  BOOST_TEST(after.rlim_cur == before.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

BOOST_AUTO_TEST_SUITE_END()
