#include "media/verify/playlist_invariants.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/media/verify/playlist_builder.hpp"

using namespace interlude;
using namespace interlude::verify;
using namespace std::chrono_literals;

namespace {

// A viewer who does not know the origin's edge, and loads every four seconds.
struct viewer {
  playlist_invariants rules{{.remembered = 10, .edge_known = false}};
  instant now = epoch + 20s;

  std::vector<std::string> see(const std::string& text, const std::string& rendition = "v0") {
    now += 4s;
    return rules.check(rendition, text, now);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(playlist_invariant_rules)

BOOST_AUTO_TEST_CASE(a_playlist_that_goes_on_breaks_nothing) {
  viewer v;
  BOOST_TEST(v.see(playlist(1, {"a", "b", "c"})).empty());
  BOOST_TEST(v.see(playlist(2, {"b", "c", "!ad/1"})).empty());
  BOOST_TEST(v.see(playlist(2, {"b", "c", "!ad/1", "!d"})).empty());
}

BOOST_AUTO_TEST_CASE(a_number_keeps_its_meaning_and_a_breach_is_said_once) {
  viewer v;
  v.see(playlist(1, {"a", "b", "c"}));
  BOOST_TEST(broke(v.see(playlist(1, {"a", "x", "c"})), "7a"));
  BOOST_TEST(v.see(playlist(1, {"a", "x", "c", "d"})).empty());
  BOOST_TEST(broke(v.see(playlist(1, {"a", "x", "!c", "d"})), "7a"));
  BOOST_TEST(broke(v.see(playlist(1, {"a", "x", "!c", "d"}, 1s)), "7a"));
}

BOOST_AUTO_TEST_CASE(what_lies_far_behind_the_window_is_forgotten) {
  viewer v;
  v.see(playlist(1, {"a", "b", "c"}));
  for (std::int64_t n = 2; n < 30; ++n) v.see(playlist(n, {"b", "c", "d"}));
  BOOST_TEST(v.rules.all("v0").begin()->first == 19);
}

BOOST_AUTO_TEST_CASE(numbers_do_not_go_down) {
  viewer v;
  v.see(playlist(5, {"a", "b", "c"}));
  BOOST_TEST(broke(v.see(playlist(4, {"z", "a", "b"})), "7b: the first"));
}

BOOST_AUTO_TEST_CASE(numbers_are_skipped_only_for_who_was_away) {
  viewer v;
  v.see(playlist(0, {"z", "a", "b", "c", "d"}));
  v.see(playlist(1, {"a", "b", "c", "d", "e"}));
  BOOST_TEST(broke(v.see(playlist(9, {"i", "j", "k", "l", "m"})), "7b: numbers are skipped"));
  v.now += 60s;
  BOOST_TEST(v.see(playlist(30, {"p", "q", "r", "s", "t"})).empty());
}

BOOST_AUTO_TEST_CASE(who_came_while_the_channel_stood_still_may_miss_some) {
  viewer v;
  for (int i = 0; i < 3; ++i) v.see(playlist(1, {"a", "b", "c", "d", "e"}));
  BOOST_TEST(v.see(playlist(9, {"i", "j", "k", "l", "m"})).empty());
}

// The dates have gone on by two minutes in four seconds.
BOOST_AUTO_TEST_CASE(who_saw_the_last_of_an_origin_that_stood_still_may_miss_some) {
  viewer v;
  v.see(playlist(0, {"z", "a", "b", "c", "d"}));
  v.see(playlist(1, {"a", "b", "c", "d", "e"}));
  BOOST_TEST(v.see(playlist(30, {"p", "q", "r", "s", "t"})).empty());
}

BOOST_AUTO_TEST_CASE(dates_neither_go_back_nor_differ_from_the_lengths) {
  viewer v;
  auto text = playlist(1, {"a", "b", "c"});
  text.replace(text.find("00:00:08"), 8, "00:00:09");
  BOOST_TEST(broke(v.see(text), "7c: date and EXTINF"));
  viewer w;
  text = playlist(1, {"a", "!b", "c"});
  text.replace(text.find("00:00:08"), 8, "00:00:02");
  BOOST_TEST(broke(w.see(text), "7c: the date goes back"));
}

BOOST_AUTO_TEST_CASE(renditions_agree_on_discontinuities) {
  viewer v;
  BOOST_TEST(v.see(playlist(1, {"a", "b", "!c"}), "v0").empty());
  BOOST_TEST(v.see(playlist(1, {"a", "b", "!c"}), "v1").empty());
  BOOST_TEST(broke(v.see(playlist(1, {"a", "b", "c"}), "a0"), "7d"));
}

BOOST_AUTO_TEST_CASE(a_step_of_the_dates_is_told_and_not_judged) {
  viewer v;
  v.see(playlist(1, {"a", "b", "c"}));
  auto text = playlist(1, {"a", "b", "c"});
  text +=
      "#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:01:00.000Z\n#EXTINF:4,\nd\n";
  BOOST_TEST(v.see(text).empty());
  const auto jumps = v.rules.take_jumps();
  BOOST_REQUIRE(jumps.size() == 1u);
  BOOST_TEST(jumps[0].number == 4);
  BOOST_TEST((jumps[0].by == duration{44s}));
  BOOST_TEST(v.rules.take_jumps().empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_breaks_section_8) {
  viewer v;
  BOOST_TEST(broke(v.see("<html>"), "8: not a playlist"));
  BOOST_TEST(broke(v.see("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na\n"), "8: the first"));
}

BOOST_AUTO_TEST_SUITE_END()
