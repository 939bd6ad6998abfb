#include "net/session_cache.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

const instant issued{1'800'000'000s};
const session_signer signer{"a secret of the test"};

std::string token_of(std::uint8_t viewer) {
  session s;
  s.id[0] = viewer;
  s.issued_at = issued;
  return signer.sign(s, "tv", "one");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cache_of_sessions)

BOOST_AUTO_TEST_CASE(sessions_that_nobody_uses_any_more_are_not_remembered) {
  session_cache cache;
  for (std::uint8_t viewer = 0; viewer < 100; ++viewer)
    BOOST_TEST(cache.verify(signer, token_of(viewer), "tv", "one", issued).has_value());
  BOOST_TEST(cache.size() == 100u);
  // One of them goes on.
  for (int minute = 1; minute <= 2; ++minute)
    BOOST_TEST(cache.verify(signer, token_of(7), "tv", "one", issued + minute * 60s).has_value());
  BOOST_TEST(cache.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_remembered_is_bounded_and_of_one_channel) {
  session_cache cache{10};
  for (std::uint8_t viewer = 0; viewer < 100; ++viewer)
    BOOST_TEST(cache.verify(signer, token_of(viewer), "tv", "one", issued).has_value());
  BOOST_TEST(cache.size() <= 20u);
  BOOST_TEST(!cache.verify(signer, token_of(99), "tv", "two", issued));
}

BOOST_AUTO_TEST_SUITE_END()
