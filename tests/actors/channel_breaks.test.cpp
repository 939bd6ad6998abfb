// The channel actor and its breaks: creatives, decisions, operators, guided players.
#include <boost/test/unit_test.hpp>

#include "tests/support/station.hpp"

using namespace interlude;
using namespace interlude::test;

BOOST_AUTO_TEST_SUITE(breaks_of_a_channel)

BOOST_AUTO_TEST_CASE(every_rendition_is_probed_and_every_source_conditioned_once) {
  station s;
  s.start();
  for (int i = 0; i < 10; ++i) {
    s.ask_playlist();
    s.pass(1s);
  }
  BOOST_TEST(s.log->probes == 2);
  auto sources = s.log->conditioned;
  std::sort(sources.begin(), sources.end());
  // The slate that loops, and the one that two ads of 8 s will leave room for in a usual break of
  // 30 s: it is there when a guided player asks.
  const std::vector<std::string> wanted{"green.mp4", "red.mp4", "slate.mp4 14", "slate.mp4 20"};
  BOOST_TEST(sources == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_rendition_that_had_to_wait_is_probed_by_its_newest_segment) {
  station s;
  s.log->silent = true;
  s.start();
  BOOST_REQUIRE(s.log->questions.size() == 2u);
  const auto first = s.log->questions[0]().segment_url;
  s.pass(60s);
  const auto& newest = *s.view->load()->snapshot->windows[0]->segments.back();
  BOOST_TEST(s.log->questions[0]().segment_url == probe_of(newest).segment_url);
  BOOST_TEST(s.log->questions[0]().segment_url != first);
}

BOOST_AUTO_TEST_CASE(a_channel_that_has_nothing_to_play_in_breaks_is_not_probed) {
  station s{[](channel_settings& c) {
    c.house_ads.clear();
    c.slate.clear();
  }};
  s.start();
  s.pass(10s);
  // Nor is anything read before somebody watches.
  BOOST_TEST(s.origin->requests["http://origin.test/v0.m3u8"] == 0);
  value_of(s.ask_playlist(1));
  s.pass(10s);
  BOOST_TEST(s.log->probes == 0);
  BOOST_TEST(s.origin->requests["http://origin.test/v0.m3u8"] > 0);
}

BOOST_AUTO_TEST_CASE(an_operator_starts_and_stops_a_break) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  const auto started = s.cue({cue_command::action::start, "news", {}, 20s});
  const auto& b = value_of(started);
  BOOST_TEST(b.event_id == "news");
  BOOST_TEST((b.planned == duration{20s}));
  BOOST_TEST(s.view->load()->snapshot->breaks.size() == 1u);
  s.pass(6s);
  value_of(s.ask_playlist());
  const auto stopped = s.cue({cue_command::action::stop, "news", b.start + 12s, {}});
  BOOST_TEST(value_of(stopped).id == b.id);
  BOOST_TEST((value_of(stopped).end == b.start + 12s));
  BOOST_TEST((s.view->load()->snapshot->breaks.at(0).end == b.start + 12s));
}

BOOST_AUTO_TEST_CASE(a_break_that_is_stopped_before_it_begins_does_not_happen) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  value_of(s.cue({cue_command::action::start, "news", at(100), 20s}));
  const auto stopped = s.cue({cue_command::action::stop, "news", {}, {}});
  BOOST_TEST((value_of(stopped).state == stitch::break_state::cancelled));
}

BOOST_AUTO_TEST_CASE(a_break_is_made_longer_and_only_what_has_not_begun_is_cancelled) {
  station s;
  s.start();
  s.pass(2s);
  value_of(s.cue({cue_command::action::start, "later", at(100), 20s}));
  BOOST_TEST((value_of(s.cue({cue_command::action::cancel, "later", {}, {}})).state ==
              stitch::break_state::cancelled));
  value_of(s.cue({cue_command::action::start, "news", {}, 20s}));
  s.ask_playlist();
  s.pass(8s);
  const auto now = value_of(s.cue({cue_command::action::extend, "news", {}, 40s}));
  BOOST_TEST((now.end == now.start + 40s));
  BOOST_TEST(says(error_of(s.cue({cue_command::action::cancel, "news", {}, {}})), "has begun"));
  BOOST_TEST(says(error_of(s.cue({cue_command::action::extend, "news", {}, 1s})), "stop it"));
  BOOST_TEST(says(error_of(s.cue({cue_command::action::extend, "news", {}, 3600s})), "breaks.max"));
  value_of(s.cue({cue_command::action::start, "next", now.start + 60s, 20s}));
  BOOST_TEST(says(error_of(s.cue({cue_command::action::extend, "news", {}, 70s})), "next break"));
  BOOST_TEST(
      (error_of(s.cue({cue_command::action::extend, "sport", {}, 40s})).code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_cue_that_makes_no_sense_is_refused_and_changes_nothing) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  BOOST_TEST(
      (error_of(s.cue({cue_command::action::stop, "sport", {}, {}})).code == errc::not_found));
  value_of(s.cue({cue_command::action::start, "news", at(100), 20s}));
  BOOST_TEST((error_of(s.cue({cue_command::action::start, "more", at(110), 20s})).code ==
              errc::malformed));
  BOOST_TEST(s.view->load()->snapshot->breaks.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_break_that_is_not_known_has_no_plan) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  const auto asked = s.ask_plan("b12345");
  BOOST_TEST((error_of(asked).code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_break_of_the_origin_is_filled_with_house_ads_and_slate) {
  station s;
  s.video.tag(at(60), "#EXT-X-CUE-OUT:20").tag(at(80), "#EXT-X-CUE-IN");
  s.start();
  for (int i = 0; i < 60; ++i) {
    s.ask_playlist();
    s.pass(500ms);
  }
  const auto breaks = s.view->load()->snapshot->breaks;
  BOOST_REQUIRE(breaks.size() == 1u);
  BOOST_TEST((breaks[0].start == at(60)));
  const auto asked = s.ask_plan(breaks[0].id, stitched_audience);
  const auto plan = value_of(asked);
  BOOST_REQUIRE(plan);
  BOOST_REQUIRE(plan->items.size() == 3u);
  BOOST_TEST(plan->items[0].name == "red");
  BOOST_TEST(plan->items[1].name == "green");
  BOOST_TEST((plan->items[2].kind == stitch::item_kind::slate));
  BOOST_TEST((stitch::length_of(*plan, 0) == 20s));
}

BOOST_AUTO_TEST_CASE(who_comes_first_in_the_middle_of_a_break_waits_for_its_playlist) {
  station s;
  s.video.tag(at(28), "#EXT-X-CUE-OUT:20");
  s.start();
  const auto asked = s.ask_playlist();
  s.pass(3s);
  const auto& audience = value_of(asked)->snapshot->audiences.at(stitched_audience);
  BOOST_TEST(audience->tracks.at(0) != nullptr);
}

BOOST_AUTO_TEST_CASE(nothing_is_decided_for_a_break_that_is_over) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  const auto started = s.cue({cue_command::action::start, "news", at(500), 20s});
  const auto id = value_of(started).id;
  value_of(s.cue({cue_command::action::stop, "news", {}, {}}));
  BOOST_TEST(!value_of(s.ask_plan(id, "somebody")));
}

BOOST_AUTO_TEST_CASE(a_guided_player_that_asks_first_waits_for_the_decision) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  const auto started = s.cue({cue_command::action::start, "news", {}, 20s});
  const auto asked = s.ask_plan(value_of(started).id);
  s.pass(50ms);
  const auto plan = value_of(asked);
  BOOST_REQUIRE(plan);
  BOOST_TEST((stitch::length_of(*plan, 0) == 20s));
}

BOOST_AUTO_TEST_SUITE_END()
