// How one break passes through playlists: the plain cases.
#include <boost/test/unit_test.hpp>

#include "tests/support/cut_at_cues.hpp"

using namespace interlude;
using namespace interlude::test;

BOOST_AUTO_TEST_SUITE(one_break)

BOOST_AUTO_TEST_CASE(a_break_is_filled_and_the_programme_resumes_where_the_channel_is) {
  simulated_channel c{{cut_at_cues().tag(at(40), out).tag(at(70), in)}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
  // Programme segments 0 to 9, break 10 to 17, programme from 18.
  const auto content = c.content_shown();
  BOOST_TEST(
      std::count_if(content.begin(), content.end(), [](int i) { return i >= 10 && i < 18; }) == 0);
  BOOST_TEST(std::count(content.begin(), content.end(), 9) == 1);
  BOOST_TEST(std::count(content.begin(), content.end(), 18) == 1);
}

BOOST_AUTO_TEST_CASE(a_channel_without_breaks_is_passed_on_with_its_own_numbers) {
  simulated_channel c{{video(100)}};
  c.round(at(60));
  const auto p = c.watch("viewer", 0, at(60));
  BOOST_TEST(p.segments.size() == 8u);
  BOOST_TEST(p.segments.front().number == 107);
  BOOST_TEST(p.segments.front().uri == "http://origin.test/live/v0/7.ts");
  BOOST_TEST((p.segments.back().date == at(56)));
}

BOOST_AUTO_TEST_CASE(every_ad_and_the_return_carry_one_discontinuity) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.play(20, 110);
  std::string marked;
  for (const auto& [number, s] : c.seen("viewer"))
    if (s.discontinuity)
      marked += s.uri.substr(s.uri.rfind('/', s.uri.rfind('/') - 1) + 1) + "@" +
                std::to_string(s.dsn) + " ";
  BOOST_TEST(c.ads_shown().substr(0, 5) == "red/0");
  BOOST_TEST(marked == "t0/0.ts@1 t0/0.ts@2 t0/0.ts@3 v0/18.ts@4 ");
}

BOOST_AUTO_TEST_CASE(ads_enter_at_the_pace_of_the_channel) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.play(20, 44);
  BOOST_TEST(c.ads_shown() == "red/0");
  c.play(46, 48);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2");
}

BOOST_AUTO_TEST_CASE(what_a_short_pod_leaves_is_slate) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.house = {{"red", make_creative("red", 10s, 1)}};
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 slate/0 slate/1 slate/2 slate/3 slate/4");
}

BOOST_AUTO_TEST_CASE(a_slate_of_the_exact_length_ends_with_the_break) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.poll(0, at(44));
  for (const auto& open : c.timeline.take_open_decisions())
    c.timeline.decide(open.audience, open.opportunity.id,
                      {{{"red", make_creative("red", 10s, 1)}}, nullptr, nullptr},
                      make_creative("tail", 20s, 1));
  c.play(46, 110);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 tail/0 tail/1 tail/2 tail/3 tail/4");
}

BOOST_AUTO_TEST_CASE(a_break_that_is_made_longer_goes_on_with_slate) {
  simulated_channel c{{cut_at_cues(42).tag(at(40), out)}};
  c.play(20, 60);
  const auto id = c.timeline.breaks().front().id;
  BOOST_TEST((c.timeline.extend_break(id, duration{42s}).value().end == at(82)));
  c.play(62, 130);
  BOOST_TEST(c.ads_shown() ==
             "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1 slate/0 slate/1 "
             "slate/2");
  BOOST_TEST((c.timeline.breaks().front().in_point == at(82)));
}

BOOST_AUTO_TEST_CASE(a_break_in_the_place_of_one_that_was_cancelled_is_its_own) {
  simulated_channel c{{video(200)}};
  c.play(20, 30);
  const auto first = c.timeline.start_break("a", at(40), duration{20s}).value().id;
  BOOST_TEST(c.timeline.cancel_break("a").has_value());
  BOOST_TEST(c.timeline.start_break("b", at(40), duration{20s}).value().id != first);
  c.play(32, 100);
  BOOST_TEST(c.ads_shown().starts_with("red/0 red/1 red/2"));
  const auto content = c.content_shown();
  BOOST_TEST(std::count(content.begin(), content.end(), 15) == 1);
}

BOOST_AUTO_TEST_CASE(stopping_without_a_name_is_about_the_break_on_the_air) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.play(20, 52);
  BOOST_TEST(c.timeline.start_break("later", at(120), duration{20s}).has_value());
  BOOST_TEST((c.timeline.stop_break("", std::nullopt).value().start == at(40)));
}

BOOST_AUTO_TEST_CASE(a_break_that_is_made_shorter_drops_what_was_not_shown) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.play(20, 48);
  BOOST_TEST(c.timeline.extend_break("", duration{15s}).has_value());
  c.play(50, 110);
  BOOST_TEST(c.ads_shown().starts_with("red/0 red/1 red/2 green/0"));
  BOOST_TEST(c.ads_shown().find("blue") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_ads_and_slate_the_break_shows_content) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.house.clear();
  c.timeline.set_slate(nullptr);
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "");
  const auto content = c.content_shown();
  BOOST_TEST(content.back() - content.front() + 1 == static_cast<int>(content.size()));
}

BOOST_AUTO_TEST_CASE(without_slate_content_returns_when_the_ads_are_over) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  c.house = {{"red", make_creative("red", 10s, 1)}};
  c.timeline.set_slate(nullptr);
  c.play(20, 110);
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2");
  // The ads end at 50 s; the nearest boundary is 48 s or 52 s.
  const auto content = c.content_shown();
  const auto next = *std::upper_bound(content.begin(), content.end(), 9);
  BOOST_TEST((next == 12 || next == 13));
}

BOOST_AUTO_TEST_SUITE_END()
