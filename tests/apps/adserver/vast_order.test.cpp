// What the ad server answers: VAST that the node reads, and the faults that it is to survive.
#include "apps/adserver/vast_order.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "ads/vast/parse.hpp"
#include "ads/vast/playable.hpp"
#include "apps/adserver/pixel_log.hpp"

using namespace interlude;
using namespace interlude::adserver;
using namespace std::chrono_literals;

namespace {

const std::vector<ad_media> ads = {{"red", 10s}, {"green", 10s}, {"blue", 5s}};
const std::string base = "http://127.0.0.1:8082";

vast::vast_response answer(std::string_view query) {
  return vast::parse_vast(vast_for(read_order(query).value(), ads, base)).value();
}

std::string names(const vast::vast_response& r) {
  std::string out;
  for (const auto& a : r.ads) out += (out.empty() ? "" : " ") + a.id;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ad_server_orders)

BOOST_AUTO_TEST_CASE(a_break_is_filled_with_what_fits) {
  BOOST_TEST(names(answer("d=30")) == "red green blue");
  BOOST_TEST(names(answer("d=30&n=1")) == "green blue red");
  BOOST_TEST(names(answer("d=15")) == "red blue");
  BOOST_TEST(names(answer("d=4.5")) == "");
  BOOST_TEST(answer("d=4.5").errors.size() == 1u);
}

BOOST_AUTO_TEST_CASE(its_ads_can_be_played) {
  const auto r = answer("d=30");
  for (const auto& a : r.ads) {
    const auto choice = vast::choose_media(a);
    BOOST_REQUIRE(choice);
    BOOST_TEST(choice->file.url == base + "/media/" + a.id + ".mp4");
    BOOST_TEST(choice->creative_key == "id:interlude-adserver:" + a.id + "@" + base.substr(7));
    BOOST_TEST(a.impressions.size() == 1u);
    BOOST_TEST(linear_creative(a)->linear->events.size() == 5u);
  }
  BOOST_TEST(r.ads.at(1).sequence.value() == 2);
  BOOST_TEST(!answer("d=30&pod=0").ads.at(0).sequence);
}

BOOST_AUTO_TEST_CASE(wrappers_lead_to_the_ads) {
  auto query = std::string{"d=30&n=2&wrappers=2"};
  for (int i = 0; i < 2; ++i) {
    const auto r = answer(query);
    BOOST_REQUIRE(r.ads.size() == 1u);
    const auto& url = r.ads[0].wraps.value().tag_url;
    BOOST_REQUIRE(url.starts_with(base + "/vast?"));
    query = url.substr(url.find('?') + 1);
  }
  BOOST_TEST(names(answer(query)) == "blue red green");
}

BOOST_AUTO_TEST_CASE(pixels_name_the_break_that_was_named) {
  const auto wrapper = answer("d=10&id=b1&wrappers=1").ads.at(0);
  BOOST_TEST(wrapper.impressions.at(0).find("&break=b1&") != std::string::npos);
  const auto& url = wrapper.wraps.value().tag_url;
  const auto ad = answer(url.substr(url.find('?') + 1)).ads.at(0);
  BOOST_TEST(ad.impressions.at(0).find("&break=b1&") != std::string::npos);
  BOOST_TEST(answer("d=10").ads.at(0).impressions.at(0).find("break") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_loop_leads_to_itself) {
  const auto r = answer("d=30&fault=loop");
  const auto& url = r.ads.at(0).wraps.value().tag_url;
  BOOST_TEST(answer(url.substr(url.find('?') + 1)).ads.at(0).wraps.value().tag_url == url);
}

BOOST_AUTO_TEST_CASE(a_query_ends_where_it_ends) {
  const std::string_view line = "d=30&wrappers=2 HTTP/1.1";
  BOOST_TEST(read_order(line.substr(0, line.find(' '))).value().wrappers == 2);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
  for (const char* query : {"id=a%26b", "d=x", "d=-1", "d=99999", "n=-1", "wrappers=21",
                            "wrappers=x", "pod=2", "fault=funny", "delay=x"})
    BOOST_TEST_CONTEXT(query) BOOST_TEST(!read_order(query));
  BOOST_TEST(read_order("d=30&mine=1").has_value());
  for (const char* name : {"none", "slow", "never", "no_ad", "no_content", "not_xml", "truncated",
                           "loop", "failing", "huge", "bomb", "encoding"})
    BOOST_TEST(to_string(fault_of(name).value()) == name);
}

BOOST_AUTO_TEST_CASE(pixels_are_counted) {
  pixel_log log{3};
  for (const char* target : {"/pixel?event=start&cb=1", "/pixel?event=start&cb=2&x=1",
                             "/pixel?event=start&cb=3", "/pixel?event=complete&cb=1"})
    log.add({instant{1'767'225'600s}, target, {{"User-Agent", "x"}}});
  auto shown = log.show();
  BOOST_TEST(shown.at("count").to_number<int>() == 4);
  BOOST_TEST(shown.at("duplicates").to_number<int>() == 1);
  const auto& pixels = shown.at("pixels").as_array();
  BOOST_REQUIRE(pixels.size() == 3u);
  BOOST_TEST(pixels.at(0).at("url") == "/pixel?event=complete&cb=1");
  BOOST_TEST(pixels.at(1).at("times").to_number<int>() == 2);
  BOOST_TEST(pixels.at(0).at("headers").at("User-Agent") == "x");
  log.clear();
  BOOST_TEST(log.show().at("count").to_number<int>() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
