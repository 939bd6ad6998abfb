// A node's HTTP interface on a real socket, in front of one channel that stands still in a break:
// its state is published by hand, and whatever asks the actors is counted.
#pragma once

#include <atomic>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_server.hpp"
#include "net/routes.hpp"
#include "tests/net/beacon_list.hpp"
#include "tests/net/creative_list.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/simulated_channel.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

// Answers from the channel's published state, as its actor would when nothing is new.
class staged_gateway : public channel_gateway {
 public:
  explicit staged_gateway(channel_settings settings)
      : channels_{std::make_shared<channel_view>(std::move(settings))} {}

  channel_view& channel() { return *channels_.front(); }
  channel_view* find(std::string_view org, std::string_view name) const override {
    auto& c = *channels_.front();
    return org == c.settings.org && name == c.settings.name ? &c : nullptr;
  }
  const std::vector<std::shared_ptr<channel_view>>& channels() const override { return channels_; }
  void want_description(channel_view& c, std::function<void(result<published_ptr>)> done) override {
    ++asked;
    if (when_asked) when_asked();
    done(answer(c));
  }
  void want_playlist(channel_view& c, std::size_t, std::string,
                     std::function<void(result<published_ptr>)> done) override {
    ++asked;
    done(answer(c));
  }
  void want_plan(channel_view& c, std::string audience, std::string break_id,
                 std::function<void(result<stitch::plan_ptr>)> done) override {
    ++asked;
    const auto& s = *c.load()->snapshot;
    auto plan = stitch::find_decided(*s.audiences.find(audience)->second, break_id);
    if (!plan) return done(error{errc::not_found, break_id, "no such break"});
    done(std::move(plan));
  }
  void send_cue(channel_view&, cue_command command,
                std::function<void(result<stitch::ad_break>)> done) override {
    ++asked;
    stitch::ad_break b;
    b.id = "b1";
    b.event_id = command.id;
    b.planned = command.break_duration;
    commands.push_back(std::move(command));
    done(std::move(b));
  }

  void want_decision(decision_wanted question, std::function<void(decision_made)> done) override {
    ++decided;
    if (decide) return done(decide(question));
    done({nullptr, false, {}});
  }
  decision_cache& decisions() override { return decisions_; }
  exposure_book* exposures() override { return book.get(); }
  void keep(store_write write, std::function<void(bool)> done) override {
    done(env && env->write(write.work).has_value());
  }
  void want_break_lines(channel_view&,
                        std::function<void(result<std::vector<break_line>>)> done) override {
    ++asked;
    done(stories.lines());
  }
  void want_break_stories(channel_view&, std::string break_id, std::string audience,
                          std::function<void(result<break_stories>)> done) override {
    ++asked;
    done(stories.of(break_id, audience));
  }
  void send_signals(channel_view&, std::vector<scte35::signal> signals,
                    std::function<void(result<ingest_outcome>)> done) override {
    ++asked;
    const auto count = signals.size();
    {
      const std::lock_guard lock{mutex_};
      for (auto& s : signals) heard_.push_back(std::move(s));
      changed_.notify_all();
    }
    done(ingest_outcome{count, 0, 0});
  }
  // The signals that have come, when there are so many.
  std::vector<scte35::signal> heard(std::size_t count) {
    std::unique_lock lock{mutex_};
    BOOST_REQUIRE(changed_.wait_for(lock, 10s, [&] { return heard_.size() >= count; }));
    return heard_;
  }

  std::atomic<int> asked{0}, decided{0};
  std::function<decision_made(const decision_wanted&)> decide;
  std::function<void()> when_asked;  // for what there is to know of the channel
  std::vector<cue_command> commands;
  story_ring stories;  // filled before anybody asks

  std::shared_ptr<storage::environment> env;  // of the book
  std::shared_ptr<exposure_book> book;

 private:
  static result<published_ptr> answer(const channel_view& c) {
    if (auto p = c.load()) return p;
    return error{errc::unavailable, "tv/one", "the origin is away"};
  }

  decision_cache decisions_;
  std::vector<std::shared_ptr<channel_view>> channels_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<scte35::signal> heard_;
};

class silent_fetcher : public http_fetcher {
 public:
  void fetch(fetch_request request, callback done) override {
    done(error{errc::unavailable, request.url, "nobody there"});
  }
};

// Where content is asked for: each question waits until the test answers it.
class held_fetcher : public http_fetcher {
 public:
  void fetch(fetch_request request, callback done) override {
    const std::lock_guard lock{mutex_};
    questions_.emplace_back(std::move(request), std::move(done));
    ++asked_;
    changed_.notify_all();
  }
  // The next question, when it has come.
  std::pair<fetch_request, callback> next() {
    std::unique_lock lock{mutex_};
    BOOST_REQUIRE(changed_.wait_for(lock, 10s, [&] { return !questions_.empty(); }));
    auto question = std::move(questions_.front());
    questions_.pop_front();
    return question;
  }
  std::size_t asked() {
    const std::lock_guard lock{mutex_};
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<fetch_request, callback>> questions_;
  std::size_t asked_ = 0;
};

struct staged_node {
  explicit staged_node(const std::function<void(channel_settings&)>& adjust = {})
      : gateway(settings(adjust)),
        context{gateway,
                desk,
                session_signer{"a secret of the test"},
                media,
                fetcher,
                content,
                "",
                "",
                "node operator",
                [] { return std::chrono::floor<duration>(std::chrono::system_clock::now()); },
                std::chrono::steady_clock::now,
                [] { return true; },
                {}} {
    context.beacons = &beacons;
    publish_break();
  }

  static channel_settings settings(const std::function<void(channel_settings&)>& adjust) {
    channel_settings s;
    s.org = "tv";
    s.name = "one";
    s.cue_token = "operator";
    if (adjust) adjust(s);
    return s;
  }

  // Programme up to 40 s, then a break of 30 s; the channel is 20 s into it.
  void publish_break(steady_time good_at = std::chrono::steady_clock::now(), bool polled = true) {
    test::simulated_channel c{{test::video(200, 4s, "v0"), test::video(200, 4s, "v1")}};
    for (auto& r : c.origin) r.tag(test::at(40), "#EXT-X-CUE-OUT:30");
    for (auto& ad : c.house) ad.tracking = tracking;
    c.house.resize(ads_in_break);
    c.timeline.add_audience(stitched_audience, false);
    c.timeline.add_audience(guided_audience, true);
    for (double t = 20; t <= 60; t += 2) c.round(test::at(t));
    auto p = std::make_shared<published_channel>();
    p->description = *stitch::describe_channel(
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nv0.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=500000\nv1.m3u8\n",
        "http://origin.test/live/master.m3u8");
    p->snapshot = c.timeline.take_snapshot();
    p->renditions.assign(2, {good_at, polled});
    p->trouble = "origin.test: answered HTTP 500";
    gateway.channel().publish(std::move(p));
  }

  // Serves with what `handler` makes of the node's own routes.
  void serve(std::shared_ptr<request_handler> handler) {
    server_options options;
    options.threads = 2;
    auto opened = http_server::open(options, std::move(handler));
    BOOST_REQUIRE(opened);
    server = *std::move(opened);
    server->start();
  }
  void serve() { serve(std::make_shared<node_routes>(context)); }

  raw_response get(const std::string& target, const std::string& lines = {}) {
    raw_client client{server->endpoint()};
    client.get(target, lines);
    return client.read();
  }
  raw_response post(const std::string& target, const std::string& body,
                    const std::string& lines = {}) {
    raw_client client{server->endpoint()};
    client.send("POST " + target + " HTTP/1.1\r\nHost: test\r\n" + lines +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read();
  }

  // The folder of a new session, "/v1/tv/one/s/<token>/".
  std::string new_session(const std::string& mode) {
    const auto master = get("/v1/tv/one/master.m3u8?mode=" + mode);
    BOOST_REQUIRE_EQUAL(master.status(), 200);
    const auto from = master.body.find("\ns/") + 1;
    return "/v1/tv/one/" + master.body.substr(from, master.body.find("/v0.m3u8") + 1 - from);
  }

  std::string tracking;          // of the ads of the break, when it is published
  std::size_t ads_in_break = 3;  // slate fills what they leave
  test::scratch_folder folder;
  staged_gateway gateway;
  creative_list desk;
  beacon_list beacons;
  media_store media{folder.path()};
  silent_fetcher fetcher;
  held_fetcher content_origin;
  content_proxy content{content_origin, {}};
  node_context context;
  std::unique_ptr<http_server> server;  // destroyed first
};

}  // namespace interlude::net
