// One channel actor with an origin, a clock, a store and creatives that do as they are told.
#pragma once

#include <boost/test/unit_test.hpp>
#include <caf/all.hpp>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/channel.hpp"
#include "actors/decision/decision.hpp"
#include "tests/support/actor_stage.hpp"
#include "tests/support/beacon_log.hpp"
#include "tests/support/origin_script.hpp"
#include "tests/support/scratch_folder.hpp"

namespace interlude::test {

inline constexpr const char* multivariant =
    "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nv0.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=500000\nv1.m3u8\n";

// An origin in memory. It answers at once, unless it is told to keep silent.
class scripted_origin : public http_fetcher {
 public:
  std::function<result<fetch_response>(const fetch_request&)> answer;
  bool silent = false;
  std::string held;  // a URL of which it keeps silent
  std::map<std::string, int> requests;

  void fetch(fetch_request request, callback done) override {
    ++requests[request.url];
    if (silent || request.url == held)
      unanswered_.emplace_back(std::move(request), std::move(done));
    else
      done(answer(request));
  }
  void answer_all() {
    silent = false;
    held.clear();
    for (auto& [request, done] : std::exchange(unanswered_, {})) done(answer(request));
  }

 private:
  std::deque<std::pair<fetch_request, callback>> unanswered_;
};

inline fetch_response page(const fetch_request& r, std::string body,
                           std::string type = "application/vnd.apple.mpegurl") {
  fetch_response out;
  out.status = 200;
  out.body = std::move(body);
  out.content_type = std::move(type);
  out.final_url = r.url;
  return out;
}

inline fetch_response status(const fetch_request& r, unsigned code) {
  auto out = page(r, "");
  out.status = code;
  return out;
}

// Any media at all comes out as segments of 4 s, as long as it was asked for, or 8 s.
inline stitch::creative_ptr creative_of(const condition_creative& wanted) {
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
  std::vector<std::function<probe_segment()>> questions;  // of the probes
  bool silent = false;                                    // probes are answered by answer_all()
  std::vector<std::function<void()>> unanswered;
  std::map<std::string, stitch::creative_ptr> made;  // by source, if they are to be like that
  std::set<std::string> broken;                      // sources of which nothing can be made

  void answer_all() {
    for (auto& answer : std::exchange(unanswered, {})) answer();
  }
};

inline creative_actor::behavior_type fake_creatives(creative_actor::pointer self,
                                                    const std::shared_ptr<studio_log>& log) {
  return {
      [log](const condition_creative& wanted) -> caf::result<conditioned> {
        if (log->broken.contains(wanted.source))
          return caf::make_error(caf::sec::runtime_error, "no media");
        log->conditioned.push_back(wanted.source +
                                   (wanted.exact ? " " + format_seconds(*wanted.exact) : ""));
        const auto made = log->made.find(wanted.source);
        if (made != log->made.end() && !wanted.exact) return conditioned{made->second};
        return conditioned{creative_of(wanted)};
      },
      [self, log](const probe_rendition& wanted) -> caf::result<segment_probed> {
        ++log->probes;
        log->questions.push_back(wanted.newest);
        stitch::track_format f;
        f.has_video = f.has_audio = true;
        if (!log->silent) return segment_probed{f};
        auto promise = self->make_response_promise<segment_probed>();
        log->unanswered.emplace_back([self, f, promise]() mutable {
          self->context(nullptr);  // where it ran last is gone
          promise.deliver(segment_probed{f});
        });
        return promise;
      },
  };
}

// Decisions that come late.
using late_decision_actor = decision_actor::extend<caf::reacts_to<std::uint64_t>>;

inline late_decision_actor::behavior_type late_decision(late_decision_actor::pointer self,
                                                        duration by) {
  using answers = std::vector<std::pair<caf::typed_response_promise<decision_made>, decision_made>>;
  const auto owed = std::make_shared<answers>();
  return {
      [self, by, owed](const decision_wanted& question) -> caf::result<decision_made> {
        auto promise = self->make_response_promise<decision_made>();
        owed->emplace_back(
            promise,
            decision_made{nullptr, false,
                          ads::house_pod(question.house_ads, {{}, {}, question.what.start, 0})});
        self->delayed_send(self, by, std::uint64_t{owed->size() - 1});
        return promise;
      },
      [](const decision_asked& m) { m.done({}); },
      [owed](std::uint64_t which) {
        auto& [promise, answer] = (*owed)[which];
        promise.deliver(std::move(answer));
      },
  };
}

// A store that keeps at once, late, or not at all.
struct disk {
  disk()
      : env(*storage::environment::open({folder.path()})),
        timelines(std::make_shared<storage::record_table>(
            *storage::record_table::open(env, "timelines"))),
        decisions(std::make_shared<storage::cache_table>(
            *storage::cache_table::open(env, "decisions", 1'000'000))),
        exposures(*exposure_book::open(env, {24h})),
        tracked(std::make_shared<tracked_ads>(std::make_shared<storage::cache_table>(
            *storage::cache_table::open(env, "tracked_ads", 1'000'000)))) {}

  void keep(const store_write& w) {
    ++writes;
    BOOST_TEST(env->write(w.work).has_value());
  }
  void let_go() {
    hold = false;
    for (auto& write : std::exchange(held, {})) write();
  }

  scratch_folder folder;
  std::shared_ptr<storage::environment> env;
  std::shared_ptr<storage::record_table> timelines;
  std::shared_ptr<storage::cache_table> decisions;
  std::shared_ptr<exposure_book> exposures;
  std::shared_ptr<tracked_ads> tracked;
  bool hold = false, broken = false;
  bool broken_asks = false;  // of who is no actor
  std::vector<std::function<void()>> held;
  int writes = 0;
};

inline storage_writer_actor::behavior_type fake_writer(storage_writer_actor::pointer self,
                                                       const std::shared_ptr<disk>& d) {
  return {[self, d](const store_write& w) -> caf::result<stored> {
            if (d->broken) return caf::make_error(caf::sec::runtime_error, "disk full");
            if (d->hold) {
              auto promise = self->make_response_promise<stored>();
              d->held.emplace_back([self, d, w, promise]() mutable {
                d->keep(w);
                self->context(nullptr);  // where it ran last is gone
                promise.deliver(stored{});
              });
              return promise;
            }
            d->keep(w);
            return stored{};
          },
          [d](const store_asked& m) {
            if (!d->broken_asks) d->keep(m.write);
            m.done->give(!d->broken_asks);
          }};
}

// One channel, whose clock moves only when it is told to.
class station : public actor_stage {
 public:
  explicit station(std::function<void(channel_settings&)> adjust = {},
                   std::shared_ptr<disk> store = nullptr, instant from = at(40))
      : actor_stage(from), store_(std::move(store)) {
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
    arguments_.view = view;
    arguments_.fetcher = origin;
    arguments_.creatives = system.spawn(fake_creatives, log);
    arguments_.wall_clock_base = from;
    arguments_.steady_base = begun();
    arguments_.decisions = {decision_actor{}};
    if (store_) {
      arguments_.writer = system.spawn(fake_writer, store_);
      arguments_.timelines = store_->timelines;
      arguments_.exposures = store_->exposures;
      arguments_.tracked = store_->tracked;
      decisions = std::make_shared<decision_cache>(store_->decisions);
    }
    arguments_.gathered = gathered;
    arguments_.beacons = beacons;
    decision_arguments asking{origin, beacons, decisions, arguments_.writer, from, begun(), 1};
    asking.gathered = gathered;
    arguments_.decisions[0] = system.spawn(decision, std::move(asking));
  }
  ~station() {
    if (store_) store_->held.clear();  // answers nobody waits for any more
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(arguments_.creatives, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(arguments_.decisions[0], caf::exit_reason::user_shutdown);
    if (arguments_.writer) caf::anon_send_exit(arguments_.writer, caf::exit_reason::user_shutdown);
    let_go();
  }

  // Before start().
  void decide_late(duration by) {
    caf::anon_send_exit(arguments_.decisions[0], caf::exit_reason::user_shutdown);
    arguments_.decisions = {system.spawn(late_decision, by)};
  }
  void start() {
    actor = system.spawn(channel, arguments_);
    scheduler().run();
  }
  // What the actor's clock shows.
  std::chrono::steady_clock::duration steady() { return clock().now().time_since_epoch(); }

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
  // As HTTP threads do with every request of a session.
  void see(const std::string& audience) {
    view->audiences
        .enter(
            audience, [&] { return viewers[audience]; }, clock().now())
        ->seen.set(clock().now());
  }
  outcome<published_ptr> ask_description() {
    auto [o, done] = hear<published_ptr>();
    send(description_wanted{done});
    return o;
  }
  outcome<published_ptr> ask_playlist(std::size_t rendition = 0,
                                      std::string audience = stitched_audience) {
    view->mark_watched(rendition, clock().now());
    see(audience);
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

  outcome<ingest_outcome> tell(std::vector<scte35::signal> signals) {
    auto [o, done] = hear<ingest_outcome>();
    send(signals_heard{std::move(signals), done});
    return o;
  }

  template <class Message>
  void send(Message m) {
    caf::anon_send(actor, std::move(m));
    scheduler().run();
  }

  origin_rendition video;
  std::shared_ptr<scripted_origin> origin = std::make_shared<scripted_origin>();
  std::shared_ptr<gathered_counts> gathered = std::make_shared<gathered_counts>();
  std::shared_ptr<beacon_log> beacons = std::make_shared<beacon_log>();
  std::shared_ptr<studio_log> log = std::make_shared<studio_log>();
  std::shared_ptr<channel_view> view;
  std::map<std::string, ads::viewer> viewers;  // by audience
  std::shared_ptr<decision_cache> decisions = std::make_shared<decision_cache>();
  channel_actor actor;

 private:
  std::shared_ptr<disk> store_;
  channel_arguments arguments_;
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

inline bool says(const error& e, std::string_view text) {
  return e.message().find(text) != std::string::npos;
}

}  // namespace interlude::test
