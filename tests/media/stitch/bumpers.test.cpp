// Bumpers around the ads of a break.
#include <boost/test/unit_test.hpp>

#include "tests/support/cut_at_cues.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

simulated_channel with_bumpers(duration opening = 2s, duration closing = 3s) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.house = {{"red", make_creative("red", 10s, 1)}};
  c.opening = make_creative("opening", opening, 1);
  c.closing = make_creative("closing", closing, 1);
  return c;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bumpers)

BOOST_AUTO_TEST_CASE(bumpers_enclose_ads_and_slate) {
  auto c = with_bumpers();
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() ==
             "opening/0 red/0 red/1 red/2 slate/0 slate/1 slate/2 slate/3 closing/0");
}

BOOST_AUTO_TEST_CASE(without_an_ad_there_are_no_bumpers) {
  auto c = with_bumpers();
  c.house.clear();
  c.play(20, 110);
  BOOST_TEST(c.ads_shown().starts_with("slate/0 slate/1"));
  BOOST_TEST(c.ads_shown().find("closing") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(bumpers_do_not_take_the_only_ads_place) {
  auto c = with_bumpers(12s, 12s);
  c.play(20, 110);
  BOOST_TEST(c.ads_shown().starts_with("red/0 red/1 red/2 slate/0"));
}

BOOST_AUTO_TEST_CASE(a_late_end_comes_before_the_closing_bumper) {
  auto c = with_bumpers();
  c.play(20, 56);
  BOOST_REQUIRE(c.timeline.extend_break(c.timeline.breaks().front().id, 42s));
  c.play(58, 120);
  BOOST_TEST(c.ads_shown() ==
             "opening/0 red/0 red/1 red/2 slate/0 slate/1 slate/2 slate/3 slate/4 slate/0 slate/1 "
             "closing/0");
}

BOOST_AUTO_TEST_CASE(a_slate_of_the_exact_length_comes_before_the_closing_bumper) {
  auto c = with_bumpers();
  c.poll(0, at(44));
  const auto open = c.timeline.take_open_decisions();
  BOOST_REQUIRE(open.size() == 1u);
  c.timeline.decide("all", open[0].opportunity.id, c.offer(), nullptr);
  c.timeline.improve_slate("all", open[0].opportunity.id, make_creative("tail", 15s, 1));
  c.play(46, 110);
  BOOST_TEST(c.ads_shown() == "opening/0 red/0 red/1 red/2 tail/0 tail/1 tail/2 tail/3 closing/0");
}

BOOST_AUTO_TEST_CASE(a_late_decision_has_no_opening_bumper) {
  auto c = with_bumpers();
  for (double t = 20; t <= 48; t += 2) {
    c.round_undecided(at(t));
    c.watch_all("viewer", at(t));
  }
  c.decide(c.timeline.breaks().front().id);
  c.play(50, 110);
  BOOST_TEST(c.ads_shown().starts_with("slate/0"));
  BOOST_TEST(c.ads_shown().find("opening") == std::string::npos);
  BOOST_TEST(c.ads_shown().ends_with("closing/0"), c.ads_shown());
}

BOOST_AUTO_TEST_SUITE_END()
