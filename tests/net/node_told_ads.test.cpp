// What players are told of ads, which tell of them in turn: in tracking.json and in asset lists.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/net/tracking_node.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;
using namespace std::chrono_literals;
namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(ads_told_to_players)

BOOST_AUTO_TEST_CASE(players_that_tell_are_handed_the_same_in_both_lists) {
  namespace json = boost::json;
  tracking_node node{"ads", ad_of_vmap()};
  node.ads_in_break = 2;
  node.publish_break();
  const auto session_of = [&](const std::string& query) {
    const auto master = node.get("/v1/tv/one/master.m3u8?mode=sgai" + query).body;
    const auto from = master.find("\ns/") + 1;
    return "/v1/tv/one/" + master.substr(from, master.find("/v0.m3u8") + 1 - from);
  };
  const auto id = node.gateway.channel().load()->snapshot->breaks.front().id;
  const auto session = session_of("&tracking=client");
  const auto answer = node.get(session + "assets/" + id + ".json");
  const auto list = json::parse(answer.body).as_object();
  const auto avail =
      json::parse(node.get(session + "tracking.json").body).at("avails").at(0).as_object();

  const auto& break_events = avail.at("adBreakTrackingEvents").as_array();
  BOOST_REQUIRE(break_events.size() == 2u);
  BOOST_TEST(break_events.at(0).at("eventType").as_string() == "breakStart");
  BOOST_TEST(break_events.at(1).at("beaconUrls").at(0).as_string() == "http://v.test/ends");
  const auto& pod = list.at("X-AD-CREATIVE-SIGNALING").as_object();
  BOOST_TEST(pod.at("type").as_string() == "pod");
  BOOST_TEST(pod.at("version").as_int64() == 2);
  const auto& pod_tracking = pod.at("payload").at(0).at("tracking").as_array();
  BOOST_REQUIRE(pod_tracking.size() == 2u);
  BOOST_TEST(pod_tracking.at(0).at("type").as_string() == "podStart");
  BOOST_TEST(pod_tracking.at(1).at("type").as_string() == "podEnd");

  const auto& signal = list.at("ASSETS").at(1).at("X-AD-CREATIVE-SIGNALING").as_object();
  BOOST_TEST(signal.at("type").as_string() == "slot");
  const auto& slot = signal.at("payload").at(0).as_object();
  BOOST_TEST(slot.at("start").to_number<double>() == 10.0);
  BOOST_TEST(slot.at("duration").to_number<double>() == 15.0);
  BOOST_TEST(slot.at("identifiers").at(0).at("value").as_string() == "the-creative");
  const auto& tracking = slot.at("tracking").as_array();
  const auto& events = avail.at("ads").at(1).at("trackingEvents").as_array();
  BOOST_REQUIRE(tracking.size() == events.size());
  BOOST_TEST(tracking.size() == 3u);
  for (std::size_t i = 0; i < events.size(); ++i) {
    BOOST_TEST(tracking.at(i).at("type") == events.at(i).at("eventType"));
    BOOST_TEST(tracking.at(i).at("urls") == events.at(i).at("beaconUrls"));
  }
  BOOST_TEST(node.get(session + "assets/" + id + ".json").body == answer.body);

  // Where the node tells, nothing is left to tell twice.
  const auto told = json::parse(node.get(session_of("") + "assets/" + id + ".json").body);
  BOOST_TEST(!told.as_object().contains("X-AD-CREATIVE-SIGNALING"));
  BOOST_TEST(told.at("ASSETS")
                 .at(0)
                 .at("X-AD-CREATIVE-SIGNALING")
                 .at("payload")
                 .at(0)
                 .at("tracking")
                 .as_array()
                 .empty());
}

json::object avail_of(tracking_node& node, const std::string& session) {
  const auto all = json::parse(node.get(session + "tracking.json").body);
  return all.at("avails").at(0).as_object();
}

std::string client_session(tracking_node& node) {
  const auto master = node.get("/v1/tv/one/master.m3u8?mode=ssai&tracking=client").body;
  const auto from = master.find("\ns/") + 1;
  return "/v1/tv/one/" + master.substr(from, master.find("/v0.m3u8") + 1 - from);
}

BOOST_AUTO_TEST_CASE(players_are_told_what_players_of_mediatailor_read) {
  auto ad = some_ad();
  auto& creative = ad->content.creatives.front();
  creative.sequence = 2;
  creative.linear->click_through = "http://advertiser.test/?r=[CACHEBUSTING]";
  creative.linear->events.push_back({"complete", "http://t.test/c", {}});
  auto& icon = creative.linear->icons.emplace_back();
  icon.width = 40;
  ad->content.verifications.emplace_back().parameters = "id=1";
  tracking_node node{"ads", ad};
  const auto avail = avail_of(node, client_session(node));
  BOOST_TEST(avail.at("adMarkerDuration").is_string());
  const auto& told = avail.at("ads").at(0).as_object();
  BOOST_TEST(told.at("mediaFiles").at("mediaFilesList").as_array().empty());
  BOOST_TEST(told.at("creativeSequence").as_string() == "2");
  BOOST_TEST(told.at("icons").at(0).at("attributes").at("width").as_string() == "40");
  BOOST_TEST(told.at("adVerifications").at(0).at("verificationParameters").as_string() == "id=1");
  const auto& events = told.at("trackingEvents").as_array();
  const auto begins = told.at("startTimeInSeconds").to_number<double>();
  std::string names;
  for (const auto& e : events) names += std::string{e.at("eventType").as_string()} + ' ';
  BOOST_TEST(names == "impression start midpoint complete clickThrough ");
  BOOST_TEST(events.at(2).at("startTimeInSeconds").to_number<double>() == begins + 5);
  // The player asks, not this node.
  BOOST_TEST(events.at(0).at("beaconUrls").at(0).as_string() ==
             "http://i.test/?p=00%3A00%3A00.000&n=3&m=-1&by=0");
  BOOST_TEST(
      events.at(4).at("beaconUrls").at(0).as_string().starts_with("http://advertiser.test/?r="));
}

BOOST_AUTO_TEST_CASE(ids_of_events_differ_in_all_of_an_answer) {
  tracking_node node;
  node.ads_in_break = 2;
  node.publish_break();
  std::set<std::string> ids;
  std::size_t count = 0;
  const auto avail = avail_of(node, client_session(node));
  for (const auto& ad : avail.at("ads").as_array())
    for (const auto& e : ad.at("trackingEvents").as_array()) {
      ids.emplace(e.at("eventId").as_string());
      ++count;
    }
  BOOST_TEST(count == 6u);
  BOOST_TEST(ids.size() == count);
}

// Players compare what they are told with what they were told before.
BOOST_AUTO_TEST_CASE(what_is_told_again_is_the_same_until_there_is_news) {
  auto ad = some_ad();
  ad->content.impressions = {"http://i.test/?[CACHEBUSTING]"};
  tracking_node node{"ads", ad};
  const auto session = client_session(node);
  const auto first = json::parse(node.get(session + "tracking.json").body);
  BOOST_TEST(json::parse(node.get(session + "tracking.json").body) == first);
  const std::string token{first.at("nextToken").as_string()};
  const auto asked_with = [&](const std::string& t) {
    return json::parse(node.get(session + "tracking.json?nextToken=" + t).body).at("avails");
  };
  BOOST_TEST(asked_with(token).as_array().empty());
  node.context.life = "another";  // whose versions begin anew, and may be the same
  BOOST_TEST(asked_with(token).as_array().size() == 1u);
}

// A break that ended early: what is not shown of an ad is not told of.
BOOST_AUTO_TEST_CASE(of_an_ad_that_is_cut_the_rest_does_not_happen) {
  auto ad = ad_of_vmap();
  ad->content.creatives.front().linear->events.push_back({"complete", "http://t.test/c", {}});
  tracking_node node{"ads", ad};
  node.ads_in_break = 1;
  node.publish_break();
  auto snapshot = std::make_shared<stitch::snapshot>(*node.gateway.channel().load()->snapshot);
  for (auto& [key, audience] : snapshot->audiences) {
    auto cut = std::make_shared<stitch::audience>(*audience);
    for (auto& s : cut->splices) {
      auto plan = std::make_shared<stitch::plan>(*s.plan);
      plan->items.front().count = 1;
      s.plan = std::move(plan);
    }
    audience = std::move(cut);
  }
  const auto session = client_session(node), watched = node.new_session("ssai");
  const auto all = node.segments(watched);
  auto published = std::make_shared<published_channel>(*node.gateway.channel().load());
  published->snapshot = std::move(snapshot);
  node.gateway.channel().publish(std::move(published));
  std::string names;
  const auto avail = avail_of(node, session);
  for (const auto& e : avail.at("ads").at(0).at("trackingEvents").as_array())
    names += std::string{e.at("eventType").as_string()} + ' ';
  BOOST_TEST(names == "impression start ");
  const auto& of_break = avail.at("adBreakTrackingEvents").as_array();
  BOOST_REQUIRE(of_break.size() == 1u);
  BOOST_TEST(of_break.at(0).at("eventType").as_string() == "breakStart");
  for (const auto& segment : all) node.get(segment);
  BOOST_TEST(node.log->names() == "breakStart impression start firstQuartile ");
}

BOOST_AUTO_TEST_SUITE_END()
