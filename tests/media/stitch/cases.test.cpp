// Each case of section 11 of the stitching rules, without a node around it.
#include <boost/test/unit_test.hpp>

#include "tests/support/break_case.hpp"
#include "tests/support/cut_at_cues.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

void play_case(const break_case& c) {
  simulated_channel channel{c.origin, c.policy};
  if (!c.house.empty()) channel.house = c.house;
  channel.pace_slack = c.pace_slack;
  bool changed = !c.change, killed = !c.killed_at;
  for (auto t = c.from; t <= c.until; t += c.step) {
    if (!changed && t >= c.changed_at) c.change(channel.origin), changed = true;
    if (!killed && t >= *c.killed_at) channel.kill(), killed = true;
    channel.round(at(t));
    if (c.is_watched(t)) channel.watch_all("viewer", at(t));
  }
  c.expect(channel.seen_by("viewer"));
}

const bool registered = register_cases("cases_every_implementation_gets_wrong", play_case);

}  // namespace

BOOST_AUTO_TEST_SUITE(cases_that_only_the_pure_function_knows)

BOOST_AUTO_TEST_CASE(renditions_refreshed_in_different_order_one_a_segment_behind) {
  std::vector<origin_rendition> r;
  for (const auto* name : {"v0", "v1", "v2"}) r.push_back(usual_break(name));
  r[1].delay = 4s;
  simulated_channel c{r};
  for (int i = 0; i < 45; ++i) {
    const auto now = at(20 + 2 * i);
    for (const std::size_t j :
         {std::size_t(i % 3), std::size_t((i + 2) % 3), std::size_t((i + 1) % 3)}) {
      c.poll(j, now);
      for (const auto& open : c.timeline.take_open_decisions())
        c.timeline.decide(open.audience, open.opportunity.id, c.offer(), nullptr);
      c.timeline.advance(now);
      c.watch("viewer", j, now);
    }
  }
  for (std::size_t j = 0; j < 3; ++j) BOOST_TEST(c.ads_shown("viewer", j) == usual_pod);
}

BOOST_AUTO_TEST_CASE(a_decision_that_arrives_after_the_splice_point_changes_nothing_shown) {
  simulated_channel c{{usual_break()}};
  for (double t = 20; t <= 52; t += 2) {
    c.round_undecided(at(t));
    c.watch_all("viewer", at(t));
  }
  BOOST_TEST(c.ads_shown() == "slate/0 slate/1 slate/2");
  c.play(54, 110);
  // 18 s are left: red and blue fit, green does not.
  BOOST_TEST(c.ads_shown().starts_with("slate/0 slate/1 slate/2 red/0 red/1 red/2 blue/0 blue/1"),
             c.ads_shown());
}

BOOST_AUTO_TEST_CASE(a_creative_that_lacks_a_rendition_is_not_shown) {
  simulated_channel c{{cut_at_cues().tag(at(40), out), cut_at_cues(30, 4s, "v1").tag(at(40), out)}};
  c.house = {{"one", make_creative("one", 10s, 1)}, {"both", make_creative("both", 10s, 2)}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown().starts_with("both/0"), c.ads_shown());
}

BOOST_AUTO_TEST_SUITE_END()
