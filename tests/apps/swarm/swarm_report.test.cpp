#include "apps/swarm/swarm_report.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::swarm;
using namespace std::chrono_literals;

namespace {

const instant begun = *parse_iso8601("2026-01-01T00:00:00.000Z");
const place here{"ts", "ssai", "1.1", "v0"};

boost::json::object read(const swarm_report& r) {
  return boost::json::parse(r.json(begun + 60s)).as_object();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(swarm_reports)

BOOST_AUTO_TEST_CASE(answers_are_counted_by_kind_and_status) {
  swarm_report r{begun};
  r.answered(request_kind::media, "ts", 200, 2ms, begun);
  r.answered(request_kind::media, "ts", 200, 4ms, begun);
  r.answered(request_kind::media, "ts", 503, 1ms, begun);
  r.failed(request_kind::media, "ts", "refused", begun);
  const auto o = read(r);
  const auto& media = o.at("statuses").at("media");
  BOOST_TEST(media.at("200") == 2);
  BOOST_TEST(media.at("503") == 1);
  BOOST_TEST(media.at("no answer") == 1);
  BOOST_TEST(o.at("latencies").at("media").at("count") == 3);
}

BOOST_AUTO_TEST_CASE(failures_have_their_second_and_channel) {
  swarm_report r{begun};
  for (const auto ms : {5100ms, 5900ms, 6100ms})
    r.answered(request_kind::media, "ts", 503, 1ms, begun + ms);
  r.failed(request_kind::ad, "cmaf", "reset", begun + 5s);
  const auto o = read(r);
  const auto& failures = o.at("failures").as_array();
  BOOST_REQUIRE(failures.size() == 3u);
  BOOST_TEST(failures[0].at("channel") == "cmaf");
  BOOST_TEST(failures[0].at("what") == "ad reset");
  BOOST_TEST(failures[1].at("at") == "2026-01-01T00:00:05.000Z");
  BOOST_TEST(failures[1].at("what") == "media 503");
  BOOST_TEST(failures[1].at("count") == 2);
}

BOOST_AUTO_TEST_CASE(a_violation_is_counted_by_rule_and_printed_with_its_place) {
  swarm_report r{begun};
  const auto text = r.violated(here, {"7a: x", "7c: y", "before:\n..."}, begun);
  BOOST_TEST(text.find("ts ssai session 1.1 v0\n7a: x\n7c: y\nbefore:") != std::string::npos);
  BOOST_TEST(r.violations() == 2u);
  const auto o = read(r);
  BOOST_TEST(o.at("violations_by_rule").at("ts ssai 7a") == 1);
  BOOST_TEST(o.at("violations").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(of_many_violations_of_a_kind_the_first_are_printed) {
  swarm_report r{begun};
  int printed = 0;
  for (int i = 0; i < 100; ++i) printed += r.violated(here, {"7a: x"}, begun).empty() ? 0 : 1;
  BOOST_TEST(printed == 5);
  BOOST_TEST(r.violations() == 100u);
}

BOOST_AUTO_TEST_CASE(many_viewers_of_one_stall_are_one_entry) {
  swarm_report r{begun};
  r.stood_still(here, 12s, begun + 20s);
  r.stood_still(here, 14s, begun + 20s);
  const auto o = read(r);
  const auto& stalls = o.at("stalls").as_array();
  BOOST_REQUIRE(stalls.size() == 1u);
  BOOST_TEST(stalls[0].at("viewers") == 2);
  BOOST_TEST(stalls[0].at("seconds") == 14.0);
}

BOOST_AUTO_TEST_CASE(the_summary_says_what_was_violated) {
  swarm_report r{begun};
  r.violated(here, {"7a: x"}, begun);
  r.playlist_checked();
  const auto text = r.summary(begun + 60s);
  BOOST_TEST(text.find("VIOLATED ts ssai 7a: 1\n") != std::string::npos);
  BOOST_TEST(text.find("1 playlists checked in 60 s, 1 violations") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
