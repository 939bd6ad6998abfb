// Viewers who join a channel, and are shown something else than those who were there.
#include <boost/test/unit_test.hpp>

#include "media/stitch/render.hpp"
#include "tests/support/station.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

void with_preroll(channel_settings& c) {
  c.join.preroll = 10s;
}

std::string audience_of(station& s) {
  return joined_name(joined_number(s.now()));
}

// The playlist a viewer of this audience is given.
std::string playlist_for(station& s, const std::string& audience) {
  const auto asked = s.ask_playlist(0, audience);
  s.pass(2s);
  const auto& snapshot = *value_of(asked)->snapshot;
  return stitch::render_media_playlist(snapshot, *snapshot.audiences.at(audience), 0, {});
}

void warm_up(station& s) {
  s.start();
  playlist_for(s, stitched_audience);
  s.pass(4s);
}

bool knows(station& s, const std::string& audience) {
  return s.view->load()->snapshot->audiences.contains(audience);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(joining_a_channel)

BOOST_AUTO_TEST_CASE(who_joins_is_shown_a_preroll_first) {
  station s{with_preroll};
  warm_up(s);
  const auto playlist = playlist_for(s, audience_of(s));
  BOOST_TEST(playlist.find("/c/red.mp4/") < playlist.find("v0/"), playlist);
  BOOST_TEST(playlist_for(s, stitched_audience).find("/c/red.mp4/") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_joins_together_shares_it) {
  station s{with_preroll};
  warm_up(s);
  const auto audience = audience_of(s);
  playlist_for(s, audience);
  const auto before = s.view->load()->snapshot->audiences.size();
  playlist_for(s, audience);
  BOOST_TEST(s.view->load()->snapshot->audiences.size() == before);
}

BOOST_AUTO_TEST_CASE(who_is_the_first_of_all_is_shown_one_too) {
  station s{with_preroll};
  s.start();
  s.pass(1s);  // the ladder is known, and ads are made
  const auto playlist = playlist_for(s, audience_of(s));
  BOOST_TEST(playlist.find("/c/red.mp4/") != std::string::npos, playlist);
}

// The live edge of when somebody last watched is not where a viewer begins.
BOOST_AUTO_TEST_CASE(who_joins_when_nobody_has_watched_for_a_while_begins_with_it_too) {
  station s{with_preroll};
  warm_up(s);
  s.pass(60s);
  const auto playlist = playlist_for(s, audience_of(s));
  const auto ad = playlist.find("/c/red.mp4/");
  BOOST_REQUIRE(ad != std::string::npos);
  // Players begin three target durations before the end.
  const auto content = playlist.find("v0/", playlist.rfind("/c/red.mp4/"));
  BOOST_TEST(playlist.find("v0/", content + 1) == std::string::npos, playlist);
}

BOOST_AUTO_TEST_CASE(who_joins_while_the_origin_fails_is_not_kept_waiting) {
  station s{[](channel_settings& c) {
    with_preroll(c);
    c.watch_timeout = 1s;
  }};
  warm_up(s);
  s.pass(4s);  // nothing is read meanwhile
  s.origin->answer = [](const fetch_request& r) { return status(r, 500); };
  const auto audience = audience_of(s);
  const auto asked = s.ask_playlist(0, audience);
  BOOST_TEST(value_of(asked)->snapshot->audiences.contains(audience));
}

BOOST_AUTO_TEST_CASE(what_nobody_watches_is_forgotten_and_not_shown_again) {
  station s{with_preroll};
  warm_up(s);
  const auto audience = audience_of(s);
  playlist_for(s, audience);
  for (int i = 0; i < 31; ++i) {
    playlist_for(s, stitched_audience);
    s.pass(8s);
  }
  BOOST_TEST(!knows(s, audience));
  const auto again = playlist_for(s, audience);
  BOOST_TEST(again.find("/c/red.mp4/") == std::string::npos);
  BOOST_TEST(again.find("v0/") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(there_are_never_too_many) {
  station s{with_preroll};
  warm_up(s);
  const auto now = joined_number(s.now());
  for (std::uint64_t i = 0; i < 2 * max_joined_audiences; ++i)
    s.ask_playlist(0, std::string{joined_prefix} + std::to_string(now - i));
  s.pass(4s);
  BOOST_TEST(s.view->load()->snapshot->audiences.size() == 2 * max_joined_audiences);
  BOOST_TEST(says(error_of(s.ask_playlist(0, std::string{joined_prefix} + "1")), "too many"));
  playlist_for(s, stitched_audience);
}

BOOST_AUTO_TEST_CASE(guided_viewers_are_given_the_preroll_of_their_minute) {
  station s{with_preroll};
  warm_up(s);
  const auto id = guided_preroll_id(s.now());
  const auto plan = value_of(s.ask_plan(id));
  BOOST_REQUIRE(plan);
  BOOST_TEST(plan->items.size() == 1u);
  BOOST_TEST((stitch::length_of(*plan, 0) == 8s));
  BOOST_TEST(value_of(s.ask_plan(id)) == plan);
  // One of a time that is over is nobody's.
  BOOST_TEST((error_of(s.ask_plan(guided_preroll_id(s.now() - 5min))).code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(without_the_setting_there_is_none) {
  station s;
  warm_up(s);
  BOOST_TEST((error_of(s.ask_plan(guided_preroll_id(s.now()))).code == errc::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
