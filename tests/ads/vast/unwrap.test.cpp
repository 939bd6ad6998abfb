// Wrappers are followed to the ads at their end.
#include "ads/vast/unwrap.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

#include "ads/vast/merge.hpp"
#include "ads/vast/parse.hpp"

using namespace interlude;
using namespace interlude::vast;

namespace {

using texts = std::vector<std::string>;

std::string attributes(const std::string& id, int sequence) {
  return "<Ad id='" + id + "'" +
         (sequence > 0 ? " sequence='" + std::to_string(sequence) + "'" : "") + ">";
}

std::string inline_ad(const std::string& id, int sequence = 0, const std::string& more = "") {
  return attributes(id, sequence) + "<InLine><AdSystem>" + id + "</AdSystem><Impression>http://" +
         id + "/i</Impression><Error>http://" + id + "/e</Error>" + more +
         "<Creatives><Creative><Linear><Duration>00:00:10</Duration><TrackingEvents>"
         "<Tracking event='start'>http://" +
         id + "/start</Tracking></TrackingEvents></Linear></Creative></Creatives></InLine></Ad>";
}

std::string wrapper_to(const std::string& url, const std::string& id, int sequence = 0,
                       const std::string& rules = "", const std::string& more = "") {
  return attributes(id, sequence) + "<Wrapper " + rules + "><AdSystem>" + id +
         "</AdSystem><VASTAdTagURI>" + url + "</VASTAdTagURI><Impression>http://" + id +
         "/i</Impression><Error>http://" + id + "/e</Error>" + more +
         "<Creatives><Creative><Linear><TrackingEvents><Tracking event='start'>http://" + id +
         "/start</Tracking></TrackingEvents><VideoClicks><ClickThrough>http://" + id +
         "/click</ClickThrough></VideoClicks></Linear></Creative></Creatives></Wrapper></Ad>";
}

std::string answer(const std::string& ads) {
  return "<VAST version='4.2'>" + ads + "</VAST>";
}

const std::string first_url = "http://ads/first";

// Ad servers that answer by URL; one that is not there does not answer.
struct world {
  std::map<std::string, std::string> answers;
  unwrap_limits limits;
  std::vector<std::string> asked;
  std::vector<tag_request> requests;

  unwrapped play(const std::string& first) {
    unwrapping u{first_url, parse_vast(answer(first)).value(), limits};
    for (;;) {
      const auto wanted = u.take_requests();
      if (wanted.empty()) break;
      for (const auto& r : wanted) {
        asked.push_back(r.url);
        requests.push_back(r);
        const auto it = answers.find(r.url);
        if (it == answers.end()) continue;
        auto parsed = parse_vast(it->second);
        if (parsed)
          u.answered(r.number, *std::move(parsed));
        else
          u.failed(r.number, parsed.error());
      }
    }
    BOOST_TEST(u.done() == is_answered());
    u.expire();
    BOOST_TEST(u.done());
    return u.take();
  }
  bool is_answered() const {
    for (const auto& url : asked)
      if (!answers.contains(url)) return false;
    return true;
  }
};

texts ids(const std::vector<resolved_ad>& ads) {
  texts out;
  for (const auto& a : ads) out.push_back(a.content.id);
  return out;
}

// "1: a b, 2:"
std::string pod_of(const unwrapped& u) {
  std::string out;
  for (const auto& slot : u.pod) {
    out += (out.empty() ? "" : ", ") + std::to_string(slot.sequence) + ":";
    for (const auto& id : ids(slot.ads)) out += " " + id;
  }
  return out;
}

void check_notice(const unwrapped& u, error_code code, const texts& urls) {
  BOOST_REQUIRE(u.notices.size() == 1u);
  BOOST_TEST(number_of(u.notices[0].code) == number_of(code), u.notices[0].what);
  BOOST_TEST(u.notices[0].urls == urls);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unwrapping_of_ads)

BOOST_AUTO_TEST_CASE(ads_without_wrappers_are_there_at_once) {
  world w;
  const auto u = w.play(inline_ad("b", 2) + inline_ad("x") + inline_ad("a", 1) + inline_ad("y"));
  BOOST_TEST(pod_of(u) == "1: a, 2: b");
  BOOST_TEST(ids(u.buffet) == (texts{"x", "y"}));
  BOOST_TEST(u.notices.empty());
  BOOST_TEST(w.asked.empty());
}

BOOST_AUTO_TEST_CASE(what_every_level_tracks_is_added_up) {
  world w;
  w.answers = {{"http://two", answer(wrapper_to("http://three", "two"))},
               {"http://three", answer(inline_ad("ad"))}};
  const auto u = w.play(wrapper_to("http://two", "one"));
  BOOST_REQUIRE(u.buffet.size() == 1u);
  const auto& r = u.buffet[0];
  BOOST_TEST(r.wrapper_ids == (texts{"one", "two"}));
  BOOST_TEST(r.systems == (texts{"one", "two", "ad"}));
  BOOST_TEST(r.content.impressions == (texts{"http://ad/i", "http://two/i", "http://one/i"}));
  BOOST_TEST(r.content.errors == (texts{"http://ad/e", "http://two/e", "http://one/e"}));
  const auto& l = *linear_creative(r.content)->linear;
  texts starts;
  for (const auto& e : l.events) starts.push_back(e.url);
  BOOST_TEST(starts == (texts{"http://ad/start", "http://two/start", "http://one/start"}));
  // The nearest to the ad stands.
  BOOST_TEST(l.click_through == "http://two/click");
}

BOOST_AUTO_TEST_CASE(a_wrapper_in_a_pod_keeps_its_place) {
  world w;
  w.answers = {{"http://p", answer(inline_ad("p2", 2) + inline_ad("p1", 1) + inline_ad("alone"))}};
  const auto u = w.play(inline_ad("c", 3) + wrapper_to("http://p", "w", 2, "allowMultipleAds='1'") +
                        inline_ad("a", 1));
  BOOST_TEST(pod_of(u) == "1: a, 2: p1 p2, 3: c");
  BOOST_TEST(ids(u.buffet) == texts{"alone"});
  BOOST_TEST(u.pod[1].ads[1].content.impressions == (texts{"http://p2/i", "http://w/i"}));
}

BOOST_AUTO_TEST_CASE(without_leave_only_one_ad_is_taken) {
  world w;
  w.answers = {{"http://p", answer(inline_ad("p1", 1) + inline_ad("alone") + inline_ad("more"))},
               {"http://q", answer(inline_ad("q2", 2) + inline_ad("q1", 1))}};
  const auto u = w.play(wrapper_to("http://p", "w", 1) + wrapper_to("http://q", "v", 2));
  BOOST_TEST(pod_of(u) == "1: alone, 2: q1");
}

BOOST_AUTO_TEST_CASE(a_chain_ends_after_seven_wrappers) {
  for (const int wrappers : {7, 8}) {
    world w;
    for (int i = 2; i <= wrappers; ++i)
      w.answers["http://" + std::to_string(i)] =
          answer(wrapper_to("http://" + std::to_string(i + 1), "w" + std::to_string(i)));
    w.answers["http://" + std::to_string(wrappers + 1)] = answer(inline_ad("end"));
    const auto u = w.play(wrapper_to("http://2", "w1"));
    if (wrappers == 7) {
      BOOST_TEST(ids(u.buffet) == texts{"end"});
      BOOST_TEST(u.notices.empty());
    } else {
      BOOST_TEST(u.buffet.empty());
      BOOST_REQUIRE(u.notices.size() == 1u);
      BOOST_TEST(number_of(u.notices[0].code) == 302);
      BOOST_TEST(u.notices[0].urls.size() == 8u);  // each level is told
    }
  }
}

BOOST_AUTO_TEST_CASE(a_wrapper_that_leads_back_is_not_followed) {
  world w;
  w.answers = {{"http://two", answer(wrapper_to("http://three", "two"))},
               {"http://three", answer(wrapper_to("http://two", "three"))}};
  auto u = w.play(wrapper_to("http://two", "one"));
  check_notice(u, error_code::wrapper_limit, {"http://three/e", "http://two/e", "http://one/e"});
  BOOST_TEST(w.asked.size() == 2u);
  world self;
  u = self.play(wrapper_to(first_url, "one"));
  check_notice(u, error_code::wrapper_limit, {"http://one/e"});
  BOOST_TEST(self.asked.empty());
}

BOOST_AUTO_TEST_CASE(a_further_wrapper_may_be_forbidden) {
  world w;
  w.answers = {{"http://two", answer(wrapper_to("http://three", "two") + inline_ad("ad"))},
               {"http://other", answer(wrapper_to("http://three", "two"))}};
  auto u = w.play(wrapper_to("http://two", "one", 0, "followAdditionalWrappers='false'"));
  BOOST_TEST(ids(u.buffet) == texts{"ad"});
  u = w.play(wrapper_to("http://other", "one", 0, "followAdditionalWrappers='false'"));
  check_notice(u, error_code::wrapper_limit, {"http://one/e"});
}

BOOST_AUTO_TEST_CASE(no_ad_is_told_to_who_said_so_and_to_every_wrapper) {
  world w;
  w.answers = {{"http://two", "<VAST version='4.0'><Error>http://none/e</Error></VAST>"}};
  const auto u = w.play(wrapper_to("http://two", "one"));
  check_notice(u, error_code::no_ad_after_wrapper, {"http://none/e", "http://one/e"});
  unwrapping direct{first_url,
                    parse_vast("<VAST version='4.0'><Error>http://none/e</Error></VAST>").value()};
  check_notice(direct.take(), error_code::no_ad_after_wrapper, {"http://none/e"});
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_none_is_told) {
  for (const auto& [text, code] : std::vector<std::pair<std::string, int>>{
           {"<html/>", 101}, {"nothing", 100}, {"<VAST version='9'/>", 102}}) {
    world w;
    w.answers = {{"http://two", text}};
    const auto u = w.play(wrapper_to("http://two", "one"));
    BOOST_REQUIRE(u.notices.size() == 1u);
    BOOST_TEST(number_of(u.notices[0].code) == code);
    BOOST_TEST(u.notices[0].urls == texts{"http://one/e"});
  }
}

BOOST_AUTO_TEST_CASE(who_does_not_answer_in_time_holds_up_nobody_else) {
  world w;
  w.answers = {{"http://fast", answer(inline_ad("fast"))}};
  const auto u =
      w.play(wrapper_to("http://never", "slow", 1) + wrapper_to("http://fast", "quick", 2));
  BOOST_TEST(pod_of(u) == "1:, 2: fast");
  check_notice(u, error_code::wrapper_timeout, {"http://slow/e"});
  BOOST_TEST(u.pod[0].may_substitute);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_late_changes_nothing) {
  unwrapping u{first_url, parse_vast(answer(wrapper_to("http://two", "one"))).value()};
  const auto number = u.take_requests().at(0).number;
  u.expire();
  u.answered(number, parse_vast(answer(inline_ad("late"))).value());
  u.failed(number, {});
  const auto all = u.take();
  BOOST_TEST(all.buffet.empty());
  BOOST_TEST(all.notices.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_place_in_a_pod_may_forbid_a_substitute) {
  world w;
  w.answers = {{"http://none", "<VAST version='4.0'/>"}};
  const auto u =
      w.play(wrapper_to("http://none", "a", 1, "fallbackOnNoAd='0'") +
             wrapper_to("http://none", "b", 2, "fallbackOnNoAd='1'") + inline_ad("alone"));
  BOOST_TEST(pod_of(u) == "1:, 2:");
  BOOST_TEST(!u.pod[0].may_substitute);
  BOOST_TEST(u.pod[1].may_substitute);
}

BOOST_AUTO_TEST_CASE(a_blocked_category_is_not_played) {
  world w;
  const std::string blocks = "<BlockedAdCategories authority='iab'>IAB7,IAB8</BlockedAdCategories>";
  w.answers = {
      {"http://two", answer(wrapper_to("http://three", "two"))},
      {"http://three", answer(inline_ad("ad", 0, "<Category authority='iab'>IAB8</Category>"))}};
  auto u = w.play(wrapper_to("http://two", "one", 0, "", blocks));
  BOOST_TEST(u.buffet.empty());
  check_notice(u, error_code::category_blocked, {"http://ad/e", "http://two/e", "http://one/e"});
  BOOST_TEST(w.requests.at(1).blocked.size() == 2u);
  // Of another authority the same code means something else.
  w.answers["http://three"] =
      answer(inline_ad("ad", 0, "<Category authority='other'>IAB8</Category>"));
  u = w.play(wrapper_to("http://two", "one", 0, "", blocks));
  BOOST_TEST(ids(u.buffet) == texts{"ad"});
}

BOOST_AUTO_TEST_CASE(an_ad_that_is_none_is_told_to_every_level) {
  world w;
  w.answers = {
      {"http://two", answer("<Ad id='x'><InLine><Error>http://x/e</Error></InLine></Ad>")}};
  check_notice(w.play(wrapper_to("http://two", "one")), error_code::schema,
               {"http://x/e", "http://one/e"});
}

BOOST_AUTO_TEST_CASE(requests_and_ads_are_bounded) {
  world w;
  w.limits.max_requests = 3;
  w.limits.max_ads = 2;
  std::string many;
  for (int i = 0; i < 5; ++i) {
    const auto url = "http://" + std::to_string(i);
    many += wrapper_to(url, "w" + std::to_string(i));
    w.answers[url] = answer(inline_ad("a" + std::to_string(i)));
  }
  const auto u = w.play(many);
  BOOST_TEST(w.asked.size() == 3u);
  BOOST_TEST(u.buffet.size() == 2u);
  BOOST_TEST(u.notices.size() == 3u);
}

// What an answer says is copied for each ad below it.
BOOST_AUTO_TEST_CASE(what_many_levels_would_add_to_many_ads_is_bounded) {
  std::string errors, nothing, ads;
  for (int i = 0; i < 5000; ++i) {
    errors += "<Error>http://e/" + std::to_string(i) + "</Error>";
    nothing += "<Ad/>";
    if (i < 1500) ads += inline_ad("a" + std::to_string(i));
  }
  world w;
  w.answers = {{"http://two", answer(nothing)}, {"http://three", answer(ads)}};
  const auto u = w.play(wrapper_to("http://two", "one", 0, "allowMultipleAds='1'", errors) +
                        wrapper_to("http://three", "more", 0, "allowMultipleAds='1'", errors));
  BOOST_TEST(u.notices.size() == w.limits.max_notices);
  for (const auto& n : u.notices) BOOST_TEST(n.urls.size() <= w.limits.max_notice_urls);
  std::size_t merged = 0;
  for (const auto& a : u.buffet) merged += a.content.errors.size();
  BOOST_TEST(u.buffet.size() > 0u);
  BOOST_TEST(merged < 500'000u);
}

BOOST_AUTO_TEST_CASE(companions_and_icons_nearest_to_the_ad_stand) {
  const auto with = [](const std::string& id, const std::string& program) {
    return "<VAST version='4.0'><Ad><InLine><Creatives><Creative><Linear><Icons><Icon program='" +
           program + "'/></Icons></Linear></Creative><Creative><CompanionAds><Companion id='" + id +
           "'/></CompanionAds></Creative></Creatives></InLine></Ad></VAST>";
  };
  auto inner = parse_vast(with("near", "p")).value().ads.at(0);
  add_wrapper(inner, parse_vast(with("far", "p")).value().ads.at(0));
  add_wrapper(inner, parse_vast(with("further", "q")).value().ads.at(0));
  BOOST_TEST(inner.creatives.size() == 2u);
  BOOST_TEST(linear_creative(inner)->linear->icons.size() == 2u);
  auto bare = parse_vast(answer(inline_ad("bare"))).value().ads.at(0);
  add_wrapper(bare, parse_vast(with("far", "p")).value().ads.at(0));
  BOOST_TEST(bare.creatives.at(1).companions.at(0).id == "far");
}

BOOST_AUTO_TEST_SUITE_END()
