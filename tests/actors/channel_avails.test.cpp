// What breaks come to: counted when they have begun, once for each audience, and not when they are
// called off.
#include <boost/test/unit_test.hpp>

#include "actors/analytics/analytics_report.hpp"
#include "tests/support/station.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

// A channel with a break of 20 s at 60 s, of which its cue tells half a minute ahead, and an ad
// server.
struct counting_station : station {
  explicit counting_station(std::function<void(channel_settings&)> adjust = {})
      : station([adjust](channel_settings& c) {
          c.ad_servers = {{"http://ads.test/?x=[CACHEBUSTING]", 500ms}};
          c.house_ads = {{"house", "house.mp4"}};
          if (adjust) adjust(c);
        }) {
    video.tag(at(60), "#EXT-X-CUE-OUT:20").tag(at(80), "#EXT-X-CUE-IN");
    origin->answer = [this](const fetch_request& r) -> result<fetch_response> {
      if (r.url.starts_with("http://origin.test/")) return good(r);
      return answer.empty() ? status(r, 500) : page(r, answer, "text/xml");
    };
  }
  void watch_until(instant t, const std::string& audience = stitched_audience) {
    while (now() < t) {
      ask_playlist(0, audience);
      pass(500ms);
    }
  }
  // What has been counted so far, altogether.
  analytics_row counted() {
    report_builder out{{}, 1};
    for (auto& t : gathered->take()) all_.push_back(std::move(t));
    for (const auto& t : all_) BOOST_TEST(out.add("one", t.when, t.name, t.count));
    auto rows = out.take().rows;
    return rows.empty() ? analytics_row{} : rows.front();
  }

  std::string answer;

 private:
  std::vector<tally> all_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(avails_of_a_channel)

BOOST_AUTO_TEST_CASE(a_break_is_counted_once_when_it_has_begun) {
  counting_station s;
  s.start();
  s.watch_until(at(58));
  BOOST_TEST(s.counted().breaks.avails == 0u);
  s.watch_until(at(110));
  const auto all = s.counted().breaks;
  BOOST_TEST(all.avails == 1u);
  BOOST_TEST((all.wanted == 20s));
  BOOST_TEST((all.filled == 8s));
  BOOST_TEST((all.filled + all.slate + all.content == all.wanted));
}

BOOST_AUTO_TEST_CASE(each_audience_has_an_avail) {
  counting_station s{[](channel_settings& c) { c.audiences.per_viewer = true; }};
  s.start();
  while (s.now() < at(110)) {
    s.ask_playlist(0, "stitched/anna");
    s.ask_playlist(0, "stitched/bert");
    s.pass(500ms);
  }
  BOOST_TEST(s.counted().breaks.avails == 2u);
}

BOOST_AUTO_TEST_CASE(a_break_that_is_called_off_is_none) {
  counting_station s;
  s.start();
  s.watch_until(at(100));
  BOOST_TEST(s.counted().breaks.avails == 1u);
  cue_command start;
  start.id = "extra";
  start.at = at(150);
  start.break_duration = 20s;
  const auto begun = s.cue(start);
  s.pass(2s);
  BOOST_REQUIRE(begun->has_value());
  s.watch_until(at(110));
  cue_command cancel;
  cancel.what = cue_command::action::cancel;
  cancel.id = "extra";
  s.cue(cancel);
  s.watch_until(at(180));
  BOOST_TEST(s.counted().breaks.avails == 1u);
}

BOOST_AUTO_TEST_CASE(what_ad_servers_did_is_counted) {
  counting_station s;
  s.start();
  s.watch_until(at(110));
  const auto all = s.counted().servers;
  BOOST_TEST(all.errors > 0u);
  BOOST_TEST(all.requests == all.errors);
  BOOST_TEST(all.latency.quantile(0.5).has_value());
}

BOOST_AUTO_TEST_CASE(an_ad_server_without_ads_has_not_failed) {
  counting_station s;
  s.answer = vast_of("");
  s.start();
  s.watch_until(at(110));
  const auto all = s.counted().servers;
  BOOST_TEST(all.empty > 0u);
  BOOST_TEST(all.errors == 0u);
}

// Each wrapper leads to another one.
BOOST_AUTO_TEST_CASE(why_ads_are_not_played_is_counted_by_its_code) {
  counting_station s;
  s.answer = vast_of(wrapper_ad("http://w.test/"));
  s.start();
  s.watch_until(at(110));
  const auto all = s.counted().servers;
  BOOST_TEST(all.vast_errors.contains("302"));
  BOOST_TEST(all.requests > all.empty + all.answers);
}

BOOST_AUTO_TEST_SUITE_END()
