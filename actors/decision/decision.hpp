// Decision actors: which ads for this break and this audience. They always answer, and in time.
//
// A waterfall: the channel's ad servers in order, until one has an ad that can be played; then its
// house pod. Slate and content are what the channel falls back on when the answer names nothing.
// One deadline for all, of which each ad server may take its own timeout at most, and no more than
// leaves those behind it some. Who asks is answered when their own time is up, with the channel's
// ads, though others wait on. Sharded by
// decision key (channel, break length, audience): equal questions meet in one place, and one
// request answers them all. What was decided is kept (decision_cache.hpp); what has become stale
// still answers, and is asked for anew behind it, or stands in for an ad server that fails.
#pragma once

#include <caf/fwd.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "actors/beacon/beacon_sink.hpp"
#include "actors/interfaces.hpp"
#include "actors/storage_writer.hpp"

namespace interlude {

class gathered_counts;

struct decision_arguments {
  std::shared_ptr<http_fetcher> fetcher;
  std::shared_ptr<beacon_sink> beacons;
  std::shared_ptr<decision_cache> cache;  // shared by all shards
  storage_writer_actor writer;            // null: decisions do not outlive the process
  instant wall_clock_base{};
  std::chrono::steady_clock::time_point steady_base{};
  std::uint64_t seed = 0;                                            // of random numbers in URLs
  std::int64_t max_file_bytes = vast::play_policy{}.max_file_bytes;  // of media
  std::shared_ptr<gathered_counts> gathered{};  // what ad servers did; null: nobody counts
};

// An ad server's answer. (Messages of the actor to itself.)
struct ads_answered {
  std::uint64_t run = 0;
  std::size_t server = 0;  // its place in the waterfall: each is asked once
  std::size_t number = 0;
  std::shared_ptr<const result<fetch_response>> answer;
};
// The time of an inquiry is up.
struct inquiry_due {
  std::uint64_t run = 0;
  std::size_t server = 0;
};
// Somebody waits no longer.
struct waiter_due {
  std::uint64_t run = 0;
  std::uint64_t waiter = 0;
};

using decision_keeper =
    decision_actor::extend<caf::reacts_to<ads_answered>, caf::reacts_to<inquiry_due>,
                           caf::reacts_to<waiter_due>>;

class decision_state {
 public:
  static inline const char* name = "decision";

  void start(decision_keeper::pointer self, decision_arguments arguments);
  caf::result<decision_made> on(const decision_wanted& question);
  void on(const decision_asked& m);
  void on(const ads_answered& m);
  void on(const inquiry_due& m);
  void on(const waiter_due& m);

 private:
  using time_point = std::chrono::steady_clock::time_point;

  using teller = std::function<void(decision_made)>;
  struct waiter {
    std::uint64_t number = 0;
    decision_wanted question;
    teller done;
  };
  // Ad servers are being asked.
  struct run {
    std::string key;
    decision_wanted question;  // that began it
    std::size_t server = 0;    // that is being asked
    std::unique_ptr<ad_inquiry> inquiry;
    time_point asked_at{};                 // that one
    std::vector<recorded_answer> answers;  // of that one
    std::size_t recorded_bytes = 0;
    std::vector<tier_report> reports;
    time_point deadline{};
    std::vector<waiter> waiting;
  };

  static std::string tier_of(const inquiry_settings& server);
  static std::string server_of(const inquiry_settings& server);

  void decide(const decision_wanted& question, teller done);
  teller timed(teller done) const;
  time_point now() const;
  instant wall() const;
  std::uint32_t random() { return static_cast<std::uint32_t>(random_()); }
  std::optional<kept_decision> known(const std::string& key, const decision_wanted& question);
  std::uint64_t begin(const std::string& key, const decision_wanted& question);
  void ask(std::uint64_t id, run& r);
  void wait(std::uint64_t id, run& r, const decision_wanted& question, teller done);
  std::chrono::milliseconds share_of(const run& r) const;
  void note(const decision_wanted& question, const tier_report& report) const;
  void send(std::uint64_t id, const run& r, std::vector<ad_inquiry::wanted> wanted);
  void conclude(std::uint64_t id, run& r);
  void pass_over_rest(run& r) const;
  void count(inquiry_outcome outcome) const;
  void finish(std::uint64_t id, std::vector<ad_candidate> candidates, std::string server);
  void tell(const decision_wanted& question, const inquiry_result& result);
  std::shared_ptr<ads_found> so_far(const run& r) const;
  // What is to be answered: what was found, or what was known before.
  decision_made keep(const run& r, std::shared_ptr<const ads_found> found);
  void store(const run& r, const kept_decision& kept);

  decision_keeper::pointer self_ = nullptr;
  decision_arguments arguments_;
  std::mt19937 random_;
  std::map<std::string, std::uint64_t> running_;  // by key
  std::map<std::uint64_t, run> runs_;
  std::uint64_t next_ = 0, next_waiter_ = 0;
};

decision_keeper::behavior_type decision(decision_keeper::stateful_pointer<decision_state> self,
                                        decision_arguments arguments);

// The shard that answers for a question.
std::size_t decision_shard(const decision_wanted& question, std::size_t shards);

}  // namespace interlude

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::ads_answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::inquiry_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(interlude::waiter_due)
