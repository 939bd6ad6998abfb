#include "apps/swarm/session_watch.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/media/verify/playlist_builder.hpp"

using namespace interlude;
using namespace interlude::swarm;
using namespace std::chrono_literals;
using verify::epoch;
using verify::playlist;

BOOST_AUTO_TEST_SUITE(session_watching)

BOOST_AUTO_TEST_CASE(a_player_begins_three_segments_from_the_end_and_fetches_each_once) {
  session_watch w;
  const auto first = w.see("v0", playlist(1, {"ad/1", "ad/2", "ad/3", "ad/4"}), epoch);
  BOOST_TEST(first.changed);
  BOOST_TEST(first.ads == (std::vector<std::string>{"ad/2", "ad/3", "ad/4"}));
  const auto next = w.see("v0", playlist(2, {"ad/2", "ad/3", "ad/4", "!c"}), epoch + 4s);
  BOOST_TEST(next.ads.empty());
  BOOST_TEST(next.content == std::vector<std::string>{"c"});
  BOOST_TEST(next.violations.empty());
}

BOOST_AUTO_TEST_CASE(a_playlist_that_is_the_same_has_not_changed) {
  session_watch w;
  const auto text = playlist(1, {"a", "b", "c"});
  w.see("v0", text, epoch);
  const auto again = w.see("v0", text, epoch + 4s);
  BOOST_TEST(!again.changed);
  BOOST_TEST((again.target == duration{4s}));
  BOOST_TEST(again.content.empty());
}

BOOST_AUTO_TEST_CASE(the_map_of_an_ad_is_fetched_with_its_first_segment) {
  session_watch w;
  w.see("v0", playlist(1, {"a", "b", "c"}), epoch);
  auto text = playlist(1, {"a", "b", "c", "!ad/1", "ad/2"});
  text.insert(text.find("#EXT-X-DISCONTINUITY"), "#EXT-X-MAP:URI=\"ad/init\"\n");
  BOOST_TEST(w.see("v0", text, epoch + 4s).ads ==
             (std::vector<std::string>{"ad/init", "ad/1", "ad/2"}));
}

BOOST_AUTO_TEST_CASE(a_live_playlist_that_did_not_grow_for_long_stood_still) {
  session_watch w;
  w.see("v0", playlist(1, {"a", "b", "c"}), epoch);
  BOOST_TEST(!w.see("v0", playlist(2, {"b", "c", "d"}), epoch + 6s).stood_still);
  const auto late = w.see("v0", playlist(3, {"c", "d", "e"}), epoch + 20s);
  BOOST_REQUIRE(late.stood_still);
  BOOST_TEST((*late.stood_still == duration{14s}));
}

BOOST_AUTO_TEST_CASE(who_was_away_was_not_kept_waiting) {
  session_watch w;
  w.see("v0", playlist(1, {"a", "b", "c"}), epoch);
  w.came_back();
  const auto back = w.see("v0", playlist(11, {"k", "l", "m", "n"}), epoch + 40s);
  BOOST_TEST(back.violations.empty());
  BOOST_TEST(!back.stood_still);
  BOOST_TEST(back.content == (std::vector<std::string>{"l", "m", "n"}));
}

BOOST_AUTO_TEST_CASE(what_a_number_meant_outlives_an_absence) {
  session_watch w;
  w.see("v0", playlist(1, {"a", "b", "c"}), epoch);
  w.came_back();
  BOOST_TEST(verify::broke(w.see("v0", playlist(2, {"b", "x", "d"}), epoch + 4s).violations, "7a"));
}

BOOST_AUTO_TEST_CASE(a_guided_break_is_told_once_with_how_far_it_is_ahead) {
  session_watch w;
  auto text = playlist(1, {"a", "b", "c"});  // until 16 s
  text.insert(text.find("#EXT-X-PROGRAM"),
              "#EXT-X-DATERANGE:ID=\"b1\",CLASS=\"com.apple.hls.interstitial\","
              "START-DATE=\"2026-01-01T00:00:21.000Z\",X-ASSET-LIST=\"assets/b1.json\"\n");
  const auto seen = w.see("v0", text, epoch);
  BOOST_REQUIRE(seen.breaks.size() == 1u);
  BOOST_TEST(seen.breaks[0].asset_list == "assets/b1.json");
  BOOST_TEST((seen.breaks[0].ahead == duration{5s}));
  BOOST_TEST(w.see("v1", text, epoch).breaks.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_playlist_is_a_violation) {
  session_watch w;
  BOOST_TEST(verify::broke(w.see("v0", "<html>", epoch).violations, "8: not a playlist"));
}

BOOST_AUTO_TEST_SUITE_END()
