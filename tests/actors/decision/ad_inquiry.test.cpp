// What is asked of an ad server, and what its answers come to.
#include "actors/decision/ad_inquiry.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

const instant now{1'767'225'600s};

fetch_response page(std::string body, unsigned status = 200) {
  fetch_response r;
  r.status = status;
  r.body = std::move(body);
  return r;
}

// An ad server's world: answers by URL; what is not there does not answer.
struct world {
  std::map<std::string, result<fetch_response>> answers;
  inquiry_settings settings{"http://ads.test/?d=[break.duration]", 1500ms, {}, {}};
  texts asked;
  std::vector<fetch_request> requests;

  inquiry_result play() {
    ad_inquiry inquiry{settings, {}, {"tv/one", "b1", "", 20s, now, 0}};
    std::vector<ad_inquiry::wanted> todo = {inquiry.start(now, 1)};
    while (!todo.empty()) {
      std::vector<ad_inquiry::wanted> next;
      for (const auto& w : todo) {
        asked.push_back(w.request.url);
        requests.push_back(w.request);
        const auto it = answers.find(w.request.url);
        if (it == answers.end()) continue;
        for (auto& more : inquiry.answered(w.number, it->second, now, [] { return 2u; }))
          next.push_back(std::move(more));
      }
      todo = std::move(next);
    }
    inquiry.expire();
    BOOST_TEST(inquiry.done());
    return inquiry.take();
  }
  void answer(const std::string& url, const std::string& body) { answers.emplace(url, page(body)); }
};

const std::string first = "http://ads.test/?d=20";

texts names(const inquiry_result& r) {
  texts out;
  for (const auto& c : r.candidates) out.push_back(c.name);
  return out;
}

// No media file of it can be read.
std::string unplayable_ad(int sequence) {
  return "<Ad id='s' sequence='" + std::to_string(sequence) +
         "'><InLine><Creatives><Creative><Linear><MediaFiles><MediaFile "
         "type='video/x-flv'>http://c/a.flv</MediaFile></MediaFiles></Linear></Creative>"
         "</Creatives></InLine></Ad>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ad_inquiries)

BOOST_AUTO_TEST_CASE(an_answer_becomes_candidates_in_order) {
  world w;
  w.answer(first, vast_of(inline_ad("alone") + inline_ad("b", 2) + inline_ad("a", 1)));
  const auto r = w.play();
  BOOST_TEST(names(r) == (texts{"a", "b", "alone"}));
  BOOST_TEST(r.problem == "");
  BOOST_TEST(r.requests == 1u);
  BOOST_TEST(r.candidates[0].in_pod);
  BOOST_TEST(!r.candidates[2].in_pod);
  BOOST_TEST(r.candidates[0].key == "id:test:a@cdn.test");
  BOOST_TEST(r.candidates[0].source == "http://cdn.test/a.mp4?token=1");
  BOOST_TEST(r.candidates[0].ad->content.impressions == texts{"http://a.test/i"});
}

BOOST_AUTO_TEST_CASE(requests_are_bounded) {
  world w;
  w.play();
  BOOST_TEST(w.requests.at(0).max_bytes <= 2u * 1024 * 1024);
  BOOST_TEST((w.requests.at(0).timeout == 1500ms));
}

BOOST_AUTO_TEST_CASE(a_server_may_be_asked_by_post_but_not_those_it_leads_to) {
  world w;
  w.settings.form = {"POST", "{\"id\":\"[break.id]\"}", "application/json", {{"X-Key", "k"}}};
  w.answer(first, vast_of(wrapper_ad("http://two.test/")));
  w.answer("http://two.test/", vast_of(inline_ad("end")));
  BOOST_TEST(names(w.play()) == texts{"end"});
  BOOST_REQUIRE(w.requests.size() == 2u);
  BOOST_TEST(w.requests[0].method == "POST");
  BOOST_TEST(w.requests[0].body == "{\"id\":\"b1\"}");
  const std::vector<std::pair<std::string, std::string>> sent = {
      {"Content-Type", "application/json"}, {"X-Key", "k"}};
  BOOST_TEST((w.requests[0].headers == sent));
  BOOST_TEST(w.requests[1].method == "GET");
  BOOST_TEST(w.requests[1].body == "");
  BOOST_TEST(w.requests[1].headers.empty());
}

BOOST_AUTO_TEST_CASE(wrappers_are_followed) {
  world w;
  w.answer(first, vast_of(wrapper_ad("http://two.test/?c=[CACHEBUSTING]") + inline_ad("x")));
  w.answer("http://two.test/?c=10000002", vast_of(wrapper_ad("http://three.test/", "v")));
  w.answer("http://three.test/", vast_of(inline_ad("end")));
  const auto r = w.play();
  BOOST_TEST(names(r) == (texts{"end", "x"}));
  BOOST_TEST(r.requests == 3u);
  BOOST_TEST(r.candidates[0].ad->wrapper_ids == (texts{"w", "v"}));
}

BOOST_AUTO_TEST_CASE(who_does_not_answer_is_left_out) {
  world w;
  BOOST_TEST(w.play().problem == "the ad server did not answer in time");
  w.answer(first, vast_of(wrapper_ad("http://never.test/") + inline_ad("x")));
  const auto r = w.play();
  BOOST_TEST(names(r) == texts{"x"});
  BOOST_REQUIRE(r.notices.size() == 1u);
  BOOST_TEST(vast::number_of(r.notices[0].code) == 301);
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_said_to_be_none) {
  const auto problem = [](const result<fetch_response>& answer) {
    world w;
    w.answers.emplace(first, answer);
    const auto r = w.play();
    BOOST_TEST(r.candidates.empty());
    return r.problem;
  };
  BOOST_TEST(problem(page("", 500)) == "the ad server answered HTTP 500");
  BOOST_TEST(problem(page("", 204)) == "the answer is empty");
  BOOST_TEST(problem(page(" \n")) == "the answer is empty");
  BOOST_TEST(problem(page("<html/>")).find("<html>") != std::string::npos);
  BOOST_TEST(problem(page("no xml")) != "");
  BOOST_TEST(problem(error{errc::too_large, first, "larger than allowed"}).find("larger") !=
             std::string::npos);
  BOOST_TEST(problem(page(vast_of(""))).find("there is no ad") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(answers_are_told_apart_by_their_sort) {
  const auto event = [](const result<fetch_response>& answer) {
    world w;
    w.answers.emplace(first, answer);
    return std::string{event_of(w.play().outcome)};
  };
  BOOST_TEST(event(page(vast_of(inline_ad("a")))) == "VAST_RESPONSE");
  BOOST_TEST(event(page(vast_of(unplayable_ad(1)))) == "VAST_RESPONSE");
  BOOST_TEST(event(page(vast_of(""))) == "EMPTY_VAST_RESPONSE");
  BOOST_TEST(event(page("", 204)) == "EMPTY_VAST_RESPONSE");
  BOOST_TEST(event(page("", 500)) == "ERROR_ADS_IO");
  BOOST_TEST(event(error{errc::unavailable, first, "refused"}) == "ERROR_ADS_IO");
  BOOST_TEST(event(error{errc::timed_out, first, "no answer"}) == "ERROR_ADS_TIMEOUT");
  BOOST_TEST(event(page("no xml")) == "ERROR_ADS_RESPONSE_PARSE");
  BOOST_TEST(event(page("<html/>")) == "ERROR_ADS_INVALID_RESPONSE");
  world silent;
  BOOST_TEST((silent.play().outcome == inquiry_outcome::timed_out));
}

// What is told of a URL may be kept, and read by others than whom it was filled for.
BOOST_AUTO_TEST_CASE(of_a_url_that_fails_only_the_host_is_told) {
  world w;
  w.answers.emplace(first,
                    error{errc::unavailable, "http://me@ads.test:81/192.0.2.7?id=7#x", "refused"});
  BOOST_TEST(w.play().problem == "ads.test:81: refused");
}

BOOST_AUTO_TEST_CASE(an_ad_that_cannot_be_played_is_told) {
  world w;
  w.answer(first,
           vast_of("<Ad id='s'><InLine><Error>http://s.test/e</Error><Creatives><Creative>"
                   "<Linear><MediaFiles><MediaFile type='video/x-flv'>http://c/a.flv"
                   "</MediaFile></MediaFiles></Linear></Creative></Creatives></InLine></Ad>" +
                   inline_ad("x")));
  const auto r = w.play();
  BOOST_TEST(names(r) == texts{"x"});
  BOOST_REQUIRE(r.notices.size() == 1u);
  BOOST_TEST(vast::number_of(r.notices[0].code) == 403);
  BOOST_TEST(r.notices[0].urls == texts{"http://s.test/e"});
}

BOOST_AUTO_TEST_CASE(an_ad_that_is_a_stream_only_is_a_candidate) {
  world w;
  w.answer(first,
           vast_of("<Ad id='s'><InLine><Creatives><Creative id='c'><Linear><MediaFiles><MediaFile "
                   "type='application/x-mpegURL'>http://c/a.m3u8?t=1</MediaFile></MediaFiles>"
                   "</Linear></Creative></Creatives></InLine></Ad>"));
  const auto r = w.play();
  BOOST_REQUIRE(r.candidates.size() == 1u);
  BOOST_TEST(r.candidates[0].source == "http://c/a.m3u8?t=1");
  BOOST_TEST(r.notices.empty());
}

BOOST_AUTO_TEST_CASE(where_an_ad_of_a_pod_fails_one_that_stands_alone_takes_its_place) {
  world w;
  w.answer(first, vast_of(inline_ad("x") + inline_ad("y") + unplayable_ad(1) + inline_ad("b", 2) +
                          wrapper_ad("http://empty.test/", "w", 3)));
  w.answer("http://empty.test/", vast_of(""));
  const auto r = w.play();
  BOOST_TEST(names(r) == (texts{"x", "b", "y"}));
  for (const auto& c : r.candidates) BOOST_TEST(c.in_pod);
  BOOST_TEST(r.notices.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_wrapper_may_forbid_that_its_place_is_taken) {
  auto wrapper = wrapper_ad("http://empty.test/", "w", 1);
  wrapper.insert(wrapper.find("<Wrapper") + 8, " fallbackOnNoAd='false'");
  world w;
  w.answer(first, vast_of(inline_ad("x") + wrapper + inline_ad("b", 2)));
  w.answer("http://empty.test/", vast_of(""));
  const auto r = w.play();
  BOOST_TEST(names(r) == (texts{"b", "x"}));
  BOOST_TEST(!r.candidates.at(1).in_pod);
}

BOOST_AUTO_TEST_CASE(a_vmap_may_hold_the_ads) {
  world w;
  w.answer(first,
           "<vmap:VMAP xmlns:vmap='v' version='1.0'><vmap:AdBreak timeOffset='start' "
           "breakType='linear'><vmap:AdSource><vmap:VASTAdData>" +
               vast_of(inline_ad("a", 1) + wrapper_ad("http://two.test/", "w", 2)) +
               "</vmap:VASTAdData></vmap:AdSource></vmap:AdBreak></vmap:VMAP>");
  w.answer("http://two.test/", vast_of(inline_ad("b")));
  BOOST_TEST(names(w.play()) == (texts{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(what_a_vmap_wants_to_be_told_of_its_break_goes_with_its_ads) {
  const auto events =
      "<TrackingEvents><Tracking event='breakStart'>http://v.test/s</Tracking>"
      "<Tracking event='breakEnd'>http://v.test/e</Tracking>"
      "<Tracking event='error'>http://v.test/x?[ERROR_CODE]</Tracking></TrackingEvents>";
  const auto vmap = [&](const std::string& ads) {
    return "<VMAP version='1.0'><AdBreak timeOffset='start'><AdSource><VASTAdData>" + vast_of(ads) +
           "</VASTAdData></AdSource>" + events + "</AdBreak></VMAP>";
  };
  world w;
  w.answer(first, vmap(inline_ad("a", 1) + inline_ad("b", 2)));
  const auto r = w.play();
  BOOST_REQUIRE(r.candidates.size() == 2u);
  for (const auto& c : r.candidates) {
    BOOST_REQUIRE(c.ad->break_events != nullptr);
    const auto& told = *c.ad->break_events;
    BOOST_REQUIRE(told.size() == 2u);
    BOOST_TEST(told[0].event == "breakStart");
    BOOST_TEST(told[0].url == "http://v.test/s");
    BOOST_TEST(told[1].event == "breakEnd");
  }
  BOOST_TEST(r.notices.empty());
  BOOST_TEST(r.break_failed.urls.empty());
  world failing;
  failing.answer(first, vmap(unplayable_ad(1)));
  const auto none = failing.play();
  BOOST_TEST(none.notices.size() == 1u);  // of the ad; the break is no ad
  BOOST_TEST(none.break_failed.urls == texts{"http://v.test/x?[ERROR_CODE]"});
  BOOST_TEST((none.break_failed.code == vmap::break_error_code::ad_response));
  world silent;
  silent.answer(first,
                "<VMAP version='1.0'><AdBreak timeOffset='start'><AdSource><AdTagURI>"
                "http://tag.test/</AdTagURI></AdSource>" +
                    std::string{events} + "</AdBreak></VMAP>");
  BOOST_TEST((silent.play().break_failed.code == vmap::break_error_code::ad_response_timeout));
}

BOOST_AUTO_TEST_CASE(of_the_events_of_a_break_there_are_no_more_than_an_ad_server_has_use_for) {
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += "<Tracking event='breakStart'>http://v.test/" + std::to_string(i) + "</Tracking>";
  many += "<Tracking event='error'>http://v.test/x</Tracking>";
  world w;
  w.answer(first, "<VMAP version='1.0'><AdBreak timeOffset='start'><AdSource><VASTAdData>" +
                      vast_of(inline_ad("a")) + "</VASTAdData></AdSource><TrackingEvents>" + many +
                      "</TrackingEvents></AdBreak></VMAP>");
  const auto r = w.play();
  BOOST_REQUIRE(r.candidates.size() == 1u);
  BOOST_TEST(r.candidates[0].ad->break_events->size() == 32u);
}

BOOST_AUTO_TEST_CASE(a_vmap_may_lead_to_the_ads_but_not_in_circles) {
  const auto vmap =
      "<VMAP version='1.0'><AdBreak timeOffset='start'><AdSource><AdTagURI>"
      "http://tag.test/</AdTagURI></AdSource></AdBreak></VMAP>";
  world w;
  w.answer(first, vmap);
  w.answer("http://tag.test/", vast_of(inline_ad("a")));
  BOOST_TEST(names(w.play()) == texts{"a"});
  world circle;
  circle.answer(first, vmap);
  circle.answer("http://tag.test/", vmap);
  BOOST_TEST(circle.play().problem == "a VMAP leads to another VMAP");
  BOOST_TEST(circle.asked.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_vmap_without_a_break_for_now_has_no_ads) {
  world w;
  w.answer(first, "<VMAP version='1.0'><AdBreak timeOffset='start' breakType='display'/></VMAP>");
  BOOST_TEST(w.play().problem == "the VMAP has no linear break");
}

BOOST_AUTO_TEST_SUITE_END()
