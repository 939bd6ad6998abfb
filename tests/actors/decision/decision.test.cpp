// Decisions: asked for once, kept as long as they hold, and given in time.
#include "actors/decision/decision.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/station.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const std::string server = "http://ads.test/";
const instant begin_of_time{1'767'225'600s};

// One shard, whose clock moves only when it is told to.
class desk : public actor_stage {
 public:
  explicit desk(std::shared_ptr<disk> store = nullptr, instant from = begin_of_time)
      : actor_stage(from), store_(std::move(store)) {
    fetcher->answer = [this](const fetch_request& r) -> result<fetch_response> {
      const auto it = answers.find(r.url);
      return it == answers.end() ? status(r, 500) : page(r, it->second, "text/xml");
    };
    if (store_) {
      writer_ = system.spawn(fake_writer, store_);
      cache = std::make_shared<decision_cache>(store_->decisions);
    }
    actor_ = system.spawn(decision,
                          decision_arguments{fetcher, beacons, cache, writer_, from, begun(), 1});
  }
  ~desk() {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    if (writer_) caf::anon_send_exit(writer_, caf::exit_reason::user_shutdown);
    let_go();
  }

  decision_wanted question(const std::string& audience = "", duration length = 20s) const {
    decision_wanted q;
    q.what = {"tv/one", "b1", "", length, from(), 0};
    q.audience = audience;
    q.servers = {{server, 500ms, {}, {}}};
    q.keeping = keeping;
    return q;
  }
  // Names of the candidates, "+" before those that were kept; empty: no answer yet.
  std::shared_ptr<std::string> ask(const decision_wanted& q) {
    auto out = std::make_shared<std::string>();
    caf::anon_send(actor_, decision_asked{q, [out](const decision_made& made) {
                                            BOOST_TEST(out->empty(), "answered twice");
                                            *out = made.cached ? "+" : "";
                                            if (!made.found || made.found->candidates.empty())
                                              *out += "nothing";
                                            if (!made.found) return;
                                            for (const auto& c : made.found->candidates)
                                              *out += c.name;
                                          }});
    scheduler().run();
    return out;
  }
  std::string asked(const decision_wanted& q) {
    const auto out = ask(q);
    BOOST_TEST(!out->empty(), "no answer yet");
    return *out;
  }
  std::string asked() { return asked(question()); }
  int requests(const std::string& url = server) { return fetcher->requests[url]; }

  std::map<std::string, std::string> answers;
  decision_keeping keeping;
  std::shared_ptr<scripted_origin> fetcher = std::make_shared<scripted_origin>();
  std::shared_ptr<beacon_log> beacons = std::make_shared<beacon_log>();
  std::shared_ptr<decision_cache> cache = std::make_shared<decision_cache>();

 private:
  std::shared_ptr<disk> store_;
  storage_writer_actor writer_;
  decision_actor actor_;
};

std::string one_ad(const std::string& name) {
  return vast_of(inline_ad(name));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decisions)

BOOST_AUTO_TEST_CASE(an_answer_is_kept_for_equal_questions) {
  desk d;
  d.answers[server] = one_ad("a");
  BOOST_TEST(d.asked() == "a");
  d.pass(59s);
  BOOST_TEST(d.asked() == "+a");
  BOOST_TEST(d.asked(d.question("country=DE")) == "a");
  BOOST_TEST(d.asked(d.question("", 30s)) == "a");
  BOOST_TEST(d.requests() == 3);
  BOOST_TEST(d.cache->counters.fresh.load() == 1u);
  BOOST_TEST(d.cache->counters.missed.load() == 3u);
}

BOOST_AUTO_TEST_CASE(equal_questions_at_a_time_are_one_request) {
  desk d;
  d.fetcher->silent = true;
  std::vector<std::shared_ptr<std::string>> all;
  for (int i = 0; i < 100; ++i) all.push_back(d.ask(d.question()));
  BOOST_TEST(*all.front() == "");
  d.answers[server] = one_ad("a");
  d.fetcher->answer_all();
  d.pass(0s);
  for (const auto& answer : all) BOOST_TEST(*answer == "a");
  BOOST_TEST(d.requests() == 1);
}

BOOST_AUTO_TEST_CASE(what_is_stale_answers_once_more_while_it_is_asked_for_anew) {
  desk d;
  d.answers[server] = one_ad("a");
  d.asked();
  d.pass(61s);
  d.answers[server] = one_ad("b");
  BOOST_TEST(d.asked() == "+a");
  BOOST_TEST(d.asked() == "+b");
  BOOST_TEST(d.requests() == 2);
  BOOST_TEST(d.cache->counters.stale.load() == 1u);
}

BOOST_AUTO_TEST_CASE(for_a_break_what_is_stale_stands_in_for_an_ad_server_that_fails) {
  desk d;
  d.answers[server] = one_ad("a");
  d.asked();
  d.pass(61s);
  auto q = d.question();
  q.patient = true;
  d.answers[server] = one_ad("b");
  BOOST_TEST(d.asked(q) == "b");
  d.pass(61s);
  d.answers.clear();
  BOOST_TEST(d.asked(q) == "+b");
  d.pass(60s);
  BOOST_TEST(d.asked(q) == "nothing");
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_anew_is_asked_once) {
  desk d;
  d.answers[server] = one_ad("a");
  d.asked();
  d.pass(61s);
  d.fetcher->silent = true;
  for (int i = 0; i < 10; ++i) BOOST_TEST(d.asked() == "+a");
  BOOST_TEST(d.requests() == 2);
}

BOOST_AUTO_TEST_CASE(what_is_older_than_stale_is_no_answer) {
  desk d;
  d.answers[server] = one_ad("a");
  d.asked();
  d.pass(121s);
  d.answers[server] = one_ad("b");
  BOOST_TEST(d.asked() == "b");
}

BOOST_AUTO_TEST_CASE(an_ad_server_that_fails_takes_nothing_away_of_what_it_said) {
  desk d;
  d.answers[server] = one_ad("a");
  d.asked();
  d.pass(61s);
  d.answers.clear();
  BOOST_TEST(d.asked() == "+a");
  BOOST_TEST(d.asked() == "+a");
  BOOST_TEST(d.requests() == 2);  // and is left alone for a little
  d.pass(6s);
  BOOST_TEST(d.asked() == "+a");
  BOOST_TEST(d.requests() == 3);
  d.pass(60s);
  BOOST_TEST(d.asked() == "nothing");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_kept_for_a_little) {
  desk d;
  BOOST_TEST(d.asked() == "nothing");
  BOOST_TEST(d.asked() == "+nothing");
  BOOST_TEST(d.requests() == 1);
  d.pass(5s);
  d.answers[server] = one_ad("a");
  BOOST_TEST(d.asked() == "a");
}

BOOST_AUTO_TEST_CASE(an_ad_may_say_that_it_expires_sooner) {
  desk d;
  d.keeping.stale = 0ms;
  d.answers[server] = vast_of(
      "<Ad id='x'><InLine><Expires>10</Expires><Impression>http://i.test/</Impression>"
      "<Creatives><Creative><Linear><Duration>00:00:10</Duration><MediaFiles>"
      "<MediaFile delivery='progressive' type='video/mp4' width='640' height='360'>"
      "http://cdn.test/x.mp4</MediaFile></MediaFiles></Linear></Creative></Creatives>"
      "</InLine></Ad>");
  BOOST_TEST(d.asked() == "x");
  d.pass(9s);
  BOOST_TEST(d.asked() == "+x");
  d.pass(1s);
  BOOST_TEST(d.asked() == "x");
}

BOOST_AUTO_TEST_CASE(a_decision_outlives_the_process) {
  const auto store = std::make_shared<disk>();
  {
    desk d{store};
    d.fetcher->answer = [](const fetch_request& r) -> result<fetch_response> {
      const bool first = r.url == server;
      return page(
          r, first ? vast_of(inline_ad("b", 2) + wrapper_ad("http://two.test/?c=[CACHEBUSTING]"))
                   : one_ad("a"));
    };
    BOOST_TEST(d.asked() == "ba");
  }
  desk d{store, begin_of_time + 30s};
  BOOST_TEST(d.asked() == "+ba");
  BOOST_TEST(d.asked() == "+ba");
  BOOST_TEST(d.requests() == 0);
  BOOST_TEST(d.cache->counters.restored.load() == 1u);
  d.pass(40s);
  // By now it is stale.
  d.answers[server] = one_ad("c");
  BOOST_TEST(d.asked() == "+ba");
  BOOST_TEST(d.asked() == "+c");
}

BOOST_AUTO_TEST_CASE(a_kept_decision_is_no_longer_one_when_it_is_old_or_of_another_ad_server) {
  const auto store = std::make_shared<disk>();
  const auto keep = [&] {
    desk d{store};
    d.answers[server] = one_ad("a");
    BOOST_TEST(d.asked() == "a");
  };
  keep();
  {
    desk d{store, begin_of_time + 120s};
    BOOST_TEST(d.asked() == "nothing");
  }
  {
    desk d{store, begin_of_time - 1s};  // the clock was set back
    BOOST_TEST(d.asked() == "nothing");
  }
  desk d{store, begin_of_time + 30s};
  auto q = d.question();
  q.servers[0].url = "http://other.test/";
  d.answers["http://other.test/"] = one_ad("o");
  BOOST_TEST(d.asked(q) == "o");
}

BOOST_AUTO_TEST_CASE(who_has_more_patience_is_not_answered_by_who_had_less) {
  desk d;
  d.answers["http://second.test/"] = one_ad("b");
  d.fetcher->held = server;
  auto hasty = d.question();
  hasty.servers.push_back({"http://second.test/", 500ms, {}, {}});
  hasty.budget = 300ms;
  auto patient = hasty;
  patient.budget = 3s;
  const auto first = d.ask(hasty);
  const auto second = d.ask(patient);
  d.pass(300ms);
  BOOST_TEST(*first == "b");
  BOOST_TEST(*second == "b");
}

BOOST_AUTO_TEST_CASE(the_deadline_holds_for_all_ad_servers_together) {
  desk d;
  d.fetcher->silent = true;
  auto q = d.question();
  q.servers = {{server, 500ms, {}, {}},
               {"http://second.test/", 500ms, {}, {}},
               {"http://third.test/", 500ms, {}, {}}};
  q.budget = 700ms;
  const auto answer = d.ask(q);
  d.pass(690ms);
  BOOST_TEST(*answer == "");
  d.pass(10ms);
  BOOST_TEST(*answer == "nothing");
}

BOOST_AUTO_TEST_CASE(an_ad_server_that_hangs_leaves_time_for_those_behind_it) {
  desk d;
  d.fetcher->silent = true;
  auto q = d.question();
  q.servers = {{server, 1500ms, {}, {}},
               {"http://second.test/", 1500ms, {}, {}},
               {"http://third.test/", 100ms, {}, {}}};
  q.budget = 1000ms;
  const auto answer = d.ask(q);
  d.pass(499ms);
  BOOST_TEST(d.requests("http://second.test/") == 0);
  d.pass(1ms);
  BOOST_TEST(d.requests("http://second.test/") == 1);
  // All but what the last one may take.
  d.pass(399ms);
  BOOST_TEST(d.requests("http://third.test/") == 0);
  d.pass(1ms);
  BOOST_TEST(d.requests("http://third.test/") == 1);
  d.pass(100ms);
  BOOST_TEST(*answer == "nothing");
}

BOOST_AUTO_TEST_CASE(who_has_less_patience_does_not_wait_with_who_has_more) {
  desk d;
  d.fetcher->held = server;
  auto patient = d.question(), hasty = d.question();
  patient.budget = patient.servers[0].timeout = 3s;
  hasty.budget = 1s;
  const auto first = d.ask(patient), second = d.ask(hasty);
  d.pass(990ms);
  BOOST_TEST(*second == "");
  d.pass(20ms);
  BOOST_TEST(*second == "nothing");
  BOOST_TEST(*first == "");
  d.answers[server] = one_ad("a");
  d.fetcher->answer_all();
  d.pass(0s);
  BOOST_TEST(*first == "a");
}

BOOST_AUTO_TEST_CASE(without_time_or_ad_servers_there_is_an_answer_all_the_same) {
  desk d;
  auto q = d.question();
  q.budget = 0ms;
  BOOST_TEST(d.asked(q) == "nothing");
  q.servers.clear();
  BOOST_TEST(d.asked(q) == "nothing");
  BOOST_TEST(d.requests() == 0);
}

BOOST_AUTO_TEST_CASE(the_oldest_decision_makes_room_in_memory) {
  decision_cache cache{nullptr, 16};
  const auto found = std::make_shared<const ads_found>();
  for (int i = 0; i < 1000; ++i)
    cache.keep("key" + std::to_string(i), {found, begin_of_time + 1s, begin_of_time + 1s});
  std::size_t left = 0;
  for (int i = 0; i < 1000; ++i)
    left += cache.find("key" + std::to_string(i), begin_of_time) ? 1u : 0u;
  BOOST_TEST(left == 16u);
}

BOOST_AUTO_TEST_SUITE_END()
