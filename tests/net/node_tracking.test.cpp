// What is told of ads that play: once, in order, and for what was shown only.
#include <boost/test/unit_test.hpp>

#include "tests/net/tracking_node.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(tracking_by_the_node)

BOOST_AUTO_TEST_CASE(events_are_told_with_the_segments_that_cover_them) {
  tracking_node node;
  const auto all = node.segments(node.new_session("ssai"));
  BOOST_TEST(node.get(all[0]).status() == 200);
  BOOST_TEST(node.log->names() == "impression start firstQuartile ");
  BOOST_TEST(node.get(all[1]).body == "media");
  BOOST_TEST(node.log->names() == "midpoint thirdQuartile ");
  node.get(all[2]);
  BOOST_TEST(node.log->names() == "complete ");
}

// A player goes on with what it was told before, and the first that the new process hears of it is
// the next segment.
BOOST_AUTO_TEST_CASE(what_is_asked_for_before_the_node_knows_what_plays_is_told_too) {
  for (const char* mode : {"ssai", "sgai"}) BOOST_TEST_CONTEXT(mode) {
      tracking_node node;
      const auto session = node.new_session(mode);
      auto all = node.segments(node.new_session("ssai"));
      for (auto& url : all) url = session + url.substr(url.find("/ad/") + 1);
      const auto known = node.gateway.channel().load();
      node.gateway.channel().publish(std::make_shared<published_channel>());
      node.gateway.when_asked = [&] { node.gateway.channel().publish(known); };
      BOOST_TEST(node.get(all[0]).body == "media");
      BOOST_TEST(node.log->names() == "impression start firstQuartile ");
      const auto asked = node.gateway.asked.load();
      node.get(all[1]);
      BOOST_TEST(node.log->names() == "midpoint thirdQuartile ");
      BOOST_TEST(node.gateway.asked == asked);
    }
}

BOOST_AUTO_TEST_CASE(an_event_is_told_once_whatever_is_fetched_again) {
  tracking_node node;
  const auto session = node.new_session("ssai");
  const auto all = node.segments(session), other = node.segments(session, "v1");
  node.get(all[0]);
  node.log->take();
  node.get(all[0]);
  node.get(other[0]);
  node.get(all[0], "Range: bytes=0-1\r\n");
  BOOST_TEST(node.log->names() == "");
  node.get(node.segments(node.new_session("ssai"))[0]);
  BOOST_TEST(node.log->names() == "impression start firstQuartile ");
}

BOOST_AUTO_TEST_CASE(who_comes_into_the_middle_of_an_ad_and_goes_back_has_seen_it_then) {
  tracking_node node;
  const auto all = node.segments(node.new_session("ssai"));
  node.get(all[1]);
  node.get(all[2]);
  BOOST_TEST(node.log->names() == "");
  for (const auto& segment : all) node.get(segment);
  BOOST_TEST(node.log->names() ==
             "impression start firstQuartile midpoint thirdQuartile complete ");
}

BOOST_AUTO_TEST_CASE(who_only_looks_is_not_counted) {
  tracking_node node;
  const auto all = node.segments(node.new_session("ssai"));
  raw_client client{node.server->endpoint()};
  client.send("HEAD " + all[0] + " HTTP/1.1\r\nHost: test\r\n\r\n");
  BOOST_TEST(client.read(true).status() == 200);
  node.get(all[0], "Purpose: prefetch\r\n");
  node.get(all[0], "Sec-Purpose: prefetch;prerender\r\n");
  BOOST_TEST(node.log->names() == "");
}

BOOST_AUTO_TEST_CASE(what_the_session_was_not_shown_is_not_counted) {
  tracking_node node;
  const auto session = node.new_session("ssai");
  const auto first = node.segments(session)[0];
  const auto instead = [&](const std::string& from, const std::string& to) {
    auto out = first;
    return out.replace(out.find(from), from.size(), to);
  };
  node.get(instead("/0/c/", "/1/c/"));   // another ad's place
  node.get(instead("/0/c/", "/77/c/"));  // no place
  node.get(instead("/ad/b", "/ad/x"));   // no break
  node.get(instead("/0.ts", "/9.ts"));   // no segment
  BOOST_TEST(node.log->names() == "");
}

BOOST_AUTO_TEST_CASE(a_player_that_tells_of_its_ads_itself_is_believed_and_counted) {
  tracking_node node;
  const auto master = node.get("/v1/tv/one/master.m3u8?mode=ssai&tracking=client");
  const auto from = master.body.find("\ns/") + 1;
  const auto session =
      "/v1/tv/one/" + master.body.substr(from, master.body.find("/v0.m3u8") + 1 - from);
  node.get(node.segments(session)[0]);
  const auto events = node.log->take();
  BOOST_REQUIRE(events.size() == 3u);
  for (const auto& e : events) {
    BOOST_TEST(e.beacons.empty());
    BOOST_REQUIRE(e.counted.has_value());
    BOOST_TEST(e.counted->by_player);
    BOOST_TEST(e.counted->tier == "ads");
  }
  BOOST_TEST(node.get("/v1/tv/one/master.m3u8?tracking=both").status() == 400);
}

BOOST_AUTO_TEST_CASE(an_event_says_what_is_to_be_counted) {
  tracking_node node{"service"};
  const auto master = node.get("/v1/tv/one/master.m3u8?mode=ssai");
  const auto from = master.body.find("\ns/") + 1;
  const auto all = node.segments("/v1/tv/one/" +
                                 master.body.substr(from, master.body.find("/v0.m3u8") + 1 - from));
  for (const auto& segment : all) node.get(segment);
  const auto events = node.log->take();
  BOOST_REQUIRE(events.size() == 6u);
  duration shown{0};
  for (const auto& e : events) {
    BOOST_REQUIRE(e.counted.has_value());
    const auto& c = *e.counted;
    BOOST_TEST(c.event == e.key.substr(e.key.rfind('/') + 1));
    BOOST_TEST(c.channel == "tv/one");
    BOOST_TEST(c.tier == "service");
    BOOST_TEST(c.ad == "red");
    BOOST_TEST(c.creative == "the-creative");
    BOOST_TEST(c.break_id == node.gateway.channel().load()->snapshot->breaks.front().id);
    BOOST_TEST(master.has("X-Session-Id: " + c.session));
    BOOST_TEST(!c.by_player);
    shown += c.shown;
  }
  BOOST_TEST((shown == 10s));
  BOOST_TEST((events[1].counted->shown == 0s));
  BOOST_TEST((events[2].counted->shown == 2500ms));
}

BOOST_AUTO_TEST_CASE(ads_of_the_operators_own_happen_and_nobody_is_told) {
  tracking_node node{"house"};
  const auto all = node.segments(node.new_session("ssai"));
  node.get(all[0]);
  const auto events = node.log->take();
  BOOST_REQUIRE(events.size() == 3u);
  BOOST_TEST(events[2].after == events[1].key);
  for (const auto& e : events) {
    BOOST_TEST(e.beacons.empty());
    BOOST_REQUIRE(e.counted.has_value());
    BOOST_TEST(e.counted->tier == "house");
    BOOST_TEST(e.counted->ad == "red");
    BOOST_TEST(e.counted->creative == "red");  // the name of its files
  }
  node.get(all[0]);
  BOOST_TEST(node.log->names() == "");
  node.get(all[1]);
  node.get(all[2]);
  BOOST_TEST(node.log->names() == "midpoint thirdQuartile complete ");
}

BOOST_AUTO_TEST_CASE(an_ad_of_which_nothing_is_known_any_more_is_counted) {
  tracking_node node;
  node.tracking = "forgotten";
  node.publish_break();
  node.get(node.segments(node.new_session("ssai"))[0]);
  const auto events = node.log->take();
  BOOST_REQUIRE(events.size() == 3u);
  BOOST_REQUIRE(events[0].counted.has_value());
  BOOST_TEST(events[0].counted->tier == "unknown");
}

BOOST_AUTO_TEST_CASE(slate_is_no_ad) {
  tracking_node node{"house"};
  node.ads_in_break = 1;
  node.publish_break();
  const auto all = node.segments_of("slate", node.new_session("ssai"));
  BOOST_REQUIRE(!all.empty());
  BOOST_TEST(node.get(all.front()).status() == 200);
  BOOST_TEST(node.log->names() == "");
}

BOOST_AUTO_TEST_CASE(what_is_refused_stops_no_ad_and_is_told_again) {
  tracking_node node;
  const auto all = node.segments(node.new_session("ssai"));
  node.log->refuses = true;
  BOOST_TEST(node.get(all[0]).status() == 200);
  node.log->take();
  node.log->refuses = false;
  node.get(all[0]);
  BOOST_TEST(node.log->names() == "impression start firstQuartile ");
}

// A player fetches no segment twice. What it has seen of the ad without anybody taking note must
// not cost the rest.
BOOST_AUTO_TEST_CASE(what_was_refused_is_told_with_what_comes_after_it) {
  tracking_node node;
  const auto all = node.segments(node.new_session("ssai"));
  node.get(all[0]);
  node.log->take();
  node.log->refuses = true;
  node.get(all[1]);
  node.log->take();
  node.log->refuses = false;
  node.get(all[2]);
  BOOST_TEST(node.log->names() == "midpoint thirdQuartile complete ");
  node.get(all[2]);
  BOOST_TEST(node.log->names() == "");
}

BOOST_AUTO_TEST_CASE(a_break_whose_begin_was_refused_begins_with_what_comes_after_it) {
  tracking_node node{"ads", ad_of_vmap()};
  node.ads_in_break = 1;
  node.publish_break();
  const auto all = node.segments(node.new_session("ssai"));
  node.log->refuses = true;
  node.get(all[0]);
  node.log->take();
  node.log->refuses = false;
  node.get(all[1]);
  BOOST_TEST(node.log->names() ==
             "breakStart impression start firstQuartile midpoint thirdQuartile ");
  node.get(all[2]);
  BOOST_TEST(node.log->names() == "complete breakEnd ");
}

BOOST_AUTO_TEST_CASE(requests_say_on_whose_behalf_and_where_in_the_ad) {
  tracking_node node;
  const auto session = node.new_session("ssai");
  const auto all = node.segments(session);
  node.get(all[0], "User-Agent: agent 1\r\n");
  node.get(all[1]);
  const auto events = node.log->take();
  BOOST_REQUIRE(events.size() == 5u);
  const auto& impression = events[0].beacons.at(0);
  // Where the ad stands is told as its ad server has it; where the programme is, nobody knows.
  BOOST_TEST(impression.url == "http://i.test/?p=00%3A00%3A00.000&n=3&m=-1&by=1");
  BOOST_TEST(impression.channel == "tv/one");
  BOOST_TEST(impression.ad == "red");
  BOOST_TEST(events[1].beacons.at(0).url == "http://t.test/s?ua=agent%201");
  const std::pair<std::string, std::string> agent{"X-Device-User-Agent", "agent 1"};
  const auto& headers = impression.headers;
  BOOST_TEST((std::find(headers.begin(), headers.end(), agent) != headers.end()));
  // Nobody is to be told, and it has happened all the same.
  BOOST_TEST(events[2].beacons.empty());
  BOOST_TEST(events[3].after == events[2].key);
  BOOST_TEST(events[4].after == events[3].key);
  BOOST_TEST(events[2].after == events[1].key);
  BOOST_TEST(events[0].after == "");
}

BOOST_AUTO_TEST_CASE(a_break_begins_with_its_first_ad_and_ends_with_its_last) {
  tracking_node node{"ads", ad_of_vmap()};
  node.ads_in_break = 2;
  node.publish_break();
  const auto session = node.new_session("ssai");
  const auto red = node.segments(session);
  auto green = node.segments_of("green", session);
  BOOST_REQUIRE(green.size() == 3u);
  green.push_back(node.after(green.back()));  // of which there is no place in the playlist yet
  node.get(red[0]);
  const auto first = node.log->take();
  BOOST_REQUIRE(first.size() == 4u);
  BOOST_TEST(first[0].key.ends_with("/breakStart"));
  BOOST_TEST(first[0].beacons.at(0).url == "http://v.test/begins?at=00%3A00%3A00.000");
  BOOST_TEST(!first[0].counted.has_value());  // it is no event of an ad
  node.get(red[0]);
  node.get(red[2]);
  node.get(red[1]);
  node.get(red[2]);
  BOOST_TEST(node.log->names() == "midpoint thirdQuartile complete ");
  node.get(green[0]);  // the second ad begins no break
  BOOST_TEST(node.log->names() == "impression start firstQuartile ");
  node.get(green[1]);
  node.get(green[2]);
  node.log->take();
  node.get(green[3]);
  node.get(green[3]);
  const auto last = node.log->take();
  BOOST_REQUIRE(last.size() == 2u);
  BOOST_TEST(last[0].key.ends_with("/complete"));
  BOOST_TEST(last[1].key.ends_with("/breakEnd"));
  BOOST_TEST(last[1].after == first[0].key);
  BOOST_TEST(last[1].beacons.at(0).url == "http://v.test/ends");
}

BOOST_AUTO_TEST_CASE(who_comes_into_the_middle_begins_the_break_with_the_next_ad) {
  tracking_node node{"ads", ad_of_vmap()};
  node.ads_in_break = 2;
  node.publish_break();
  const auto session = node.new_session("ssai");
  node.get(node.segments(session)[1]);
  BOOST_TEST(node.log->names() == "");
  node.get(node.segments_of("green", session)[0]);
  BOOST_TEST(node.log->names() == "breakStart impression start firstQuartile ");
}

BOOST_AUTO_TEST_CASE(guided_viewers_are_counted_too) {
  tracking_node node;
  const auto session = node.new_session("sgai");
  const auto id = node.gateway.channel().load()->snapshot->breaks.front().id;
  const auto folder = session + "ad/" + id + "/0/c/red/t0/";
  node.segments(node.new_session("ssai"));  // makes the files
  node.get(folder + "0.ts");
  BOOST_TEST(node.log->names() == "impression start firstQuartile ");
}

BOOST_AUTO_TEST_SUITE_END()
