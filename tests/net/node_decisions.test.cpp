// POST /v1/decision over HTTP.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "ads/vast/parse.hpp"
#include "tests/net/staged_node.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

namespace json = boost::json;

constexpr const char* as_partner = "Authorization: Bearer partner\r\n";
constexpr const char* question = R"({"channel":"tv/one","durationSec":20})";

std::shared_ptr<const ads_found> found_ads(const std::vector<std::string>& names) {
  auto found = std::make_shared<ads_found>();
  found->tier = "ads";
  for (const auto& name : names) {
    auto ad = std::make_shared<vast::resolved_ad>();
    ad->content = vast::parse_vast(test::vast_of(test::inline_ad(name)))->ads.front();
    found->candidates.push_back(
        {name, "id:test:" + name, "http://cdn.test/" + name, {}, true, std::move(ad)});
  }
  return found;
}

struct deciding_node : staged_node {
  deciding_node()
      : staged_node([](channel_settings& c) {
          c.ad_servers = {{"http://ads.test/", 500ms}};
          c.audiences.attributes = {"country"};
        }) {
    context.decision_token = "partner";
    gateway.decide = [](const decision_wanted&) {
      return decision_made{found_ads({"a", "b", "c"}), false, {}};
    };
    serve();
  }
  json::object ask(const std::string& body = question) {
    const auto r = post("/v1/decision", body, as_partner);
    BOOST_TEST(r.status() == 200, r.body);
    return json::parse(r.body).as_object();
  }
};

std::string ads_of(const json::object& answer) {
  std::string out;
  for (const auto& item : answer.at("pod").as_object().at("items").as_array())
    out += item.as_object().at("adId").as_string();
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decisions_over_http)

BOOST_AUTO_TEST_CASE(the_pod_that_fills_the_break_is_answered_with_its_tracking) {
  deciding_node node;
  const auto answer = node.ask();
  BOOST_TEST(ads_of(answer) == "ab");  // 8 s each
  BOOST_TEST(answer.at("pod").as_object().at("durationSec").to_number<double>() == 16.0);
  BOOST_TEST(answer.at("tier").as_string() == "ads");
  BOOST_TEST(!answer.at("cached").as_bool());
  const auto& impressions = answer.at("tracking").as_object().at("impressions").as_array();
  BOOST_REQUIRE(impressions.size() == 2u);
  BOOST_TEST(impressions[1].as_object().at("item").as_int64() == 1);
  BOOST_TEST(impressions[1].as_object().at("url").as_string() == "http://b.test/i");
}

BOOST_AUTO_TEST_CASE(a_question_is_asked_on_behalf_of_the_viewers_cohort) {
  deciding_node node;
  decision_wanted asked;
  node.gateway.decide = [&](const decision_wanted& q) {
    asked = q;
    return decision_made{};
  };
  const auto answer =
      node.ask(R"({"channel":"tv/one","durationSec":20,"viewerInfo":{"ip":"198.51.100.7",)"
               R"("geo":{"country":"DE"}},"context":{"breakId":"b7"}})");
  BOOST_TEST(asked.audience == "country=DE");
  BOOST_TEST(asked.who.country == "DE");
  BOOST_TEST(asked.who.ip == "");
  BOOST_TEST(asked.what.id == "b7");
  BOOST_TEST(answer.at("tier").as_string() == "none");
  BOOST_TEST(ads_of(answer) == "");
}

BOOST_AUTO_TEST_CASE(what_is_kept_and_fresh_is_answered_without_asking) {
  deciding_node node;
  const auto& cache = node.gateway.decisions();
  decision_wanted q;
  q.what.channel = "tv/one";
  q.what.length = 20s;
  q.audience = "country=";
  const auto now = node.context.now();
  node.gateway.decisions().keep(decision_key(q), {found_ads({"c"}), now + 1h, now + 2h});
  for (int i = 0; i < 3; ++i) {
    const auto answer = node.ask();
    BOOST_TEST(ads_of(answer) == "c");
    BOOST_TEST(answer.at("cached").as_bool());
  }
  BOOST_TEST(node.gateway.decided == 0);
  BOOST_TEST(cache.counters.fresh.load() == 3u);
  // Another length, another cohort: another decision.
  BOOST_TEST(ads_of(node.ask(R"({"channel":"tv/one","durationSec":30})")) == "abc");
  BOOST_TEST(node.gateway.decided == 1);
}

BOOST_AUTO_TEST_CASE(what_the_cache_is_good_for_is_counted) {
  deciding_node node;
  auto& counters = node.gateway.decisions().counters;
  counters.fresh = 3;
  counters.missed = 2;
  const auto text = node.get("/metrics");
  BOOST_TEST(text.has("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  for (const auto* line : {"# TYPE interlude_decisions_total counter\n",
                           "interlude_decisions_total{cache=\"fresh\"} 3",
                           "interlude_decisions_total{cache=\"missed\"} 2",
                           "interlude_audiences{channel=\"tv/one\"} 0"})
    BOOST_TEST(text.body.find(line) != std::string::npos, line << " in " << text.body);
}

BOOST_AUTO_TEST_CASE(what_is_stale_is_asked_for) {
  deciding_node node;
  decision_wanted q;
  q.what.channel = "tv/one";
  q.what.length = 20s;
  q.audience = "country=";
  const auto now = node.context.now();
  node.gateway.decisions().keep(decision_key(q), {found_ads({"c"}), now - 1s, now + 1h});
  BOOST_TEST(ads_of(node.ask()) == "ab");
  BOOST_TEST(node.gateway.decided == 1);
}

BOOST_AUTO_TEST_CASE(who_has_no_token_is_told_nothing) {
  deciding_node node;
  BOOST_TEST(node.post("/v1/decision", question).status() == 401);
  BOOST_TEST(node.post("/v1/decision", question, "Authorization: Bearer partnes\r\n").status() ==
             401);
  node.context.decision_token.clear();
  BOOST_TEST(node.post("/v1/decision", question, "Authorization: Bearer \r\n").status() == 401);
  BOOST_TEST(node.gateway.decided == 0);
}

BOOST_AUTO_TEST_CASE(wrong_questions_are_told_what_is_wrong) {
  deciding_node node;
  const auto wrong = node.post("/v1/decision", R"({"channel":"tv/one"})", as_partner);
  BOOST_TEST(wrong.status() == 400);
  BOOST_TEST(wrong.body.find("durationSec") != std::string::npos);
  BOOST_TEST(
      node.post("/v1/decision", R"({"channel":"tv/none","durationSec":9})", as_partner).status() ==
      404);
  BOOST_TEST(node.post("/v1/decision", R"({"channel":"x","durationSec":9})", as_partner).status() ==
             404);
  BOOST_TEST(node.get("/v1/decision", as_partner).status() == 405);
}

BOOST_AUTO_TEST_CASE(house_ads_that_are_ready_take_what_is_left) {
  staged_node node{[](channel_settings& c) {
    c.house_ads = {{"local", "/ads/local.mp4"}, {"remote", "http://cdn.test/remote.mp4"}};
  }};
  node.context.decision_token = "partner";
  node.gateway.decide = [](const decision_wanted&) {
    return decision_made{found_ads({"a"}), false, {"local", "remote"}};
  };
  node.serve();
  const auto ask = [&] {
    return json::parse(node.post("/v1/decision", question, as_partner).body).as_object();
  };
  BOOST_TEST(ads_of(ask()) == "a");  // nobody knows how long they are
  node.gateway.channel().publish_house({{"local", 9s}, {"remote", 5s}});
  const auto answer = ask();
  BOOST_TEST(ads_of(answer) == "alocal");
  BOOST_TEST(answer.at("tier").as_string() == "ads");
  const auto& item = answer.at("pod").as_object().at("items").as_array()[1].as_object();
  BOOST_TEST(item.at("mediaUrl").as_string() == "");  // where files lie is nobody's business
  node.gateway.decide = [](const decision_wanted&) {
    return decision_made{nullptr, false, {"remote", "local"}};
  };
  const auto own = ask();
  BOOST_TEST(ads_of(own) == "remotelocal");
  BOOST_TEST(own.at("tier").as_string() == "house");
}

BOOST_AUTO_TEST_CASE(a_viewer_is_not_shown_the_same_more_often_than_allowed) {
  staged_node node{[](channel_settings& c) {
    c.pods.frequency.caps = {{ads::cap_scope::creative, 1, 1h}};
  }};
  node.context.decision_token = "partner";
  node.gateway.env = *storage::environment::open({node.folder.path() + "/store"});
  node.gateway.book = *exposure_book::open(node.gateway.env, {1h});
  node.gateway.decide = [](const decision_wanted&) {
    return decision_made{found_ads({"a", "b", "c"}), true, {}};
  };
  node.serve();
  const auto ask = [&](const std::string& viewer) {
    const auto body =
        R"({"channel":"tv/one","durationSec":10,"viewerInfo":{"id":")" + viewer + "\"}}";
    return ads_of(json::parse(node.post("/v1/decision", body, as_partner).body).as_object());
  };
  BOOST_TEST(ask("anna") == "a");
  BOOST_TEST(ask("anna") == "b");
  // It is on disk before it is told.
  node.gateway.book = *exposure_book::open(node.gateway.env, {1h});
  BOOST_TEST(ask("anna") == "c");
  BOOST_TEST(ask("anna") == "");
  BOOST_TEST(ask("bert") == "a");
}

BOOST_AUTO_TEST_SUITE_END()
