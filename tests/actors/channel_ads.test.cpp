// Breaks that ad servers fill: they are asked once, in order and in time; what they name plays when
// its creative has been conditioned.
#include <boost/test/unit_test.hpp>

#include <set>

#include "tests/support/station.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const std::string first_server = "http://ads.test/?d=20", second_server = "http://more.test/";

void with_servers(channel_settings& c) {
  c.ad_servers = {{"http://ads.test/?d=[break.duration]", 500ms}, {second_server, 500ms}};
  // Slate, and only one ad of its own.
  c.house_ads = {{"house", "house.mp4"}};
}

// A channel with breaks of 20 s, and ad servers that answer by URL; those that are not there fail.
struct ad_station : station {
  ad_station(std::shared_ptr<disk> store = nullptr,
             std::function<void(channel_settings&)> adjust = with_servers)
      : station(std::move(adjust), std::move(store)) {
    video.tag(at(60), "#EXT-X-CUE-OUT:20").tag(at(80), "#EXT-X-CUE-IN");
    video.tag(at(120), "#EXT-X-CUE-OUT:20").tag(at(140), "#EXT-X-CUE-IN");
    origin->answer = [this](const fetch_request& r) -> result<fetch_response> {
      if (r.url.starts_with("http://origin.test/")) return good(r);
      const auto it = answers.find(r.url);
      return it == answers.end() ? status(r, 500) : page(r, it->second, "text/xml");
    };
  }
  // Watched until then.
  void watch_until(instant t) {
    while (now() < t) {
      ask_playlist();
      pass(500ms);
    }
  }
  // Names of what plays in the n-th break.
  std::string shown(std::size_t n) {
    const auto breaks = view->load()->snapshot->breaks;
    BOOST_REQUIRE(breaks.size() > n);
    const auto plan = value_of(ask_plan(breaks[n].id, stitched_audience));
    std::string out;
    if (!plan) return "nothing";
    for (const auto& item : plan->items)
      out += (out.empty() ? "" : " ") +
             (item.kind == stitch::item_kind::ad ? item.name : stitch::to_string(item.kind));
    return out;
  }
  int asked(const std::string& url) const {
    const auto it = origin->requests.find(url);
    return it == origin->requests.end() ? 0 : it->second;
  }

  std::map<std::string, std::string> answers;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ads_of_ad_servers)

BOOST_AUTO_TEST_CASE(a_new_creative_plays_in_the_next_break) {
  ad_station s;
  s.answers[first_server] = vast_of(inline_ad("a", 1) + inline_ad("b", 2));
  s.start();
  s.watch_until(at(110));
  BOOST_TEST(s.shown(0) == "house slate");
  BOOST_TEST(std::count(s.log->conditioned.begin(), s.log->conditioned.end(),
                        "http://cdn.test/a.mp4?token=1") == 1);
  s.watch_until(at(170));
  BOOST_TEST(s.shown(1) == "a b slate");
  BOOST_TEST(s.asked(second_server) == 0);
}

BOOST_AUTO_TEST_CASE(an_ad_server_that_is_silent_leaves_the_break_to_house_ads_whoever_watches) {
  ad_station s{nullptr, [](channel_settings& c) {
                 with_servers(c);
                 c.ad_servers.resize(1);
                 c.ad_servers[0].timeout = 1500ms;
               }};
  s.start();
  s.watch_until(at(50));
  s.origin->held = first_server;
  while (s.now() < at(100)) {
    s.ask_playlist();
    s.ask_playlist(0, guided_audience);
    s.pass(500ms);
  }
  BOOST_TEST(s.shown(0) == "house slate");
}

BOOST_AUTO_TEST_CASE(house_ads_take_what_an_ad_server_leaves) {
  ad_station s;
  s.answers[first_server] = vast_of(inline_ad("a"));
  s.start();
  s.watch_until(at(170));
  BOOST_TEST(s.shown(1) == "a house slate");
}

BOOST_AUTO_TEST_CASE(the_next_is_asked_when_one_has_nothing) {
  ad_station s;
  s.answers[second_server] = vast_of(inline_ad("a"));
  s.start();
  s.watch_until(at(170));
  BOOST_TEST(s.shown(1) == "a house slate");
  BOOST_TEST(s.asked(first_server) > 0);
}

BOOST_AUTO_TEST_CASE(a_break_is_filled_when_nobody_has_anything) {
  ad_station s;
  s.start();
  s.watch_until(at(110));
  BOOST_TEST(s.shown(0) == "house slate");
}

// The break begins, and its playlist waits no longer than the decision may take.
BOOST_AUTO_TEST_CASE(an_ad_server_that_never_answers_holds_nobody_up) {
  ad_station s;
  s.start();
  s.watch_until(at(50));
  s.origin->held = first_server;
  s.watch_until(at(110));
  BOOST_TEST(s.shown(0) == "house slate");
  s.origin->answer_all();
  s.watch_until(at(112));
  BOOST_TEST(s.shown(0) == "house slate");
}

BOOST_AUTO_TEST_CASE(equal_questions_are_one_request) {
  ad_station s;
  s.answers[first_server] = vast_of(inline_ad("a"));
  s.start();
  s.watch_until(at(50));
  for (const auto* audience : {stitched_audience, guided_audience}) s.ask_playlist(0, audience);
  s.watch_until(at(110));
  // One for each audience, whoever asks and however often.
  BOOST_TEST(s.asked(first_server) <= 2);
}

BOOST_AUTO_TEST_CASE(an_ad_that_cannot_be_played_is_told_so) {
  ad_station s;
  s.answers[first_server] = vast_of(wrapper_ad("http://none.test/") + inline_ad("a"));
  s.answers["http://none.test/"] =
      "<VAST version='4.0'><Error>http://none.test/e?[ERRORCODE]</Error></VAST>";
  s.start();
  s.watch_until(at(110));
  // What "a" comes to is told for each audience that is decided for.
  std::set<std::string> told{s.beacons->urls.begin(), s.beacons->urls.end()};
  const std::set<std::string> expected = {"http://a.test/e?407", "http://none.test/e?303",
                                          "http://w.test/e?303"};
  BOOST_TEST(told == expected);
}

BOOST_AUTO_TEST_CASE(an_ad_that_is_not_conditioned_is_told_so_until_it_is) {
  ad_station s;
  s.answers[first_server] = vast_of(inline_ad("a"));
  s.start();
  s.watch_until(at(80));
  const std::vector<std::string> expected = {"http://a.test/e?407"};
  BOOST_TEST(s.beacons->urls == expected);
  BOOST_REQUIRE(!s.beacons->events.empty());
  const auto& error = s.beacons->events.front();
  BOOST_TEST(error.beacons.at(0).event == "error");
  BOOST_TEST(error.beacons.at(0).ad == "a");
  BOOST_TEST(!error.counted.has_value());
  s.watch_until(at(150));  // it plays in the next break
  BOOST_TEST(s.beacons->urls == expected);
}

// Two orders of one creative are two ads, and neither may have errors without end.
BOOST_AUTO_TEST_CASE(each_ad_of_an_answer_is_told_of_and_of_its_urls_so_many) {
  ad_station s;
  auto other = inline_ad("b");
  other.replace(other.find(">b</UniversalAdId>"), 3, ">a<");
  const std::string error = "<Error>http://b.test/e?[ERRORCODE]</Error>";
  std::string many;
  for (int i = 0; i < 200; ++i) many += error;
  other.replace(other.find(error), error.size(), many);
  s.answers[first_server] = vast_of(inline_ad("a") + other);
  s.start();
  s.watch_until(at(80));
  const auto told = [&](const std::string& url) {
    return std::count(s.beacons->urls.begin(), s.beacons->urls.end(), url);
  };
  BOOST_TEST(told("http://a.test/e?407") == 1);
  BOOST_TEST(told("http://b.test/e?407") == 64);
}

BOOST_AUTO_TEST_CASE(an_ad_whose_creative_cannot_be_made_is_told_so) {
  ad_station s;
  s.answers[first_server] = vast_of(inline_ad("a"));
  s.log->broken.insert("http://cdn.test/a.mp4?token=1");
  s.start();
  s.watch_until(at(150));
  BOOST_TEST(s.beacons->urls.back() == "http://a.test/e?400");
}

BOOST_AUTO_TEST_SUITE_END()
