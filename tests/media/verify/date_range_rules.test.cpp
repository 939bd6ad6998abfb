#include "media/verify/date_range_rules.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/media/verify/playlist_builder.hpp"

using namespace interlude;
using namespace interlude::verify;

namespace {

const std::string told =
    "#EXT-X-DATERANGE:ID=\"b1\",START-DATE=\"2026-01-01T00:00:10.000Z\",PLANNED-DURATION=20,"
    "X-ASSET-LIST=\"a.json\"\n";

struct session {
  date_range_rules rules;
  std::vector<std::string> fresh;

  std::vector<std::string> see(const std::string& tags, std::int64_t first = 1,
                               const std::string& rendition = "v0") {
    fresh.clear();
    auto text = playlist(first, {"a", "b", "c"});
    text.insert(text.find("#EXT-X-PROGRAM"), tags);
    return rules.check(rendition, parse(text), fresh);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(date_range_rule)

BOOST_AUTO_TEST_CASE(a_break_is_fresh_once_in_all_renditions) {
  session s;
  BOOST_TEST(s.see(told).empty());
  BOOST_TEST(s.fresh == std::vector<std::string>{"b1"});
  BOOST_TEST(s.see(told, 1, "v1").empty());
  BOOST_TEST(s.fresh.empty());
  BOOST_REQUIRE(s.rules.find("b1") != nullptr);
  BOOST_TEST(s.rules.find("b1")->text("X-ASSET-LIST") == "a.json");
}

BOOST_AUTO_TEST_CASE(attributes_may_be_added_by_a_second_tag) {
  session s;
  s.see(told);
  BOOST_TEST(s.see(told + "#EXT-X-DATERANGE:ID=\"b1\",START-DATE=\"2026-01-01T00:00:10.000Z\","
                          "X-PLAYOUT-LIMIT=12\n")
                 .empty());
  BOOST_TEST(s.rules.find("b1")->text("X-PLAYOUT-LIMIT") == "12");
}

BOOST_AUTO_TEST_CASE(attributes_never_change_in_any_rendition) {
  session s;
  s.see(told);
  auto other = told;
  other.replace(other.find("=20"), 3, "=25");
  BOOST_TEST(broke(s.see(other, 1, "v1"), "10: date range b1 changed its PLANNED-DURATION"));
}

BOOST_AUTO_TEST_CASE(a_break_in_the_window_does_not_vanish) {
  session s;
  s.see(told);
  BOOST_TEST(broke(s.see("", 2), "10: date range b1 is gone"));
}

BOOST_AUTO_TEST_CASE(a_break_leaves_with_the_window) {
  session s;
  s.see(told);
  BOOST_TEST(s.see("", 8).empty());
}

// Of twenty seconds the break lasted ten: that was told while nobody looked.
BOOST_AUTO_TEST_CASE(who_was_away_may_have_missed_an_early_end) {
  session s;
  s.see(told, 3);
  BOOST_TEST(s.see("", 6).empty());
  session stayed;
  stayed.see(told, 3);
  BOOST_TEST(broke(stayed.see("", 5), "10: date range b1 is gone"));
}

BOOST_AUTO_TEST_CASE(a_range_without_an_id_is_none) {
  session s;
  BOOST_TEST(broke(s.see("#EXT-X-DATERANGE:START-DATE=\"2026-01-01T00:00:10.000Z\"\n"),
                   "10: a date range without"));
}

BOOST_AUTO_TEST_CASE(what_began_long_ago_is_forgotten) {
  session s;
  s.see(told);
  s.see("", 2000);
  BOOST_TEST(s.rules.find("b1") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
