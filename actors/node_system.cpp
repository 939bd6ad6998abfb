#include "actors/node_system.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <caf/all.hpp>
#include <future>
#include <random>
#include <thread>
#include <unordered_map>

#include "actors/channel.hpp"
#include "actors/decision/decision.hpp"
#include "actors/simple_beacons.hpp"
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
                 std::shared_ptr<storage::record_table> catalogue,
                 const std::shared_ptr<storage::record_table>& timelines)
      : options_(std::move(options)),
        env_(std::move(env)),
        ad_fetcher_(host_guard::make(options_.fetcher, options_.ad_requests)),
        media_(options_.creatives.root),
        config_(core_count(options_.threads)),
        system_(std::make_unique<caf::actor_system>(config_)) {
    writer_ = spawn_storage_writer(*system_, env_);
    creatives_ = system_->spawn(creatives, options_.creatives, options_.fetcher,
                                std::move(catalogue), writer_);
    const auto steady = std::chrono::steady_clock::now();
    const auto wall = std::chrono::floor<duration>(std::chrono::system_clock::now());
    const auto beacons = std::make_shared<simple_beacons>(options_.fetcher);
    for (std::size_t i = 0; i < core_count(options_.threads); ++i)
      decisions_.push_back(system_->spawn(
          decision,
          decision_arguments{ad_fetcher_, beacons, wall, steady, std::random_device{}()}));
    for (auto& settings : options_.channels) {
      auto view = std::make_shared<channel_view>(std::move(settings));
      channels_.push_back(view);
      by_path_.emplace(view->settings.path(), view.get());
      actors_.emplace(
          view.get(),
          system_->spawn(channel, channel_arguments{view, options_.fetcher, creatives_, decisions_,
                                                    writer_, timelines, wall, steady}));
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
  void send_signals(channel_view& c, std::vector<scte35::signal> signals,
                    std::function<void(result<ingest_outcome>)> done) override {
    send(c, signals_heard{std::move(signals), std::move(done)});
  }

  result<std::string> session_secret() override;
  media_store& media() override { return media_; }
  host_guard_counters ad_requests() const override { return ad_fetcher_->counters(); }

  bool ready() const override {
    return std::all_of(channels_.begin(), channels_.end(),
                       [](const auto& c) { return c->load() != nullptr; });
  }

  void stop() override {
    if (!system_) return;
    for (auto& [view, actor] : actors_) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    actors_.clear();
    for (auto& d : decisions_) caf::anon_send_exit(d, caf::exit_reason::user_shutdown);
    decisions_.clear();
    caf::anon_send_exit(creatives_, caf::exit_reason::user_shutdown);
    creatives_ = nullptr;
    caf::anon_send_exit(writer_, caf::exit_reason::user_shutdown);
    writer_ = nullptr;
    system_.reset();  // waits for all of them
  }

 private:
  template <class Message>
  void send(channel_view& c, Message m) {
    const auto it = actors_.find(&c);
    if (it == actors_.end())
      return m.done(error{errc::unavailable, c.settings.path(), "the node is shutting down"});
    caf::anon_send(it->second, std::move(m));
  }

  node_system_options options_;
  std::shared_ptr<storage::environment> env_;
  std::shared_ptr<host_guard> ad_fetcher_;
  media_store media_;
  system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  storage_writer_actor writer_;
  creative_actor creatives_;
  std::vector<decision_actor> decisions_;
  std::vector<std::shared_ptr<channel_view>> channels_;
  std::unordered_map<std::string, channel_view*, text_hash, std::equal_to<>> by_path_;
  std::unordered_map<const channel_view*, channel_actor> actors_;
};

// Before the writer is busy with anything else, so a plain write will do.
result<std::string> running_system::session_secret() {
  auto table = env_->table("secrets");
  if (!table) return table.error();
  std::string secret(32, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()), static_cast<int>(secret.size()));
  auto done = env_->write([&](storage::transaction& t) {
    if (const auto kept = t.get(*table, "session"))
      secret = std::string{*kept};
    else
      t.put(*table, "session", secret);
  });
  if (!done) return done.error();
  return secret;
}

}  // namespace

result<std::unique_ptr<node_system>> node_system::start(node_system_options options) {
  auto env = storage::environment::open({options.data + "/store"});
  if (!env) return env.error();
  auto catalogue = storage::record_table::open(*env, "catalogue");
  if (!catalogue) return catalogue.error();
  auto timelines = storage::record_table::open(*env, "timelines");
  if (!timelines) return timelines.error();
  options.creatives.root = options.data + "/creatives";
  return std::unique_ptr<node_system>{std::make_unique<running_system>(
      std::move(options), *env, std::make_shared<storage::record_table>(*std::move(catalogue)),
      std::make_shared<storage::record_table>(*std::move(timelines)))};
}

}  // namespace interlude
