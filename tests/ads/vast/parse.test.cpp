// What a VAST answer is read as.
#include "ads/vast/parse.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "ads/vast/json.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::vast;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

vast_response sample(const std::string& name) {
  return parse_vast(test::read_all(INTERLUDE_SOURCE_DIR "/tests/samples/vast/" + name)).value();
}

texts urls(const std::vector<tracking>& events, std::string_view event) {
  texts out;
  for (const auto& e : events)
    if (e.event == event) out.push_back(e.url);
  return out;
}

// An <Ad> around what an InLine holds.
std::string with_inline(const std::string& inside) {
  return "<VAST version=\"4.2\"><Ad><InLine>" + inside + "</InLine></Ad></VAST>";
}
ad inline_ad(const std::string& inside) {
  const auto r = parse_vast(with_inline(inside + "<Creatives><Creative/></Creatives>")).value();
  BOOST_REQUIRE(r.ads.size() == 1u);
  return r.ads.front();
}

int code_of(std::string_view text) {
  const auto r = parse_vast(text);
  return r ? 0 : number_of(r.error().code);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vast_answers)

BOOST_AUTO_TEST_CASE(an_inline_ad_is_read_whole) {
  const auto r = sample("pod.xml");
  BOOST_TEST(r.version == "4.3");
  BOOST_REQUIRE(r.ads.size() == 3u);
  const auto& a = r.ads[0];
  BOOST_TEST(a.id == "second");
  BOOST_TEST(a.sequence.value() == 2);
  BOOST_TEST(a.system.text == "Sample Server");
  BOOST_TEST(a.system.id == "7.1");
  BOOST_TEST(a.title == "Straßenbahn & Co");
  BOOST_TEST(a.serving_id == "srv-2");
  BOOST_TEST(a.advertiser.text == "Tramways");
  BOOST_TEST(a.categories.at(0).code == "IAB19");
  BOOST_TEST((a.expires == 600s));
  BOOST_TEST(a.price.value().value == "12.50");
  BOOST_TEST(a.impressions == texts{"https://ads.example/imp?ad=2&cb=[CACHEBUSTING]"});
  BOOST_TEST(a.errors == texts{"https://ads.example/error?code=[ERRORCODE]"});
  BOOST_TEST(a.viewable_impressions.at(0).viewable.size() == 1u);
  BOOST_TEST(a.verifications.at(0).vendor == "measure.example-omid");
  BOOST_TEST(a.verifications[0].scripts.at(0).browser_optional.value());
  BOOST_TEST(a.verifications[0].parameters == R"({"k":"v"})");
  BOOST_TEST(a.extensions.at(0).xml == R"(<Extension type="sample"><Total>2</Total></Extension>)");
}

BOOST_AUTO_TEST_CASE(its_linear_creative_is_read_whole) {
  const auto r = sample("pod.xml");
  const auto* c = linear_creative(r.ads.at(0));
  BOOST_REQUIRE(c);
  BOOST_TEST(c->ad_id == "tram-15");
  BOOST_TEST(c->universal_ad_ids.size() == 2u);
  BOOST_TEST(c->universal_ad_ids.at(1).value == "TRM/TRAM015/030");
  const auto& l = *c->linear;
  BOOST_TEST((l.runs == 15'500ms));
  BOOST_TEST(l.skip_offset.value().fraction.value() == 0.25);
  BOOST_TEST(l.ad_parameters == "line=7&stop=harbour");
  BOOST_TEST(urls(l.events, "start") ==
             (texts{"https://ads.example/2/start", "https://other.example/2/start"}));
  BOOST_TEST(urls(l.events, "complete").empty());
  BOOST_REQUIRE(l.events.size() == 5u);
  BOOST_TEST((l.events[3].offset.value().in(15'500ms) == 5s));
  BOOST_TEST((l.events[4].offset.value().in(15'500ms) == 13'950ms));
  BOOST_TEST(l.media_files.size() == 2u);
  BOOST_TEST(l.media_files[0].bitrate.value() == 4000);
  BOOST_TEST(l.media_files[1].delivery == "streaming");
  BOOST_TEST(l.mezzanines.at(0).url == "https://cdn.example/tram.mov");
  BOOST_TEST(l.interactive.at(0).api_framework == "SIMID");
  BOOST_TEST(l.captions.at(0).language == "de");
  BOOST_TEST(l.icons.at(0).click_tracking.size() == 1u);
  BOOST_TEST((l.icons[0].lasts == 10s));
  BOOST_TEST(l.click_tracking.size() == 1u);
  BOOST_TEST(l.custom_clicks.at(0).id == "info");
  BOOST_TEST(r.ads[0].creatives.at(0).companions.at(0).alt_text == "A tram");
}

BOOST_AUTO_TEST_CASE(a_wrapper_is_read_whole) {
  const auto r = sample("pod.xml");
  const auto& a = r.ads.at(1);
  const auto& w = a.wraps.value();
  BOOST_TEST(w.tag_url == "https://reseller.example/vast?x=1&y=[CACHEBUSTING]");
  BOOST_TEST(!w.follow_additional);
  BOOST_TEST(w.allow_multiple);
  BOOST_TEST(w.fallback_on_no_ad.value());
  BOOST_REQUIRE(w.blocked.size() == 3u);
  BOOST_TEST(w.blocked[1].code == "IAB8");
  BOOST_TEST(w.blocked[2].code == "IAB9-9");
  // It may spread what it tracks over several creatives.
  const auto all = all_linear(a);
  BOOST_TEST(urls(all.events, "start").size() == 1u);
  BOOST_TEST(all.click_tracking.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_ad_that_is_none_does_not_spoil_the_others) {
  const auto r = sample("pod.xml");
  BOOST_REQUIRE(r.malformed.size() == 1u);
  BOOST_TEST(r.malformed[0].id == "broken");
  BOOST_TEST(r.malformed[0].errors == texts{"https://ads.example/broken"});
  const auto both = parse_vast(
      "<VAST version='3.0'><Ad id='x'><InLine/><Wrapper/></Ad><Ad id='y'/>"
      "<Ad id='z'><Wrapper><Impression>http://i</Impression></Wrapper></Ad></VAST>");
  BOOST_TEST(both.value().ads.empty());
  BOOST_TEST(both.value().malformed.size() == 3u);
}

BOOST_AUTO_TEST_CASE(version_two_is_read) {
  const auto r = sample("two.xml");
  const auto& a = r.ads.at(0);
  const auto* c = linear_creative(a);
  BOOST_REQUIRE(c);
  BOOST_TEST(c->ad_id == "old-30");  // AdID, then
  BOOST_TEST(c->linear->media_files.at(0).api_framework == "VPAID");
  BOOST_TEST(a.creatives.at(1).non_linears == 1u);
  BOOST_TEST(a.verifications.at(0).vendor == "early.example");
}

BOOST_AUTO_TEST_CASE(no_ad_is_an_answer) {
  const auto r =
      parse_vast("<VAST version='4.1'><Error><![CDATA[ http://a/noad ]]></Error></VAST>");
  BOOST_TEST(r.value().ads.empty());
  BOOST_TEST(r.value().errors == texts{"http://a/noad"});
  BOOST_TEST(parse_vast("<VAST/>").value().version.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_vast_has_its_error_code) {
  BOOST_TEST(code_of("<VAST version='4.0'>") == 100);
  BOOST_TEST(code_of("<VAST version='4.0'><Ad></VAST>") == 100);
  BOOST_TEST(code_of("not found") == 100);
  BOOST_TEST(code_of("<html><body/></html>") == 101);
  BOOST_TEST(code_of("<vmap:VMAP xmlns:vmap='x'/>") == 101);
  for (const char* version : {"1.0", "5.0", "0", "x", "4x", "-4"}) BOOST_TEST_CONTEXT(version)
  BOOST_TEST(code_of("<VAST version='" + std::string{version} + "'/>") == 102);
  BOOST_TEST(code_of("<VideoAdServingTemplate/>") == 102);
  for (const char* version : {"2", "2.0", "3.0", "4.0", "4.1", "4.2", "4.3", "4.2.1"})
    BOOST_TEST_CONTEXT(version)
  BOOST_TEST(code_of("<VAST version='" + std::string{version} + "'/>") == 0);
}

BOOST_AUTO_TEST_CASE(urls_that_could_break_a_request_are_none) {
  const auto a = inline_ad(
      "<Impression>http://a/\r\nX-Evil: 1</Impression><Impression>http://b/&#10;c</Impression>"
      "<Impression>http://ok/</Impression>");
  BOOST_TEST(a.impressions == texts{"http://ok/"});
}

BOOST_AUTO_TEST_CASE(a_sequence_that_is_none_is_none) {
  for (const char* sequence : {"0", "-1", "x", ""}) {
    const auto r = parse_vast("<VAST version='3.0'><Ad sequence='" + std::string{sequence} +
                              "'><InLine><Creatives><Creative/></Creatives></InLine></Ad></VAST>");
    BOOST_TEST(!r.value().ads.at(0).sequence);
  }
}

BOOST_AUTO_TEST_CASE(the_first_linear_creative_in_order_is_played) {
  const auto r =
      parse_vast(with_inline("<Creatives><Creative id='b' sequence='2'><Linear/></Creative>"
                             "<Creative id='a' sequence='1'><Linear/></Creative>"
                             "<Creative id='side'><CompanionAds/></Creative></Creatives>"));
  BOOST_TEST(linear_creative(r.value().ads.at(0))->id == "a");
  BOOST_TEST(linear_creative(inline_ad("")) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_universal_ad_id_is_what_the_element_holds) {
  const auto r = parse_vast(with_inline(
      "<Creatives><Creative><UniversalAdId idRegistry='r' idValue='old'>new</UniversalAdId>"
      "<UniversalAdId idRegistry='s' idValue='only'/><UniversalAdId/></Creative></Creatives>"));
  const auto& ids = r.value().ads.at(0).creatives.at(0).universal_ad_ids;
  BOOST_REQUIRE(ids.size() == 2u);
  BOOST_TEST(ids[0].value == "new");
  BOOST_TEST(ids[1].value == "only");
}

BOOST_AUTO_TEST_CASE(clock_times_are_read) {
  BOOST_TEST((parse_clock_time("00:00:30") == 30s));
  BOOST_TEST((parse_clock_time("01:02:03.250") == 1h + 2min + 3250ms));
  BOOST_TEST((parse_clock_time("0:0:1") == 1s));
  for (const char* none : {"", "30", "00:30", "00:60:00", "00:00:60", "25:00:00", "-1:00:00",
                           "00:00:-1", "a:b:c", "00:00:30:00", "00:00: 1"})
    BOOST_TEST_CONTEXT(none) BOOST_TEST(!parse_clock_time(none));
  BOOST_TEST((parse_position("33.3%").value().in(1000s) == 333s));
  BOOST_TEST((parse_position("00:00:05").value().in(10s) == 5s));
  for (const char* none : {"", "%", "101%", "-1%", "5", "x%"})
    BOOST_TEST_CONTEXT(none) BOOST_TEST(!parse_position(none));
}

BOOST_AUTO_TEST_CASE(what_is_read_can_be_shown) {
  const auto shown = to_json(sample("pod.xml"));
  const auto& ads = shown.at("ads").as_array();
  const auto& first = ads.at(0).as_object();
  BOOST_TEST(first.at("type").as_string() == "InLine");
  BOOST_TEST(first.at("duration").as_double() == 15.5);
  BOOST_TEST(first.at("skipOffset").as_string() == "25%");
  BOOST_TEST(first.at("trackingEvents").at("start").as_array().size() == 2u);
  BOOST_TEST(first.at("progress").as_array().at(1).at("offset").as_string() == "90%");
  BOOST_TEST(first.at("mezzanine").as_array().size() == 1u);
  BOOST_TEST(first.at("universalAdIds").as_array().size() == 2u);
  BOOST_TEST(first.at("adVerifications").as_array().size() == 1u);
  const auto& wrapped = ads.at(1).as_object();
  BOOST_TEST(wrapped.at("type").as_string() == "Wrapper");
  BOOST_TEST(wrapped.at("vastAdTagURI").as_string().starts_with("https://reseller.example/"));
  BOOST_TEST(wrapped.at("trackingEvents").at("start").as_array().size() == 1u);
  BOOST_TEST(wrapped.at("clickTracking").as_array().size() == 1u);
  BOOST_TEST(shown.at("malformedAds").as_array().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
