// The channel actor with an origin, a clock and creatives that do as they are told.
#include "actors/channel.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <deque>
#include <map>

#include "actors/decision.hpp"
#include "tests/support/origin_script.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

constexpr const char* multivariant =
    "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nv0.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=500000\nv1.m3u8\n";

// An origin in memory. It answers at once, unless it is told to keep silent.
class scripted_origin : public http_fetcher {
 public:
  std::function<result<fetch_response>(const fetch_request&)> answer;
  bool silent = false;
  std::map<std::string, int> requests;

  void fetch(fetch_request request, callback done) override {
    ++requests[request.url];
    if (silent)
      unanswered_.emplace_back(std::move(request), std::move(done));
    else
      done(answer(request));
  }
  void answer_all() {
    silent = false;
    for (auto& [request, done] : std::exchange(unanswered_, {})) done(answer(request));
  }

 private:
  std::deque<std::pair<fetch_request, callback>> unanswered_;
};

fetch_response page(const fetch_request& r, std::string body,
                    std::string type = "application/vnd.apple.mpegurl") {
  fetch_response out;
  out.status = 200;
  out.body = std::move(body);
  out.content_type = std::move(type);
  out.final_url = r.url;
  return out;
}

fetch_response status(const fetch_request& r, unsigned code) {
  auto out = page(r, "");
  out.status = code;
  return out;
}

// Any media at all comes out as segments of 4 s, as long as it was asked for, or 8 s.
stitch::creative_ptr creative_of(const condition_creative& wanted) {
  auto c = std::make_shared<stitch::creative>();
  c->key = c->source = wanted.source;
  c->total = wanted.exact.value_or(8s);
  for (std::size_t i = 0; i < wanted.ladder->tracks.size(); ++i) {
    auto& t = c->tracks.emplace_back();
    t.path = "c/" + wanted.source + "/t" + std::to_string(i);
    t.extension = ".ts";
    for (auto left = c->total; left > 0us; left -= t.segments.back())
      t.segments.push_back(std::min<duration>(left, 4s));
  }
  return c;
}

// What became of the creatives' questions.
struct studio_log {
  std::vector<std::string> conditioned;  // sources, with the length in seconds if one was asked for
  int probes = 0;
};

creative_actor::behavior_type fake_creatives(creative_actor::pointer,
                                             const std::shared_ptr<studio_log>& log) {
  return {
      [log](const condition_creative& wanted) {
        log->conditioned.push_back(wanted.source +
                                   (wanted.exact ? " " + format_seconds(*wanted.exact) : ""));
        return conditioned{creative_of(wanted)};
      },
      [log](const probe_segment&) {
        ++log->probes;
        stitch::track_format f;
        f.has_video = f.has_audio = true;
        return segment_probed{f};
      },
  };
}

struct deterministic : caf::actor_system_config {
  deterministic() { set("scheduler.policy", caf::atom("testing")); }
};

// One channel, whose clock moves only when it is told to.
class station {
 public:
  explicit station(std::function<void(channel_settings&)> adjust = {}) {
    video.fill(at(600), 4s);
    origin->answer = [this](const fetch_request& r) { return good(r); };
    channel_settings settings;
    settings.org = "tv";
    settings.name = "one";
    settings.origin = "http://origin.test/master.m3u8";
    settings.house_ads = {{"red", "red.mp4"}, {"green", "green.mp4"}};
    settings.slate = "slate.mp4";
    if (adjust) adjust(settings);
    view = std::make_shared<channel_view>(std::move(settings));
    // Far from the clock's zero, which stands for "never".
    clock().current_time += std::chrono::hours{1};
    begun_ = clock().now();
    arguments_ = {view,   origin, system.spawn(fake_creatives, log), {system.spawn(decision, 0)},
                  at(40), begun_};
  }
  ~station() {
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(arguments_.creatives, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(arguments_.decisions[0], caf::exit_reason::user_shutdown);
    scheduler().run();
    // Timers hold the actor; those that are left are let go.
    clock().trigger_timeouts();
    scheduler().run();
  }

  void start() {
    actor = system.spawn(channel, arguments_);
    scheduler().run();
  }
  void pass(duration time) {
    for (; time > 0us; time -= 50ms) {
      scheduler().advance_time(50ms);
      scheduler().run();
    }
  }
  instant now() { return at(40) + std::chrono::duration_cast<duration>(clock().now() - begun_); }

  result<fetch_response> good(const fetch_request& r) {
    return page(r, r.url.ends_with("master.m3u8") ? multivariant : video.playlist_at(now()));
  }

  // What came of a question; empty as long as nothing did.
  template <class T>
  using outcome = std::shared_ptr<std::optional<result<T>>>;
  template <class T>
  static std::pair<outcome<T>, std::function<void(result<T>)>> hear() {
    auto o = std::make_shared<std::optional<result<T>>>();
    return {o, [o](result<T> r) {
              BOOST_TEST(!o->has_value(), "a question was answered twice");
              *o = std::move(r);
            }};
  }
  outcome<published_ptr> ask_description() {
    auto [o, done] = hear<published_ptr>();
    send(description_wanted{done});
    return o;
  }
  outcome<published_ptr> ask_playlist(std::size_t rendition = 0,
                                      std::string audience = stitched_audience) {
    view->mark_watched(rendition, clock().now());
    auto [o, done] = hear<published_ptr>();
    send(playlist_wanted{rendition, std::move(audience), done});
    return o;
  }
  outcome<stitch::plan_ptr> ask_plan(std::string id, std::string audience = guided_audience) {
    auto [o, done] = hear<stitch::plan_ptr>();
    send(plan_wanted{std::move(audience), std::move(id), done});
    return o;
  }
  outcome<stitch::ad_break> cue(cue_command command) {
    auto [o, done] = hear<stitch::ad_break>();
    send(cue_wanted{std::move(command), done});
    return o;
  }

  origin_rendition video;
  std::shared_ptr<scripted_origin> origin = std::make_shared<scripted_origin>();
  std::shared_ptr<studio_log> log = std::make_shared<studio_log>();
  std::shared_ptr<channel_view> view;
  deterministic config;
  caf::actor_system system{config};
  channel_actor actor;

 private:
  template <class Message>
  void send(Message m) {
    caf::anon_send(actor, std::move(m));
    scheduler().run();
  }
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }
  caf::detail::test_actor_clock& clock() { return scheduler().clock(); }

  channel_arguments arguments_;
  steady_time begun_{};
};

template <class T>
const T& value_of(const station::outcome<T>& o) {
  BOOST_REQUIRE_MESSAGE(o->has_value(), "no answer yet");
  BOOST_REQUIRE_MESSAGE(**o, (**o ? "" : (**o).error().message()));
  return ***o;
}

template <class T>
error error_of(const station::outcome<T>& o) {
  BOOST_REQUIRE_MESSAGE(o->has_value(), "no answer yet");
  BOOST_REQUIRE_MESSAGE(!**o, "an error was expected");
  return (**o).error();
}

bool says(const error& e, std::string_view text) {
  return e.message().find(text) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_channel_actor)

BOOST_AUTO_TEST_CASE(who_asks_for_the_description_waits_for_the_origin) {
  station s;
  s.origin->silent = true;
  s.start();
  const auto first = s.ask_description();
  const auto second = s.ask_description();
  BOOST_TEST(!first->has_value());
  // All who wait share one request.
  BOOST_TEST(s.origin->requests["http://origin.test/master.m3u8"] == 1);
  s.origin->answer_all();
  s.pass(50ms);
  BOOST_TEST(value_of(first)->description->renditions.size() == 2u);
  BOOST_TEST(value_of(second)->description == value_of(first)->description);
  BOOST_TEST(s.view->load()->trouble == "");
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_playlist_waits_for_a_fresh_one) {
  station s;
  s.start();
  s.origin->silent = true;
  s.pass(10s);
  const auto asked = s.ask_playlist();
  BOOST_TEST(!asked->has_value());
  s.origin->answer_all();
  s.pass(50ms);
  const auto& window = value_of(asked)->snapshot->windows.at(0);
  BOOST_REQUIRE(window);
  const auto& newest = *window->segments.back();
  BOOST_TEST((newest.start + newest.length == at(48)));
}

BOOST_AUTO_TEST_CASE(nothing_can_be_asked_of_a_channel_before_it_was_read) {
  station s;
  s.origin->silent = true;
  s.start();
  BOOST_TEST((error_of(s.ask_playlist()).code == errc::unavailable));
  BOOST_TEST((error_of(s.ask_plan("b1")).code == errc::unavailable));
  BOOST_TEST(
      (error_of(s.cue({cue_command::action::start, "x", {}, {}})).code == errc::unavailable));
}

BOOST_AUTO_TEST_CASE(an_origin_that_cannot_be_reached_is_told_with_its_reason) {
  station s;
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return error{errc::unavailable, r.url, "connection refused"};
  };
  s.origin->silent = true;
  s.start();
  const auto asked = s.ask_description();
  s.origin->answer_all();
  s.pass(50ms);
  BOOST_TEST(says(error_of(asked), "connection refused"));
  BOOST_TEST((error_of(asked).code == errc::unavailable));
  BOOST_TEST(s.view->load()->trouble.find("connection refused") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_origin_that_comes_back_is_seen_without_being_asked) {
  station s;
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return status(r, 503);
  };
  s.start();
  s.pass(10s);
  BOOST_TEST(s.view->load()->trouble.find("HTTP 503") != std::string::npos);
  // The pause grows, but never beyond a target duration.
  const auto requests = s.origin->requests["http://origin.test/master.m3u8"];
  BOOST_TEST(requests >= 4);
  BOOST_TEST(requests <= 10);
  s.origin->answer = [&](const fetch_request& r) { return s.good(r); };
  s.pass(4s);
  BOOST_REQUIRE(s.view->load()->description);
  BOOST_TEST(s.view->load()->trouble == "");
}

BOOST_AUTO_TEST_CASE(who_comes_after_a_failure_is_told_of_what_is_now) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return status(r, 503);
  };
  s.pass(60s);  // it fails while somebody watches, and nobody asks after that
  s.origin->answer = [&](const fetch_request& r) { return s.good(r); };
  const auto asked = s.ask_playlist();
  s.pass(1s);
  BOOST_TEST(value_of(asked)->snapshot);
}

BOOST_AUTO_TEST_CASE(a_web_page_in_place_of_a_playlist_is_named) {
  station s;
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return page(r, "<html><body>Not here</body></html>", "text/html; charset=utf-8");
  };
  s.origin->silent = true;
  s.start();
  const auto asked = s.ask_description();
  s.origin->answer_all();
  s.pass(50ms);
  BOOST_TEST(says(error_of(asked), "text/html"), error_of(asked).message());
}

BOOST_AUTO_TEST_CASE(what_was_last_good_is_served_while_the_origin_fails_but_not_for_ever) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return status(r, 500);
  };
  s.pass(5s);
  const auto soon = s.ask_playlist();
  s.pass(50ms);
  BOOST_REQUIRE(value_of(soon)->snapshot->windows.at(0));
  BOOST_TEST(value_of(soon)->trouble.find("HTTP 500") != std::string::npos);
  s.pass(20s);
  const auto late = s.ask_playlist();
  s.pass(4s);
  BOOST_TEST(says(error_of(late), "HTTP 500"), error_of(late).message());
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_comes_is_an_error_in_time) {
  station s;
  s.start();
  s.pass(10s);
  s.origin->silent = true;
  s.pass(10s);
  const auto asked = s.ask_playlist();
  s.pass(4s);
  BOOST_TEST(!asked->has_value());
  s.pass(1s);
  BOOST_TEST((error_of(asked).code == errc::timed_out));
}

BOOST_AUTO_TEST_CASE(an_unchanged_playlist_is_a_fresh_one) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  s.origin->answer = [](const fetch_request& r) -> result<fetch_response> {
    return status(r, 304);
  };
  s.pass(3s);
  const auto asked = s.ask_playlist();
  s.pass(50ms);
  value_of(asked);
  BOOST_TEST(s.view->load()->trouble == "");
}

BOOST_AUTO_TEST_CASE(a_rendition_that_is_not_there_is_refused) {
  station s;
  s.start();
  BOOST_TEST((error_of(s.ask_playlist(2)).code == errc::unavailable));
}

BOOST_AUTO_TEST_CASE(nobody_watches_and_the_origin_is_left_alone) {
  station s;
  s.start();
  s.ask_playlist();
  s.pass(31s);
  const auto before = s.origin->requests["http://origin.test/v0.m3u8"];
  s.pass(60s);
  BOOST_TEST(s.origin->requests["http://origin.test/v0.m3u8"] == before);
  // The next viewer wakes it.
  value_of(s.ask_playlist());
  BOOST_TEST(s.origin->requests["http://origin.test/v0.m3u8"] == before + 1);
}

BOOST_AUTO_TEST_CASE(every_rendition_is_probed_and_every_source_conditioned_once) {
  station s;
  s.start();
  for (int i = 0; i < 10; ++i) {
    s.ask_playlist();
    s.pass(1s);
  }
  BOOST_TEST(s.log->probes == 2);
  auto sources = s.log->conditioned;
  std::sort(sources.begin(), sources.end());
  // The slate that loops, and the one that two ads of 8 s will leave room for in a usual break of
  // 30 s: it is there when a guided player asks.
  const std::vector<std::string> wanted{"green.mp4", "red.mp4", "slate.mp4 14", "slate.mp4 20"};
  BOOST_TEST(sources == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_operator_starts_and_stops_a_break) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  const auto started = s.cue({cue_command::action::start, "news", {}, 20s});
  const auto& b = value_of(started);
  BOOST_TEST(b.event_id == "news");
  BOOST_TEST((b.planned == duration{20s}));
  BOOST_TEST(s.view->load()->snapshot->breaks.size() == 1u);
  s.pass(6s);
  value_of(s.ask_playlist());
  const auto stopped = s.cue({cue_command::action::stop, "news", b.start + 12s, {}});
  BOOST_TEST(value_of(stopped).id == b.id);
  BOOST_TEST((value_of(stopped).end == b.start + 12s));
  BOOST_TEST((s.view->load()->snapshot->breaks.at(0).end == b.start + 12s));
}

BOOST_AUTO_TEST_CASE(a_break_that_is_stopped_before_it_begins_does_not_happen) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  value_of(s.cue({cue_command::action::start, "news", at(100), 20s}));
  const auto stopped = s.cue({cue_command::action::stop, "news", {}, {}});
  BOOST_TEST((value_of(stopped).state == stitch::break_state::cancelled));
}

BOOST_AUTO_TEST_CASE(a_cue_that_makes_no_sense_is_refused_and_changes_nothing) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  BOOST_TEST(
      (error_of(s.cue({cue_command::action::stop, "sport", {}, {}})).code == errc::not_found));
  value_of(s.cue({cue_command::action::start, "news", at(100), 20s}));
  BOOST_TEST((error_of(s.cue({cue_command::action::start, "more", at(110), 20s})).code ==
              errc::malformed));
  BOOST_TEST(s.view->load()->snapshot->breaks.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_break_that_is_not_known_has_no_plan) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  const auto asked = s.ask_plan("b12345");
  BOOST_TEST((error_of(asked).code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_break_of_the_origin_is_filled_with_house_ads_and_slate) {
  station s;
  s.video.tag(at(60), "#EXT-X-CUE-OUT:20").tag(at(80), "#EXT-X-CUE-IN");
  s.start();
  for (int i = 0; i < 60; ++i) {
    s.ask_playlist();
    s.pass(500ms);
  }
  const auto breaks = s.view->load()->snapshot->breaks;
  BOOST_REQUIRE(breaks.size() == 1u);
  BOOST_TEST((breaks[0].start == at(60)));
  const auto asked = s.ask_plan(breaks[0].id, stitched_audience);
  const auto plan = value_of(asked);
  BOOST_REQUIRE(plan);
  BOOST_REQUIRE(plan->items.size() == 3u);
  BOOST_TEST(plan->items[0].name == "red");
  BOOST_TEST(plan->items[1].name == "green");
  BOOST_TEST((plan->items[2].kind == stitch::item_kind::slate));
  BOOST_TEST((stitch::length_of(*plan, 0) == 20s));
}

BOOST_AUTO_TEST_CASE(nothing_is_decided_for_a_break_that_is_over) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  const auto started = s.cue({cue_command::action::start, "news", at(500), 20s});
  const auto id = value_of(started).id;
  value_of(s.cue({cue_command::action::stop, "news", {}, {}}));
  BOOST_TEST(!value_of(s.ask_plan(id, "somebody")));
}

BOOST_AUTO_TEST_CASE(a_guided_player_that_asks_first_waits_for_the_decision) {
  station s;
  s.start();
  value_of(s.ask_playlist());
  const auto started = s.cue({cue_command::action::start, "news", {}, 20s});
  const auto asked = s.ask_plan(value_of(started).id);
  s.pass(50ms);
  const auto plan = value_of(asked);
  BOOST_REQUIRE(plan);
  BOOST_TEST((stitch::length_of(*plan, 0) == 20s));
}

BOOST_AUTO_TEST_SUITE_END()
