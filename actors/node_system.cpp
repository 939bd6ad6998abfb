#include "actors/node_system.hpp"

#include <algorithm>
#include <array>
#include <caf/all.hpp>
#include <future>
#include <random>
#include <thread>
#include <unordered_map>

#include "actors/analytics/analytics_office.hpp"
#include "actors/beacon/beacon_desk.hpp"
#include "actors/beacon/beacon_pool.hpp"
#include "actors/channel.hpp"
#include "actors/decision/decision.hpp"
#include "actors/decision/exposure_sweeper.hpp"
#include "actors/kept_secret.hpp"
#include "actors/storage_writer.hpp"
#include "media/core/text_hash.hpp"
#include "storage/record_table.hpp"

namespace interlude {

namespace {

struct system_config : caf::actor_system_config {
  explicit system_config(std::size_t threads) {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", threads);
    set("logger.verbosity", caf::atom("quiet"));
  }
};

std::size_t core_count(std::size_t wanted) {
  return wanted > 0 ? wanted : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

class running_system final : public node_system {
 public:
  running_system(node_system_options options, std::shared_ptr<storage::environment> env,
                 creative_tables tables, const std::shared_ptr<storage::record_table>& timelines,
                 std::shared_ptr<storage::cache_table> decisions,
                 std::shared_ptr<exposure_book> exposures, std::shared_ptr<tracked_ads> tracked,
                 std::shared_ptr<const storage::outbox> outbox, storage::key_memory keys,
                 std::shared_ptr<analytics_office> analytics)
      : options_(std::move(options)),
        env_(std::move(env)),
        ad_fetcher_(host_guard::make(options_.fetcher, options_.ad_requests)),
        media_(std::make_shared<media_store>(options_.creatives.root)),
        exposures_(std::move(exposures)),
        tracked_(std::move(tracked)),
        outbox_(std::move(outbox)),
        analytics_(std::move(analytics)),
        config_(core_count(options_.threads)),
        system_(std::make_unique<caf::actor_system>(config_)) {
    writer_ = spawn_storage_writer(*system_, env_, write_counts_);
    const auto steady = std::chrono::steady_clock::now();
    const auto wall = std::chrono::floor<duration>(std::chrono::system_clock::now());
    creatives_ = system_->spawn(
        creatives, creative_arguments{options_.creatives, options_.fetcher, media_,
                                      std::move(tables), writer_, wall, steady, creative_counts_});
    sweeper_ =
        system_->spawn(sweep_exposures, sweeper_arguments{exposures_, writer_, wall, steady});
    start_beacons(std::move(keys), wall, steady);
    analytics_->start(*system_, writer_, wall, steady);
    cache_ =
        std::make_shared<decision_cache>(std::move(decisions), options_.decisions.cache_entries);
    for (std::size_t i = 0; i < core_count(options_.threads); ++i)
      decisions_.push_back(system_->spawn(
          decision,
          decision_arguments{ad_fetcher_, beacons_, cache_, writer_, wall, steady,
                             std::random_device{}(),
                             static_cast<std::int64_t>(options_.creatives.max_source_bytes),
                             analytics_->gathered()}));
    for (auto& settings : options_.channels) {
      auto view = std::make_shared<channel_view>(std::move(settings));
      channels_.push_back(view);
      by_path_.emplace(view->settings.path(), view.get());
      actors_.emplace(
          view.get(),
          system_->spawn(channel,
                         channel_arguments{view, options_.fetcher, creatives_, media_, decisions_,
                                           writer_, timelines, exposures_, tracked_, wall, steady,
                                           debugging_, analytics_->gathered(), beacons_}));
    }
    options_.channels = {};  // the views have them
  }
  ~running_system() override { stop(); }

  channel_view* find(std::string_view org, std::string_view name) const override {
    // One look-up per request: the path is put together on the stack.
    std::array<char, 160> path;
    if (org.size() + name.size() + 1 > path.size()) return nullptr;
    auto* end = std::copy(org.begin(), org.end(), path.data());
    *end++ = '/';
    end = std::copy(name.begin(), name.end(), end);
    const auto it =
        by_path_.find(std::string_view{path.data(), static_cast<std::size_t>(end - path.data())});
    return it == by_path_.end() ? nullptr : it->second;
  }
  const std::vector<std::shared_ptr<channel_view>>& channels() const override { return channels_; }

  void want_description(channel_view& c, std::function<void(result<published_ptr>)> done) override {
    send(c, description_wanted{std::move(done)});
  }
  void want_playlist(channel_view& c, std::size_t rendition, std::string audience,
                     std::function<void(result<published_ptr>)> done) override {
    send(c, playlist_wanted{rendition, std::move(audience), std::move(done)});
  }
  void want_plan(channel_view& c, std::string audience, std::string break_id,
                 std::function<void(result<stitch::plan_ptr>)> done) override {
    send(c, plan_wanted{std::move(audience), std::move(break_id), std::move(done)});
  }
  void send_cue(channel_view& c, cue_command command,
                std::function<void(result<stitch::ad_break>)> done) override {
    send(c, cue_wanted{std::move(command), std::move(done)});
  }
  void want_break_lines(channel_view& c,
                        std::function<void(result<std::vector<break_line>>)> done) override {
    send(c, break_lines_wanted{std::move(done)});
  }
  void want_break_stories(channel_view& c, std::string break_id, std::string audience,
                          std::function<void(result<break_stories>)> done) override {
    send(c, break_stories_wanted{std::move(break_id), std::move(audience), std::move(done)});
  }
  void send_signals(channel_view& c, std::vector<scte35::signal> signals,
                    std::function<void(result<ingest_outcome>)> done) override {
    send(c, signals_heard{std::move(signals), std::move(done)});
  }

  void want_decision(decision_wanted question, std::function<void(decision_made)> done) override {
    if (decisions_.empty()) return done({});
    const auto shard = decision_shard(question, decisions_.size());
    caf::anon_send(decisions_[shard], decision_asked{std::move(question), std::move(done)});
  }
  decision_cache& decisions() override { return *cache_; }
  exposure_book* exposures() override { return exposures_.get(); }
  void keep(store_write write, std::function<void(bool)> done) override {
    auto answer = std::make_shared<store_asked::answer>(std::move(done));
    if (writer_) caf::anon_send(writer_, store_asked{std::move(write), std::move(answer)});
  }

  void list_creatives(std::string after, std::size_t limit,
                      std::function<void(result<creative_page>)> done) override {
    send_to(creatives_, creatives_wanted{std::move(after), limit, std::move(done)});
  }
  void retry_creative(std::string key, std::function<void(result<bool>)> done) override {
    send_to(creatives_, retry_wanted{std::move(key), std::move(done)});
  }
  void remove_creative(std::string key, std::function<void(result<bool>)> done) override {
    send_to(creatives_, removal_wanted{std::move(key), std::move(done)});
  }

  void look_at_beacons(std::function<void(result<beacon_overview>)> done) override {
    send_to(beacon_desk_, overview_wanted{std::move(done)});
  }
  void list_dead(dead_filter filter, std::string after, std::size_t limit,
                 std::function<void(result<dead_page>)> done) override {
    send_to(beacon_desk_, dead_wanted{std::move(filter), std::move(after), limit, std::move(done)});
  }
  void find_dead(std::string name, std::function<void(result<dead_beacon>)> done) override {
    send_to(beacon_desk_, one_dead_wanted{std::move(name), std::move(done)});
  }
  void change_dead(dead_change what, dead_selection which,
                   std::function<void(result<dead_outcome>)> done) override {
    send_to(beacon_desk_, dead_change_wanted{what, std::move(which), std::move(done)});
  }
  std::string why_refused() override { return beacons_->why_refused(); }

  result<std::string> session_secret() override { return kept_secret(*env_, "session"); }
  media_store& media() override { return *media_; }
  system_counters counters() const override {
    return {beacon_counts_, outbox_, creative_counts_,       ad_fetcher_,
            write_counts_,  env_,    analytics_->gathered(), analytics_->log()};
  }
  std::shared_ptr<debug_book> debugging() override { return debugging_; }

  std::shared_ptr<beacon_sink> beacons() override { return beacons_; }
  const beacon_counters& beacon_counts() const override { return *beacon_counts_; }
  const storage::outbox& outbox() const override { return *outbox_; }
  tracked_ads& tracked() override { return *tracked_; }
  analytics_gateway& analytics() override { return *analytics_; }

  void finish_beacons(std::chrono::milliseconds grace) override {
    if (!beacon_pool_) return;
    const auto ended = std::make_shared<std::promise<void>>();
    caf::anon_send(beacon_pool_, beacons_ending{[ended] { ended->set_value(); }});
    ended->get_future().wait_for(grace);
  }

  bool ready() const override {
    return std::all_of(channels_.begin(), channels_.end(),
                       [](const auto& c) { return c->load() != nullptr; });
  }

  void stop() override {
    if (!system_) return;
    for (auto& [view, actor] : actors_) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    actors_.clear();
    caf::anon_send_exit(sweeper_, caf::exit_reason::user_shutdown);
    sweeper_ = nullptr;
    for (auto& d : decisions_) caf::anon_send_exit(d, caf::exit_reason::user_shutdown);
    decisions_.clear();
    beacons_->close();
    analytics_->close();
    caf::anon_send_exit(beacon_pool_, caf::exit_reason::user_shutdown);
    beacon_pool_ = nullptr;
    caf::anon_send_exit(beacon_desk_, caf::exit_reason::user_shutdown);
    beacon_desk_ = nullptr;
    caf::anon_send_exit(creatives_, caf::exit_reason::user_shutdown);
    creatives_ = nullptr;
    caf::anon_send_exit(writer_, caf::exit_reason::user_shutdown);
    writer_ = nullptr;
    system_.reset();  // waits for all of them
    analytics_->finish();
  }

 private:
  void start_beacons(storage::key_memory keys, instant wall, steady_instant steady) {
    beacon_arguments a;
    a.fetcher = options_.beacons.fetcher ? options_.beacons.fetcher : options_.fetcher;
    a.outbox = outbox_;
    a.writer = writer_;
    a.counters = beacon_counts_;
    for (const auto& c : options_.channels) a.policies[c.path()] = c.beacons;
    a.limits = options_.beacons.limits;
    a.timeout = options_.beacons.timeout;
    a.wall_clock_base = wall;
    a.steady_base = steady;
    a.shards = core_count(options_.threads);
    // Half of an actor's are one host's at most.
    a.max_under_way = std::max(a.max_under_way, 512 * a.shards);
    a.seed = std::random_device{}();
    beacon_pool_ = spawn_beacon_pool(*system_, a);
    beacon_desk_ = system_->spawn<caf::detached>(make_beacon_desk, a, beacon_pool_);
    beacons_ = std::make_shared<outbox_beacons>(
        outbox_, std::move(keys), writer_, beacon_pool_, beacon_counts_,
        // The actors' clock: what one accepts, the other must not find late.
        [wall, steady] {
          return wall +
                 std::chrono::duration_cast<duration>(std::chrono::steady_clock::now() - steady);
        },
        analytics_->counters(), analytics_->log());
  }
  template <class Message>
  void send(channel_view& c, Message m) {
    const auto it = actors_.find(&c);
    if (it == actors_.end())
      return m.done(error{errc::unavailable, c.settings.path(), "the node is shutting down"});
    caf::anon_send(it->second, std::move(m));
  }
  template <class Desk, class Message>
  void send_to(const Desk& desk, Message m) {
    if (!desk) return m.done(error{errc::unavailable, "the node", "is shutting down"});
    caf::anon_send(desk, std::move(m));
  }

  node_system_options options_;
  std::shared_ptr<storage::environment> env_;
  std::shared_ptr<host_guard> ad_fetcher_;
  std::shared_ptr<media_store> media_;
  std::shared_ptr<exposure_book> exposures_;
  std::shared_ptr<debug_book> debugging_ = std::make_shared<debug_book>();
  std::shared_ptr<tracked_ads> tracked_;
  std::shared_ptr<const storage::outbox> outbox_;
  std::shared_ptr<analytics_office> analytics_;
  std::shared_ptr<beacon_counters> beacon_counts_ = std::make_shared<beacon_counters>();
  std::shared_ptr<creative_counters> creative_counts_ = std::make_shared<creative_counters>();
  std::shared_ptr<storage_counters> write_counts_ = std::make_shared<storage_counters>();
  std::shared_ptr<outbox_beacons> beacons_;
  system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  storage_writer_actor writer_;
  exposure_sweeper sweeper_;
  beacon_shard_actor beacon_pool_;
  beacon_desk_actor beacon_desk_;
  creative_desk creatives_;
  std::vector<decision_actor> decisions_;
  std::shared_ptr<decision_cache> cache_;
  std::vector<std::shared_ptr<channel_view>> channels_;
  std::unordered_map<std::string, channel_view*, text_hash, std::equal_to<>> by_path_;
  std::unordered_map<const channel_view*, channel_actor> actors_;
};

}  // namespace

result<std::unique_ptr<node_system>> node_system::start(node_system_options options) {
  auto env = storage::environment::open({options.data + "/store"});
  if (!env) return env.error();
  auto tables = creative_tables::open(*env);
  if (!tables) return tables.error();
  auto timelines = storage::record_table::open(*env, "timelines");
  if (!timelines) return timelines.error();
  auto decisions = storage::cache_table::open(*env, "decisions", options.decisions.cache_bytes);
  if (!decisions) return decisions.error();
  duration longest{0};
  for (const auto& c : options.channels) longest = std::max(longest, c.pods.frequency.longest());
  auto exposures = exposure_book::open(*env, {longest});
  if (!exposures) return exposures.error();
  auto tracked = storage::cache_table::open(*env, "tracked_ads", options.beacons.tracked_bytes);
  if (!tracked) return tracked.error();
  auto outbox = storage::outbox::open(*env, options.beacons.outbox);
  if (!outbox) return outbox.error();
  auto keys = storage::key_memory::open(*env, "beacon_keys");
  if (!keys) return keys.error();
  auto analytics = analytics_office::open(*env, options.analytics, [] {
    return std::chrono::floor<duration>(std::chrono::system_clock::now());
  });
  if (!analytics) return analytics.error();
  options.creatives.root = options.data + "/creatives";
  for (const auto& c : options.channels)
    for (const auto& s : c.ad_servers) options.ad_requests.counted.push_back(s.url);
  return std::unique_ptr<node_system>{std::make_unique<running_system>(
      std::move(options), *env, *std::move(tables),
      std::make_shared<storage::record_table>(*std::move(timelines)),
      std::make_shared<storage::cache_table>(*std::move(decisions)), *std::move(exposures),
      std::make_shared<tracked_ads>(std::make_shared<storage::cache_table>(*std::move(tracked))),
      std::make_shared<const storage::outbox>(*std::move(outbox)), *std::move(keys),
      *std::move(analytics))};
}

}  // namespace interlude
