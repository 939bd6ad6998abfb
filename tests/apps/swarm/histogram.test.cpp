#include "apps/swarm/histogram.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::swarm;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(histograms)

BOOST_AUTO_TEST_CASE(nothing_has_no_latency) {
  const histogram h;
  BOOST_TEST(h.count() == 0u);
  BOOST_TEST((h.quantile(0.5) == 0us));
}

BOOST_AUTO_TEST_CASE(quantiles_are_right_to_a_twentieth) {
  histogram h;
  for (int i = 1; i <= 1000; ++i) h.add(i * 1ms);
  for (const double q : {0.5, 0.9, 0.99})
    BOOST_TEST(to_seconds(h.quantile(q)) == q, boost::test_tools::tolerance(0.06));
  BOOST_TEST((h.quantile(1) == duration{1s}));
  BOOST_TEST((h.max() == duration{1s}));
}

BOOST_AUTO_TEST_CASE(a_single_value_is_every_quantile) {
  histogram h;
  h.add(250ms);
  BOOST_TEST((h.quantile(0) == duration{250ms}));
  BOOST_TEST((h.quantile(0.99) == duration{250ms}));
}

BOOST_AUTO_TEST_CASE(nothing_is_too_short_or_too_long) {
  histogram h;
  h.add(-5us);
  h.add(0us);
  h.add(std::chrono::hours{24 * 365});
  BOOST_TEST(h.count() == 3u);
  BOOST_TEST((h.quantile(0.3) <= 2us));
  BOOST_TEST((h.max() == std::chrono::hours{24 * 365}));
}

BOOST_AUTO_TEST_SUITE_END()
