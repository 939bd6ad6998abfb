// What is asked of, and answered by, a decision service.
#include "actors/decision/decision_json.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "ads/vast/parse.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const instant now{1'767'225'600s};

ads::viewer somebody() {
  ads::viewer v;
  v.id = "anna";
  v.session = "s1";
  v.ip = "198.51.100.7";
  v.user_agent = "Player/1";
  v.country = "DE";
  v.region = "BY";
  v.device_class = "tv";
  v.bucket = "3";
  v.parameters = {{"genre", "news"}};
  return v;
}

const ads::asked_break what{"tv/one", "b1", "e7", 20s, now, 0};

ad_candidate candidate(const std::string& name, const std::string& more = {}) {
  auto text = inline_ad(name);
  text.insert(text.find("</Linear>"), more);
  auto ad = std::make_shared<vast::resolved_ad>();
  ad->content = vast::parse_vast(vast_of(text))->ads.front();
  return {name, "id:test:" + name, "http://cdn.test/" + name + ".mp4", {}, true, ad};
}

std::string problem_of(std::string_view question) {
  const auto q = read_question(question, now);
  return q ? "none" : q.error().where;
}

std::string refusal_of(std::string_view answer) {
  const auto a = read_answer(answer);
  return a ? "none" : a.error().where;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decision_service_json)

BOOST_AUTO_TEST_CASE(a_question_reads_as_it_was_written) {
  auto who = somebody();
  who.allows.us_privacy = "1YNN";
  who.allows.gpp = "DBA";
  who.allows.gpp_sections = {2, 6};
  const auto q = read_question(write_question(who, what), now - 1h);
  BOOST_REQUIRE_MESSAGE(q, (q ? "" : q.error().message()));
  BOOST_TEST(q->what.channel == "tv/one");
  BOOST_TEST(q->what.id == "b1");
  BOOST_TEST(q->what.event_id == "e7");
  BOOST_TEST((q->what.length == 20s));
  BOOST_TEST((q->what.start == now));
  BOOST_TEST(q->who.id == "anna");
  BOOST_TEST(q->who.ip == "198.51.100.7");
  BOOST_TEST(q->who.country == "DE");
  BOOST_TEST(q->who.region == "BY");
  BOOST_TEST(q->who.device_class == "tv");
  BOOST_TEST(q->who.bucket == "3");
  BOOST_TEST(q->who.parameters.at("genre") == "news");
  BOOST_TEST(q->who.allows.us_privacy == "1YNN");
  BOOST_TEST((q->who.allows.gpp_sections == std::vector<int>{2, 6}));
}

BOOST_AUTO_TEST_CASE(what_names_a_viewer_who_does_not_consent_is_not_in_the_question) {
  auto who = somebody();
  who.allows.gdpr_applies = true;
  const auto text = write_question(who, what);
  for (const auto* personal : {"anna", "198.51.100.7", "Player/1", "BY", "s1"})
    BOOST_TEST(text.find('"' + std::string{personal} + '"') == std::string::npos, personal);
  BOOST_TEST(text.find("\"DE\"") != std::string::npos);
  BOOST_TEST(text.find("\"gdpr\":1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_question_needs_no_more_than_a_channel_and_a_length) {
  const auto q = read_question(R"({"channel":"tv/one","durationSec":12.5})", now);
  BOOST_REQUIRE(q);
  BOOST_TEST((q->what.length == 12'500ms));
  BOOST_TEST((q->what.start == now));
}

BOOST_AUTO_TEST_CASE(a_wrong_question_is_told_what_is_wrong) {
  BOOST_TEST(problem_of("") == "body");
  BOOST_TEST(problem_of("[]") == "body");
  BOOST_TEST(problem_of(R"({"channel":"a/b"})") == "durationSec");
  BOOST_TEST(problem_of(R"({"channel":"a/b","durationSec":"20"})") == "durationSec");
  BOOST_TEST(problem_of(R"({"channel":"a/b","durationSec":-1})") == "durationSec");
  BOOST_TEST(problem_of(R"({"channel":"a/b","durationSec":1e300})") == "durationSec");
  BOOST_TEST(problem_of(R"({"channel":["a"],"durationSec":20})") == "channel");
  BOOST_TEST(problem_of(R"({"channel":"a/b","durationSec":20,"viewer":{}})") == "viewer");
  const auto with_viewer = [](const std::string& v) {
    return problem_of(R"({"channel":"a/b","durationSec":20,"viewerInfo":)" + v + "}");
  };
  BOOST_TEST(with_viewer("{}") == "none");
  BOOST_TEST(with_viewer("7") == "viewerInfo");
  BOOST_TEST(with_viewer(R"({"geo":"DE"})") == "viewerInfo.geo");
  BOOST_TEST(with_viewer(R"({"geo":{"country":[]}})") == "viewerInfo.geo.country");
  BOOST_TEST(with_viewer(R"({"consent":{"gdpr":2}})") == "viewerInfo.consent.gdpr");
  BOOST_TEST(with_viewer(R"({"consent":{"gpp_sid":["x"]}})") == "viewerInfo.consent.gpp_sid");
  BOOST_TEST(with_viewer(R"({"bucket":3})") == "none");
  BOOST_TEST(with_viewer(R"({"ip":")" + std::string(2000, 'x') + "\"}") == "viewerInfo.ip");
  std::string many = R"({"channel":"a/b","durationSec":20,"context":{"x":"")";
  for (int i = 0; i < 50; ++i) many += ",\"p" + std::to_string(i) + "\":\"v\"";
  BOOST_TEST(problem_of(many + "}}") == "context.");
  BOOST_TEST(problem_of(R"({"channel":"a/b","durationSec":20,"context":{"start":"noon"}})") ==
             "context.start");
}

BOOST_AUTO_TEST_CASE(an_answer_reads_as_it_was_written) {
  const auto a = candidate("a",
                           "<TrackingEvents><Tracking event='start'>http://a.test/s</Tracking>"
                           "<Tracking event='progress' offset='25%'>http://a.test/p</Tracking>"
                           "</TrackingEvents><VideoClicks><ClickTracking>http://a.test/c"
                           "</ClickTracking></VideoClicks>");
  const auto text = finish_answer(write_answer({"b1", "ads", {a, candidate("b")}}), true);
  const auto whole = boost::json::parse(text).as_object();
  BOOST_TEST(whole.at("cached").as_bool());
  BOOST_TEST(whole.at("tier").as_string() == "ads");
  BOOST_TEST(whole.at("pod").as_object().at("podId").as_string() == "b1");
  BOOST_TEST(whole.at("pod").as_object().at("durationSec").to_number<double>() == 16.0);
  const auto back = read_answer(text);
  BOOST_REQUIRE_MESSAGE(back, (back ? "" : back.error().message()));
  BOOST_REQUIRE(back->size() == 2u);
  const auto& first = back->front();
  BOOST_TEST(first.name == "a");
  BOOST_TEST(first.source == a.source);
  BOOST_TEST(first.key == "service:id:test:a");
  BOOST_TEST((length_of(first) == 8s));
  const auto& content = first.ad->content;
  BOOST_TEST(content.impressions == std::vector<std::string>{"http://a.test/i"});
  BOOST_TEST(content.errors == std::vector<std::string>{"http://a.test/e?[ERRORCODE]"});
  const auto linear = vast::all_linear(content);
  BOOST_REQUIRE(linear.events.size() == 2u);
  BOOST_TEST(linear.events[0].event == "start");
  BOOST_TEST(linear.events[1].url == "http://a.test/p");
  BOOST_TEST((linear.events[1].offset->in(8s) == 2s));
  BOOST_TEST(linear.click_tracking == std::vector<std::string>{"http://a.test/c"});
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_none_is_refused) {
  BOOST_TEST(refusal_of("<VAST/>") == "body");
  BOOST_TEST(refusal_of("{}") == "pod.items");
  BOOST_TEST(refusal_of(R"({"pod":{"items":7}})") == "pod.items");
  BOOST_TEST(refusal_of(R"({"pod":{"items":[7]}})") == "pod.items");
  BOOST_TEST(refusal_of(R"({"pod":{"items":[]}})") == "none");
  BOOST_TEST(refusal_of(R"({"pod":{"items":[{"durationSec":5}]}})") == "pod.items[0].mediaUrl");
  BOOST_TEST(refusal_of(R"({"pod":{"items":[{"mediaUrl":"http://x/a"}]}})") ==
             "pod.items[0].durationSec");
  std::string many = R"({"pod":{"items":[)";
  for (int i = 0; i < 65; ++i) many += R"({"mediaUrl":"http://x/a","durationSec":5},)";
  many.back() = ']';
  BOOST_TEST(refusal_of(many + "}}") == "pod.items");
}

BOOST_AUTO_TEST_CASE(tracking_of_no_item_is_passed_over) {
  const auto a = read_answer(
      R"({"pod":{"items":[{"mediaUrl":"http://x/a","durationSec":5}]},"tracking":{"impressions":[
         {"item":0,"url":"http://x/i"},{"item":1,"url":"http://x/j"},{"item":-1,"url":"u"},
         {"url":"u"},{"item":0},7,{"item":"0","url":"u"}],"quartiles":[{"item":0,"url":"u"}],
         "events":{"item":0}}})");
  BOOST_REQUIRE_MESSAGE(a, (a ? "" : a.error().message()));
  BOOST_TEST(a->front().ad->content.impressions == std::vector<std::string>{"http://x/i"});
  BOOST_TEST(vast::all_linear(a->front().ad->content).events.empty());
  BOOST_TEST(a->front().key == "url:http://x/a");
}

BOOST_AUTO_TEST_SUITE_END()
