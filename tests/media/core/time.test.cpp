#include "media/core/time.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(time_formats)

BOOST_AUTO_TEST_CASE(a_date_survives_the_round_trip_to_the_millisecond) {
  const auto t = parse_iso8601("2026-11-24T10:00:00.123Z");
  BOOST_REQUIRE(t);
  BOOST_TEST(format_iso8601(*t) == "2026-11-24T10:00:00.123Z");
  BOOST_TEST(format_iso8601(*t + 499us) == "2026-11-24T10:00:00.123Z");
  BOOST_TEST(format_iso8601(*t + 500us) == "2026-11-24T10:00:00.124Z");
}

BOOST_AUTO_TEST_CASE(every_spelling_of_a_zone_is_the_same_instant) {
  const auto utc = parse_iso8601("2026-11-24T10:00:00Z");
  for (const auto* text :
       {"2026-11-24T12:00:00+02:00", "2026-11-24T12:00:00+0200", "2026-11-24T12:00:00+02",
        "2026-11-24T08:30:00-01:30", "2026-11-24T10:00:00"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST((parse_iso8601(text) == utc));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_refused) {
  for (const auto* text :
       {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-24T25:00:00Z",
        "2026-11-24T10:00:00X", "2026-11-24T10:00:00+", "2026-11-24T10:00:00Z junk"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(!parse_iso8601(text));
    }
  }
}

BOOST_AUTO_TEST_CASE(seconds_are_read_without_a_float) {
  BOOST_TEST(parse_seconds("6.006")->count() == 6'006'000);
  BOOST_TEST(parse_seconds("30")->count() == 30'000'000);
  BOOST_TEST(parse_seconds("0.0333667")->count() == 33'367);
  BOOST_TEST(parse_seconds("1.99999999")->count() == 2'000'000);
  for (const auto* text : {"", "-1", "1e3", "abc", "1.2.3", "99999999999", "1.5s"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(!parse_seconds(text));
    }
  }
}

BOOST_AUTO_TEST_CASE(seconds_are_written_as_short_as_exact) {
  BOOST_TEST(format_seconds(6'006'000us) == "6.006");
  BOOST_TEST(format_seconds(30s) == "30");
  BOOST_TEST(format_seconds(33'367us) == "0.033367");
  BOOST_TEST(format_seconds(-1500ms) == "-1.5");
}

BOOST_AUTO_TEST_SUITE_END()
