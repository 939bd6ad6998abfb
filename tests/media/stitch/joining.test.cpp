// Viewers who join: pre-rolls, and breaks that are under way.
#include "media/stitch/joining.hpp"

#include <boost/test/unit_test.hpp>

#include "media/stitch/render.hpp"
#include "tests/support/cut_at_cues.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

constexpr auto joiner = "joiner";

// Ads of 10, 15 and 5 s; a viewer who joins at `t` and stays until `until`.
void join_at(simulated_channel& c, double t, double until, stitch::join_policy policy) {
  c.play(20, t);
  c.join(joiner, policy);
  for (t += 2; t <= until; t += 2) {
    c.round(at(t));
    c.watch_all("viewer", at(t));
    c.watch_all(joiner, at(t));
  }
}

std::string shown_to_joiner(const simulated_channel& c) {
  std::string out;
  for (const auto& [number, s] : c.seen(joiner)) {
    const auto file = s.uri.substr(s.uri.rfind('/') + 1);
    const auto key = s.uri.find("/c/");
    const auto name = key == std::string::npos
                          ? std::string{}
                          : s.uri.substr(key + 3, s.uri.find('/', key + 3) - key - 3) + "/";
    out += (out.empty() ? "" : " ") + name + file.substr(0, file.find('.'));
  }
  return out;
}

constexpr stitch::join_policy twenty{20s, stitch::mid_break_join::fill};

}  // namespace

BOOST_AUTO_TEST_SUITE(joining)

BOOST_AUTO_TEST_CASE(a_preroll_is_the_first_that_is_seen) {
  simulated_channel c{{video(300)}};
  join_at(c, 60, 100, twenty);
  // 48 to 60 is what a player would begin with; red and blue are 15 s, and fit into 20.
  BOOST_TEST(shown_to_joiner(c).starts_with("red/0 red/1 red/2 blue/0 blue/1 16 17 18"),
             shown_to_joiner(c));
  BOOST_TEST(c.ads_shown().empty());
}

BOOST_AUTO_TEST_CASE(the_first_playlist_with_a_preroll_is_long_enough_to_start_with) {
  simulated_channel c{{video(300)}};
  join_at(c, 60, 62, twenty);
  duration total{0};
  for (const auto& s : c.viewers.at(joiner).last("v0")) total += s.length;
  BOOST_TEST((total >= 10s), to_seconds(total));
}

BOOST_AUTO_TEST_CASE(all_renditions_begin_with_the_same_ad) {
  simulated_channel c{{video(300), audio(300)}};
  join_at(c, 60, 100, twenty);
  BOOST_TEST(c.ads_shown(joiner, 0) == "red/0 red/1 red/2 blue/0 blue/1");
  BOOST_TEST(c.ads_shown(joiner, 1) == c.ads_shown(joiner, 0));
}

BOOST_AUTO_TEST_CASE(a_preroll_is_as_long_as_its_ads) {
  simulated_channel c{{video(300)}};
  c.house = {{"red", make_creative("red", 10s, 1)}};
  join_at(c, 60, 100, {60s, stitch::mid_break_join::fill});
  BOOST_TEST(c.ads_shown(joiner) == "red/0 red/1 red/2");
}

BOOST_AUTO_TEST_CASE(without_an_ad_a_preroll_is_nothing) {
  simulated_channel c{{video(300)}};
  c.house.clear();
  join_at(c, 60, 100, twenty);
  BOOST_TEST(shown_to_joiner(c).starts_with("12 13 14 15 16"), shown_to_joiner(c));
}

BOOST_AUTO_TEST_CASE(a_preroll_leaves_room_for_a_break_that_is_announced) {
  auto r = video(300);
  r.head = {"#EXT-X-DATERANGE:ID=\"b\",START-DATE=\"" + format_iso8601(at(60)) +
            "\",PLANNED-DURATION=20,SCTE35-OUT=0xFC"};
  simulated_channel c{{r}};
  join_at(c, 56, 110, {60s, stitch::mid_break_join::fill});
  // From 44 to 60 is room for red and blue.
  BOOST_TEST(c.ads_shown(joiner).starts_with("red/0 red/1 red/2 blue/0 blue/1 red/0"),
             c.ads_shown(joiner));
}

BOOST_AUTO_TEST_CASE(a_break_that_begins_in_a_preroll_follows_it) {
  auto r = video(300);
  r.tag(at(68), "#EXT-X-CUE-OUT:20");
  simulated_channel c{{r}};
  c.house = {{"red", make_creative("red", 10s, 1)}, {"green", make_creative("green", 15s, 1)}};
  join_at(c, 64, 130, {30s, stitch::mid_break_join::fill});
  BOOST_TEST(c.ads_shown(joiner).starts_with(
                 "red/0 red/1 red/2 green/0 green/1 green/2 green/3 red/0 red/1"),
             c.ads_shown(joiner));
}

BOOST_AUTO_TEST_CASE(a_break_within_a_long_preroll_is_passed_over) {
  auto r = video(300, 2s);
  r.tag(at(40), "#EXT-X-CUE-OUT:10");
  simulated_channel c{{r}};
  c.house = {{"red", make_creative("red", 20s, 1, 2s)},
             {"green", make_creative("green", 30s, 1, 2s)}};
  c.timeline.set_slate(nullptr);
  join_at(c, 36, 130, {60s, stitch::mid_break_join::fill});
  // From 30 to 80; the window is 16 s.
  const auto shown = shown_to_joiner(c);
  BOOST_TEST(c.ads_shown(joiner).ends_with("green/14"), shown);
  BOOST_TEST(shown.find("green/14 40 41") != std::string::npos, shown);
}

BOOST_AUTO_TEST_CASE(the_rest_of_a_break_is_preroll_enough) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  join_at(c, 52, 110, twenty);
  BOOST_TEST(c.ads_shown(joiner) == c.ads_shown());
}

BOOST_AUTO_TEST_CASE(who_joins_in_a_break_can_be_shown_content_instead) {
  auto r = cut_at_cues().tag(at(40), out);
  r.tag(at(120), "#EXT-X-CUE-OUT:20");
  simulated_channel c{{r}};
  join_at(c, 52, 160, {0s, stitch::mid_break_join::content});
  const auto shown = c.content_shown(joiner);
  for (const int under_the_break : {11, 12, 13, 14, 15, 16, 17})
    BOOST_TEST(std::count(shown.begin(), shown.end(), under_the_break) == 1);
  // The next break is theirs as well.
  BOOST_TEST(c.ads_shown(joiner).starts_with("red/0"), c.ads_shown(joiner));
}

BOOST_AUTO_TEST_CASE(a_preroll_and_content_beneath_a_break_go_together) {
  simulated_channel c{{cut_at_cues().tag(at(40), out)}};
  join_at(c, 56, 110, {15s, stitch::mid_break_join::content});
  BOOST_TEST(shown_to_joiner(c).starts_with("red/0 red/1 red/2 blue/0 blue/1 15 16 17"),
             shown_to_joiner(c));
}

BOOST_AUTO_TEST_CASE(a_preroll_outlives_the_process) {
  simulated_channel c{{video(300)}};
  join_at(c, 60, 66, twenty);
  c.kill();
  for (double t = 68; t <= 110; t += 2) {
    c.round(at(t));
    c.watch_all(joiner, at(t));
  }
  BOOST_TEST(c.ads_shown(joiner) == "red/0 red/1 red/2 blue/0 blue/1");
}

BOOST_AUTO_TEST_CASE(without_the_primary_rendition_nobody_waits_for_ever) {
  simulated_channel c{{video(300), video(300, 4s, "v1")}};
  c.join(joiner, twenty);
  const auto shown = [&](double t) {
    c.poll(1, at(t));
    c.timeline.advance(at(t));
    const auto s = c.timeline.take_snapshot();
    return s->audiences.at(joiner)->tracks.at(1) != nullptr;
  };
  BOOST_TEST(!shown(20));
  BOOST_TEST(!shown(26));
  BOOST_TEST(shown(30));
}

BOOST_AUTO_TEST_CASE(guided_viewers_are_told_of_a_preroll_in_every_playlist) {
  simulated_channel c{{video(300)}};
  c.timeline.add_audience("guided", true);
  c.play(20, 60);
  const auto s = c.timeline.take_snapshot();
  const auto text =
      stitch::render_media_playlist(*s, *s->audiences.at("guided"), 0, {false, "SKIP", 20s, {}});
  BOOST_TEST(text.find("CUE=\"PRE,ONCE\"") != std::string::npos);
  BOOST_TEST(text.find("X-ASSET-LIST=\"assets/preroll.json?_HLS_interstitial_id=preroll\"") !=
             std::string::npos);
  BOOST_TEST(text.find("X-PLAYOUT-LIMIT=20,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_guided_preroll_is_decided_once) {
  simulated_channel c{{video(300)}};
  c.timeline.add_audience("guided", true);
  c.play(20, 60);
  c.timeline.add_guided_preroll("guided", "p1", at(60), 20s);
  c.timeline.add_guided_preroll("guided", "p1", at(61), 20s);
  const auto open = c.timeline.take_open_decisions();
  BOOST_REQUIRE(open.size() == 1u);
  BOOST_TEST((open[0].wanted == 20s));
  c.timeline.decide("guided", "p1", c.offer(), nullptr);
  const auto plan = c.timeline.decided("guided", "p1");
  BOOST_REQUIRE(plan);
  BOOST_TEST(plan->items.size() == 2u);  // no slate
  // The latest sixteen are remembered.
  for (int i = 2; i < 20; ++i)
    c.timeline.add_guided_preroll("guided", "p" + std::to_string(i), at(60), 20s);
  BOOST_TEST(!c.timeline.knows_break("guided", "p1"));
  BOOST_TEST(c.timeline.knows_break("guided", "p19"));
}

BOOST_AUTO_TEST_SUITE_END()
