// The pool of beacon actors and what stands around it, for tests.
#pragma once

#include <boost/test/unit_test.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/analytics/tally.hpp"
#include "actors/beacon/beacon_desk.hpp"
#include "actors/beacon/beacon_pool.hpp"
#include "actors/beacon/outbox_beacons.hpp"
#include "tests/support/station.hpp"

namespace interlude::test {

inline const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");

// The pool, its desk, a store, and hosts that answer as they are told to. Its clock moves only when
// told to.
class post_office : public actor_stage {
 public:
  explicit post_office(std::shared_ptr<disk> store = std::make_shared<disk>(), instant from = noon,
                       storage::outbox_options options = {},
                       std::shared_ptr<event_log> log = nullptr,
                       const std::function<void(beacon_arguments&)>& adjust = {})
      : actor_stage(from), store_(std::move(store)) {
    fetcher->answer = [this](const fetch_request& r) -> result<fetch_response> {
      sent += r.url + ' ';
      const auto it = answers.find(r.url);
      return status(r, it == answers.end() ? 204 : it->second);
    };
    outbox = std::make_shared<const storage::outbox>(*storage::outbox::open(store_->env, options));
    counts = std::make_shared<const storage::counter_table>(
        *storage::counter_table::open(store_->env, "counters", 100));
    writer_ = system.spawn(fake_writer, store_);
    beacon_arguments a;
    a.fetcher = fetcher;
    a.outbox = outbox;
    a.writer = writer_;
    a.counters = counters;
    a.policies["tv/hasty"].attempts = 2;
    a.wall_clock_base = from;
    a.steady_base = begun();
    a.shards = 2;
    a.seed = 1;
    if (adjust) adjust(a);
    pool_ = spawn_beacon_pool(system, a);
    sink_ = std::make_unique<outbox_beacons>(
        outbox, *storage::key_memory::open(store_->env, "beacon_keys"), writer_, pool_, counters,
        [this] { return now(); }, counts, std::move(log));
    desk_ = system.spawn(make_beacon_desk, a, pool_);
    scheduler().run();
  }
  ~post_office() {
    store_->held.clear();
    sink_.reset();
    caf::anon_send_exit(pool_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(writer_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(desk_, caf::exit_reason::user_shutdown);
    pool_ = nullptr;
    desk_ = nullptr;
    scheduler().run();
    fetcher->answer = [](const fetch_request& r) { return status(r, 204); };
    fetcher->answer_all();
    let_go();
  }

  static beacon pixel(const std::string& url, const std::string& channel = "tv/one") {
    return {url, {{"X-Device-User-Agent", "agent"}}, channel, "start", "ad", "b1", "session"};
  }
  std::optional<bool> accept(const std::string& url, const std::string& key = "",
                             const std::string& channel = "tv/one", const std::string& after = "") {
    std::optional<bool> out;
    sink_->accept({{key, after, {pixel(url, channel)}}}, [&](const acceptance& a) {
      out = a.kept;
      happened = a.keys;
    });
    scheduler().run();
    return out;
  }
  // As by several threads at a time: nothing runs in between. 'k' or 'r' for each: kept or refused.
  std::string accept_together(const std::vector<std::vector<beacon_event>>& all,
                              bool closes = false) {
    const auto out = std::make_shared<std::string>(all.size(), '?');
    for (std::size_t i = 0; i < all.size(); ++i)
      sink_->accept(all[i], [out, i](const acceptance& a) { (*out)[i] = a.kept ? 'k' : 'r'; });
    if (closes) close();
    scheduler().run();
    return *out;
  }
  // An event of the ad that nobody is told of.
  std::optional<bool> happen(const std::string& event, const std::string& after = "") {
    counted_event what;
    what.channel = "tv/one";
    what.tier = "house";
    what.ad = what.creative = "ad";
    what.event = event;
    std::optional<bool> out;
    sink_->accept({{event, after, {}, what}}, [&](const acceptance& a) {
      out = a.kept;
      happened = a.keys;
    });
    scheduler().run();
    return out;
  }
  // "start 1, ": of the hour.
  std::string counted(instant at) {
    std::string out;
    const auto hour = storage::hour_of(at);
    const auto all = counts->read("tv/one", hour, hour + std::chrono::hours{1}, "", 100,
                                  [&](storage::hour, std::string_view name, std::uint64_t count) {
                                    out += std::string{read_counter(name).parts[4]} + ' ' +
                                           std::to_string(count) + ", ";
                                  });
    BOOST_TEST(all.has_value());
    return out;
  }
  // Whether all that was under way has come to its end.
  std::shared_ptr<bool> end() {
    auto ended = std::make_shared<bool>(false);
    caf::anon_send(pool_, beacons_ending{[ended] { *ended = true; }});
    scheduler().run();
    return ended;
  }
  void close() { sink_->close(); }
  std::string why_refused() {
    auto why = sink_->why_refused();
    scheduler().run();
    return why;
  }
  // What the desk answers to a message, of which `done` is the last member.
  template <class T, class Message>
  result<T> ask(Message m) {
    std::optional<result<T>> out;
    m.done = [&](result<T> answer) { out = std::move(answer); };
    caf::anon_send(desk_, std::move(m));
    scheduler().run();
    return out ? *std::move(out) : error{errc::timed_out, "desk", "no answer"};
  }
  dead_outcome change(dead_change what, dead_selection which) {
    return ask<dead_outcome>(dead_change_wanted{what, std::move(which), {}}).value();
  }
  std::vector<dead_beacon> given_up(dead_filter filter = {}) {
    return ask<dead_page>(dead_wanted{std::move(filter), {}, 1000, {}}).value().beacons;
  }
  std::uint64_t waiting() { return outbox->size().value(); }
  std::uint64_t dead() { return outbox->dead_size().value(); }

  std::vector<std::string> happened;  // of the latest
  std::map<std::string, unsigned> answers;
  std::string sent;  // URLs, in order
  std::shared_ptr<scripted_origin> fetcher = std::make_shared<scripted_origin>();
  std::shared_ptr<beacon_counters> counters = std::make_shared<beacon_counters>();
  std::shared_ptr<const storage::outbox> outbox;
  std::shared_ptr<const storage::counter_table> counts;

 private:
  std::shared_ptr<disk> store_;
  storage_writer_actor writer_;
  beacon_shard_actor pool_;
  beacon_desk_actor desk_;
  std::unique_ptr<outbox_beacons> sink_;
};

}  // namespace interlude::test
