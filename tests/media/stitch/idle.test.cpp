// A channel that nobody watched for a while: what was missed is not owed.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/support/simulated_channel.hpp"

using namespace interlude;
using namespace interlude::test;

BOOST_AUTO_TEST_SUITE(idle_channels)

BOOST_AUTO_TEST_CASE(content_that_was_missed_during_a_break_is_not_repaid_by_the_next) {
  origin_rendition r;
  r.fill(at(40), 4s).fill(at(70), 4s).fill(at(160), 4s).fill(at(190), 4s).fill(at(300), 4s);
  r.tag(at(40), "#EXT-X-CUE-OUT:30").tag(at(70), "#EXT-X-CUE-IN");
  r.tag(at(160), "#EXT-X-CUE-OUT:30").tag(at(190), "#EXT-X-CUE-IN");
  simulated_channel c{{r, audio(300, 5s)}};
  c.play(20, 50, 2, "first");
  c.play(140, 260, 2, "second");
  BOOST_TEST(c.ads_shown("second") ==
             "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
  BOOST_TEST(c.ads_shown("second", 1) == c.ads_shown("second"));
  // The break is over at 190 s, with segment 49 of the video.
  const auto content = c.content_shown("second");
  BOOST_TEST(std::count(content.begin(), content.end(), 49) == 1);
}

// A decision is awaited: the playlist has been read, and is not shown yet.
BOOST_AUTO_TEST_CASE(what_was_read_is_shown_when_the_tracks_have_come_to_it) {
  simulated_channel c{{video(400)}};
  c.play(20, 60);
  const auto before = c.watch("viewer", 0, at(60));
  c.poll(0, at(200));
  const auto shown = c.watch("viewer", 0, at(200));
  BOOST_TEST(*shown.text == *before.text);
  c.play(200, 220);
}

BOOST_AUTO_TEST_SUITE_END()
