// Why a break has these ads: what a channel tells its operators of its decisions.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/station.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const std::string first_server = "http://ads.test/?ip=192.0.2.7",
                  second_server = "http://more.test/";

// A channel with two breaks of 20 s, and ad servers that answer by URL; those that are not there
// fail.
struct telling_station : station {
  telling_station()
      : station([](channel_settings& c) {
          c.ad_servers = {{"http://ads.test/?ip=[device.ip]", 500ms}, {second_server, 500ms}};
          c.house_ads = {{"house", "house.mp4"}};
          c.audiences.per_viewer = true;
        }) {
    viewers["stitched/viewer"].ip = "192.0.2.7";
    video.tag(at(60), "#EXT-X-CUE-OUT:20").tag(at(80), "#EXT-X-CUE-IN");
    video.tag(at(120), "#EXT-X-CUE-OUT:20").tag(at(140), "#EXT-X-CUE-IN");
    origin->answer = [this](const fetch_request& r) -> result<fetch_response> {
      if (r.url.starts_with("http://origin.test/")) return good(r);
      if (const auto it = failing.find(r.url); it != failing.end()) return it->second;
      const auto it = answers.find(r.url);
      return it == answers.end() ? status(r, 500) : page(r, it->second, "text/xml");
    };
  }
  void watch_until(instant t) {
    while (now() < t) {
      ask_playlist(0, audience);
      pass(500ms);
    }
  }
  std::vector<break_line> lines() {
    auto [o, done] = hear<std::vector<break_line>>();
    send(break_lines_wanted{done});
    return value_of(o);
  }
  // What is told of the n-th break to this audience.
  decision_story told(std::size_t n) {
    auto [o, done] = hear<break_stories>();
    send(break_stories_wanted{lines().at(n).what.id, audience, done});
    BOOST_REQUIRE_EQUAL(value_of(o).stories.size(), 1u);
    return *value_of(o).stories.front();
  }
  // "a=0" for the one that plays first, "b=NEW_CREATIVE" for one that does not.
  static std::string verdicts(const decision_story& s) {
    std::string out;
    for (const auto& ad : s.ads)
      out += (out.empty() ? "" : " ") + ad.id + "=" +
             (ad.skipped ? to_string(ad.skipped->reason) : std::to_string(ad.place.value()));
    return out;
  }

  const std::string audience = "stitched/viewer";
  std::map<std::string, std::string> answers;
  std::map<std::string, error> failing;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(stories_of_a_channel)

BOOST_AUTO_TEST_CASE(new_creatives_are_skipped_and_play_in_the_next_break) {
  telling_station s;
  s.answers[first_server] = vast_of(inline_ad("a", 1) + inline_ad("b", 2) + inline_ad("c", 3));
  s.start();
  s.watch_until(at(170));
  BOOST_REQUIRE_EQUAL(s.lines().size(), 2u);
  BOOST_TEST(telling_station::verdicts(s.told(0)) ==
             "a=NEW_CREATIVE b=NEW_CREATIVE c=NEW_CREATIVE house=0");
  const auto second = s.told(1);
  BOOST_TEST(telling_station::verdicts(second) ==
             "a=0 b=1 c=AVAIL_DURATION_EXCEEDED house=AVAIL_DURATION_EXCEEDED");
  BOOST_TEST((second.ads_length == 16s));
  BOOST_TEST((second.slate_length == 4s));
  BOOST_TEST((second.wanted == 20s));
  BOOST_TEST(second.ads[0].creative == "id:test:a@cdn.test");
  BOOST_TEST(s.lines().at(1).fill_rate == 0.8);
}

BOOST_AUTO_TEST_CASE(every_ad_server_that_was_asked_is_named_with_what_it_said) {
  telling_station s;
  s.failing.emplace(first_server, error{errc::unavailable, first_server, "connection refused"});
  s.answers[second_server] = vast_of(inline_ad("a"));
  s.start();
  s.watch_until(at(110));
  const auto told = s.told(0);
  BOOST_REQUIRE_EQUAL(told.tiers.size(), 2u);
  BOOST_TEST(told.tiers[0].server == "http://ads.test/");
  BOOST_TEST(told.tiers[0].problem == "ads.test: connection refused");
  BOOST_TEST((told.tiers[0].outcome == inquiry_outcome::failed));
  BOOST_TEST(told.tiers[1].candidates == 1u);
  BOOST_TEST(told.tiers[1].requests == 1u);
  BOOST_TEST(!told.cached);
}

BOOST_AUTO_TEST_CASE(nothing_personal_is_in_a_story) {
  telling_station s;
  s.failing.emplace(first_server, error{errc::unavailable, first_server, "connection refused"});
  s.answers[second_server] = vast_of(wrapper_ad("http://w.test/192.0.2.7?ip=192.0.2.7"));
  s.failing.emplace("http://w.test/192.0.2.7?ip=192.0.2.7",
                    error{errc::timed_out, "http://w.test/192.0.2.7?ip=192.0.2.7", "no answer"});
  s.start();
  s.watch_until(at(110));
  const auto told = s.told(0);
  const auto text = boost::json::serialize(story_json(told));
  BOOST_TEST(text.find("192.0.2.7") == std::string::npos, text);
  BOOST_TEST(s.origin->requests.contains(first_server));
  BOOST_TEST(telling_station::verdicts(told) == "w=ADS_TIMEOUT house=0");
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_too_late_is_told_with_its_time) {
  telling_station s;
  s.answers[first_server] = vast_of(inline_ad("a"));
  s.start();
  s.watch_until(at(50));
  s.origin->held = first_server;
  s.watch_until(at(110));
  const auto told = s.told(0);
  BOOST_REQUIRE(!told.tiers.empty());
  BOOST_TEST((told.tiers[0].outcome == inquiry_outcome::timed_out));
  BOOST_TEST((told.tiers[0].took == 500ms));
  BOOST_TEST((told.took >= 500ms));
}

BOOST_AUTO_TEST_CASE(of_a_break_that_is_not_known_nothing_is_told) {
  telling_station s;
  s.start();
  auto [o, done] = station::hear<break_stories>();
  s.send(break_stories_wanted{"b1", "", done});
  BOOST_TEST((error_of(o).code == errc::not_found));
  BOOST_TEST(s.lines().empty());
}

BOOST_AUTO_TEST_SUITE_END()
