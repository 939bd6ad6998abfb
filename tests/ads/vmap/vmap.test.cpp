#include "ads/vmap/vmap.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::vmap;
using namespace std::chrono_literals;

namespace {

std::string vmap_of(const std::string& breaks) {
  return "<vmap:VMAP xmlns:vmap='http://www.iab.net/videosuite/vmap' version='1.0'>" + breaks +
         "</vmap:VMAP>";
}

std::string with_source(const std::string& attributes, const std::string& source) {
  return "<vmap:AdBreak " + attributes + "><vmap:AdSource id='s'>" + source +
         "</vmap:AdSource></vmap:AdBreak>";
}

const std::string data =
    "<vmap:VASTAdData><VAST version='3.0'><Ad id='a'><InLine><Creatives><Creative/></Creatives>"
    "</InLine></Ad></VAST></vmap:VASTAdData>";

int code_of(const std::string& text) {
  const auto r = parse_vmap(text);
  return r ? 0 : vast::number_of(r.error().code);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vmap_answers)

BOOST_AUTO_TEST_CASE(breaks_are_read_with_their_ads) {
  const auto r = parse_vmap(vmap_of(
      "<vmap:AdBreak timeOffset='00:10:00.500' breakType='linear' breakId='mid' "
      "repeatAfter='00:05:00'><vmap:AdSource id='s' allowMultipleAds='false' followRedirects='0'>" +
      data +
      "</vmap:AdSource><vmap:TrackingEvents><vmap:Tracking event='breakStart'>http://t/start"
      "</vmap:Tracking></vmap:TrackingEvents></vmap:AdBreak>"));
  BOOST_REQUIRE(r);
  const auto& b = r->breaks.at(0);
  BOOST_TEST(b.id == "mid");
  BOOST_TEST((b.at.time == 10min + 500ms));
  BOOST_TEST((b.repeat_after == 5min));
  BOOST_TEST(!b.source.allow_multiple);
  BOOST_TEST(!b.source.follow_redirects);
  BOOST_TEST(std::get<vast::vast_response>(b.source.ads).ads.at(0).id == "a");
  BOOST_TEST(b.events.at(0).event == "breakStart");
}

BOOST_AUTO_TEST_CASE(ads_may_lie_elsewhere) {
  const auto r = parse_vmap(vmap_of(with_source(
      "timeOffset='start'", "<vmap:AdTagURI templateType='vast4'> http://tag/ </vmap:AdTagURI>")));
  const auto& t = std::get<tag>(r.value().breaks.at(0).source.ads);
  BOOST_TEST(t.url == "http://tag/");
  BOOST_TEST(t.template_type == "vast4");
}

BOOST_AUTO_TEST_CASE(a_break_without_ads_does_not_stop_the_others) {
  const auto r = parse_vmap(vmap_of(
      "<vmap:AdBreak timeOffset='start'/>" + with_source("timeOffset='never'", data) +
      with_source("timeOffset='#2'", "<vmap:VASTAdData><VAST version='9'/></vmap:VASTAdData>") +
      with_source("timeOffset='#3'", "<vmap:CustomAdData/>") +
      with_source("timeOffset='end'", "<vmap:VASTData><VAST version='3.0'/></vmap:VASTData>")));
  const auto& breaks = r.value().breaks;
  BOOST_REQUIRE(breaks.size() == 4u);
  BOOST_TEST(std::holds_alternative<std::monostate>(breaks[0].source.ads));
  BOOST_TEST((std::get<vast::vast_error>(breaks[1].source.ads).code ==
              vast::error_code::version_unsupported));
  BOOST_TEST(std::holds_alternative<std::monostate>(breaks[2].source.ads));
  BOOST_TEST(std::get<vast::vast_response>(breaks[3].source.ads).ads.empty());
}

BOOST_AUTO_TEST_CASE(a_data_element_without_vast_is_an_error_of_its_break) {
  const auto r = parse_vmap(vmap_of(with_source("timeOffset='start'", "<vmap:VASTAdData/>")));
  BOOST_TEST((std::get<vast::vast_error>(r.value().breaks.at(0).source.ads).code ==
              vast::error_code::schema));
}

BOOST_AUTO_TEST_CASE(time_offsets_are_read) {
  using kind = time_offset::kind;
  BOOST_TEST((parse_time_offset("start") == time_offset{}));
  BOOST_TEST((parse_time_offset("end").value().what == kind::end));
  BOOST_TEST((parse_time_offset("00:00:30") == time_offset{kind::time, 30s, 0, 0}));
  BOOST_TEST((parse_time_offset("50%") == time_offset{kind::percent, 0s, 0.5, 0}));
  BOOST_TEST((parse_time_offset("#3") == time_offset{kind::position, 0s, 0, 3}));
  for (const char* none : {"", "#0", "#", "#x", "middle", "101%", "30"})
    BOOST_TEST_CONTEXT(none) BOOST_TEST(!parse_time_offset(none));
}

BOOST_AUTO_TEST_CASE(one_break_stands_for_now) {
  const auto id_for = [](const std::string& breaks) {
    const auto r = parse_vmap(vmap_of(breaks)).value();
    const auto* b = break_for_now(r);
    return b ? b->id : std::string{"none"};
  };
  const std::string overlay =
      "<AdBreak timeOffset='start' breakType='nonlinear' breakId='overlay'/>";
  const std::string mid = "<AdBreak timeOffset='00:10:00' breakType='linear' breakId='mid'/>";
  const std::string pre =
      "<AdBreak timeOffset='00:00:00' breakType='display, linear' breakId='pre'/>";
  BOOST_TEST(id_for(overlay + mid + pre) == "pre");
  BOOST_TEST(id_for(overlay + mid) == "mid");
  BOOST_TEST(id_for(overlay) == "none");
  BOOST_TEST(id_for("") == "none");
  BOOST_TEST(id_for("<AdBreak timeOffset='#1' breakId='any'/>" + mid) == "any");
}

BOOST_AUTO_TEST_CASE(what_is_no_vmap_has_its_error_code) {
  BOOST_TEST(code_of("<VMAP") == 100);
  BOOST_TEST(code_of("<VAST version='4.0'/>") == 101);
  BOOST_TEST(code_of("<VMAP version='2.0'/>") == 102);
  BOOST_TEST(code_of("<VMAP version='1.0'/>") == 0);
  BOOST_TEST(code_of(vmap_of("<AdBreak/>")) == 101);
}

BOOST_AUTO_TEST_SUITE_END()
