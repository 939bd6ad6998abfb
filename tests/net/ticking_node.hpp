// A node from its HTTP interface, on a real socket, to its channel actor and store, on a clock that
// moves only when it is told to. The origin and the creatives are scripted.
//
// HTTP threads and the test take turns with the actors: whoever asks or lets time pass holds the
// lock, and runs them itself.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "net/http_server.hpp"
#include "net/routes.hpp"
#include "tests/net/creative_list.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/station.hpp"

namespace interlude::net {

using namespace std::chrono_literals;

class ticking_node final : public channel_gateway {
 public:
  ticking_node(const std::function<void(channel_settings&)>& adjust,
               std::shared_ptr<test::disk> store, instant from,
               const std::function<void(test::station&)>& script)
      : station_(adjust, std::move(store), from), channels_{station_.view} {
    script(station_);
    station_.start();
    note_time();
    auto opened = http_server::open({}, std::make_shared<node_routes>(context_));
    BOOST_REQUIRE(opened);
    server_ = *std::move(opened);
    server_->start();
    client_ = std::make_unique<raw_client>(server_->endpoint());
  }
  ~ticking_node() override { server_->stop(1s); }

  // The answer; as long as the node waits for something, time passes.
  raw_response get(const std::string& target) {
    client_->get(target);
    for (duration waited{0}; !client_->can_read(10ms);) {
      const std::lock_guard lock{mutex_};
      if (waiting_ == 0) continue;
      if (waited > 30s) throw std::runtime_error("no answer: " + target);
      pass_locked(50ms);
      waited += 50ms;
    }
    return client_->read();
  }
  void pass_until(instant t) {
    const std::lock_guard lock{mutex_};
    pass_locked(t - station_.now());
  }
  instant now() {
    const std::lock_guard lock{mutex_};
    return station_.now();
  }
  // The origin's live edge, as the node has read it.
  instant edge(std::size_t rendition) {
    return station_.view->load()->snapshot->windows[rendition]->edge();
  }

  channel_view* find(std::string_view org, std::string_view name) const override {
    const auto& s = station_.view->settings;
    return org == s.org && name == s.name ? station_.view.get() : nullptr;
  }
  const std::vector<std::shared_ptr<channel_view>>& channels() const override { return channels_; }
  void want_description(channel_view&, std::function<void(result<published_ptr>)> done) override {
    const std::lock_guard lock{mutex_};
    station_.send(description_wanted{counted(std::move(done))});
  }
  void want_playlist(channel_view&, std::size_t rendition, std::string audience,
                     std::function<void(result<published_ptr>)> done) override {
    const std::lock_guard lock{mutex_};
    station_.send(playlist_wanted{rendition, std::move(audience), counted(std::move(done))});
  }
  void want_plan(channel_view&, std::string audience, std::string break_id,
                 std::function<void(result<stitch::plan_ptr>)> done) override {
    const std::lock_guard lock{mutex_};
    station_.send(plan_wanted{std::move(audience), std::move(break_id), counted(std::move(done))});
  }
  void send_cue(channel_view&, cue_command command,
                std::function<void(result<stitch::ad_break>)> done) override {
    const std::lock_guard lock{mutex_};
    station_.send(cue_wanted{std::move(command), counted(std::move(done))});
  }
  void want_decision(decision_wanted, std::function<void(decision_made)> done) override {
    done({nullptr, false, {}});
  }
  decision_cache& decisions() override { return decisions_; }
  exposure_book* exposures() override { return nullptr; }
  void keep(store_write, std::function<void(bool)> done) override { done(false); }
  void want_break_lines(channel_view&,
                        std::function<void(result<std::vector<break_line>>)> done) override {
    const std::lock_guard lock{mutex_};
    station_.send(break_lines_wanted{counted(std::move(done))});
  }
  void want_break_stories(channel_view&, std::string break_id, std::string audience,
                          std::function<void(result<break_stories>)> done) override {
    const std::lock_guard lock{mutex_};
    station_.send(
        break_stories_wanted{std::move(break_id), std::move(audience), counted(std::move(done))});
  }
  void send_signals(channel_view&, std::vector<scte35::signal> signals,
                    std::function<void(result<ingest_outcome>)> done) override {
    const std::lock_guard lock{mutex_};
    station_.send(signals_heard{std::move(signals), counted(std::move(done))});
  }

 private:
  // Content is left at the origin, and tokens are looked up nowhere.
  class absent_fetcher final : public http_fetcher {
   public:
    void fetch(fetch_request request, callback done) override {
      done(error{errc::unavailable, request.url, "nobody there"});
    }
  };

  template <class T>
  std::function<void(result<T>)> counted(std::function<void(result<T>)> done) {
    ++waiting_;
    return [this, done = std::move(done)](result<T> r) {
      --waiting_;
      done(std::move(r));
    };
  }
  void pass_locked(duration time) {
    station_.pass(time);
    note_time();
  }
  void note_time() { steady_ = station_.steady().count(); }
  steady_time steady() const {
    return steady_time{std::chrono::steady_clock::duration{steady_.load()}};
  }

  std::mutex mutex_;
  test::station station_;
  int waiting_ = 0;                                        // questions without an answer yet
  std::atomic<std::chrono::steady_clock::rep> steady_{0};  // read by HTTP threads
  decision_cache decisions_;
  std::vector<std::shared_ptr<channel_view>> channels_;
  test::scratch_folder folder_;
  media_store media_{folder_.path()};
  absent_fetcher fetcher_;
  content_proxy content_{fetcher_, {}};
  creative_list desk_;
  node_context context_{*this,
                        desk_,
                        session_signer{"a secret of the test"},
                        media_,
                        fetcher_,
                        content_,
                        "",
                        "",
                        "",
                        [this] { return station_.when(steady()); },
                        [this] { return steady(); },
                        [] { return true; },
                        {}};
  std::unique_ptr<http_server> server_;
  std::unique_ptr<raw_client> client_;
};

}  // namespace interlude::net
