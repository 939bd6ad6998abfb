// interlude: the node. Reads its configuration, starts actors, HTTP client and server, waits for a
// signal, stops.
#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "actors/node_system.hpp"
#include "apps/node/beacons_command.hpp"
#include "apps/node/config.hpp"
#include "apps/node/demo.hpp"
#include "apps/node/log_setup.hpp"
#include "apps/node/scte35_command.hpp"
#include "apps/node/vast_command.hpp"
#include "apps/stop_signals.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/routes.hpp"

namespace {

namespace po = boost::program_options;
using namespace interlude;

constexpr auto about =
    "interlude: ad insertion for live HLS\n\n"
    "interlude [options]                  runs the node\n"
    "interlude beacons status|list|...    tracking requests of a running node; --help has more\n"
    "interlude scte35 decode MESSAGE      prints a SCTE-35 message as JSON\n"
    "interlude vast parse FILE            prints a VAST answer as JSON\n\n";

// What the program does without being a node.
using command = int (*)(std::span<const std::string>, std::istream&, std::ostream&, std::ostream&);
constexpr std::array<std::pair<std::string_view, command>, 3> commands{
    {{"beacons", run_beacons_command}, {"scte35", run_scte35_command}, {"vast", run_vast_command}}};

struct command_line {
  std::string config_file, data, listen;
  bool help = false, version = false, reference = false;
};

result<command_line> read_command_line(int argc, char** argv, po::options_description& known) {
  command_line c;
  known.add_options()("help,h", po::bool_switch(&c.help), "this text")(
      "version", po::bool_switch(&c.version), "print the version")(
      "config", po::value(&c.config_file),
      "configuration file (JSON with comments); without one the demo is played")(
      "data", po::value(&c.data), "folder of everything that is kept")(
      "listen", po::value(&c.listen), "address:port")("print-config-reference",
                                                      po::bool_switch(&c.reference),
                                                      "print every setting as a Markdown table");
  try {
    po::variables_map given;
    po::store(po::command_line_parser(argc, argv).options(known).run(), given);
    po::notify(given);
  } catch (const po::error& e) {
    return error{errc::malformed, "command line", e.what()};
  }
  return c;
}

// The player page lies beside the program: <build>/bin/interlude, <build>/share/player.
std::string find_player() {
  std::error_code ec;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ec);
  return ec ? std::string{} : (self.parent_path().parent_path() / "share" / "player").string();
}

instant wall_clock() {
  return std::chrono::floor<duration>(std::chrono::system_clock::now());
}

net::server_options server_options_of(const config& c,
                                      const boost::asio::ip::tcp::endpoint& listen) {
  net::server_options o;
  o.listen = listen;
  o.threads =
      c.threads > 0 ? c.threads : std::max<std::size_t>(1, std::thread::hardware_concurrency());
  o.max_connections = c.http.max_connections;
  o.max_header_bytes = static_cast<std::uint32_t>(c.http.max_header_bytes);
  o.header_timeout = c.http.header_timeout;
  o.idle_timeout = c.http.idle_timeout;
  o.write_timeout = c.http.write_timeout;
  return o;
}

net::client_options client_options_of(const config& c) {
  net::client_options o;
  o.ca_file = c.ca_file;
  o.strangers_may_be_private = c.private_ads;
  return o;
}

// As many connections to one host as ad servers may be asked at a time.
net::client_options ad_client_options_of(const config& c) {
  auto o = client_options_of(c);
  o.max_connections_per_host =
      std::max<std::size_t>(o.max_connections_per_host, c.ad_requests.max_concurrent);
  return o;
}

// Hosts of pixels are many, and some hang: they are nobody else's business.
net::client_options beacon_client_options_of(const config& c) {
  auto o = client_options_of(c);
  o.max_connections_per_host = c.beacons.max_concurrent;
  o.max_waiting = 1'000'000;  // beacon actors bound what they ask for
  return o;
}

// None takes another's connections.
struct http_clients {
  explicit http_clients(const config& c)
      : ads(net::http_client::start(ad_client_options_of(c))),
        content(net::http_client::start(client_options_of(c))),
        pixels(net::http_client::start(beacon_client_options_of(c))) {}

  void stop() {
    for (const auto& client : {ads, content, pixels}) client->stop();
  }

  std::shared_ptr<net::http_client> ads;  // and playlists of origins
  std::shared_ptr<net::http_client> content, pixels;
};

node_system_options system_options_of(config& c, const http_clients& clients) {
  node_system_options o;
  o.data = c.data;
  o.creatives.max_jobs = c.creatives.max_jobs;
  o.creatives.max_queue = c.creatives.max_queue;
  o.creatives.job_timeout = c.creatives.job_timeout;
  o.creatives.max_source_bytes = c.creatives.max_source_bytes;
  o.decisions.cache_bytes = c.decisions.cache_bytes;
  o.decisions.cache_entries = c.decisions.cache_entries;
  o.beacons.outbox = {c.beacons.max_waiting, c.beacons.max_dead};
  o.beacons.limits.max_concurrent = c.beacons.max_concurrent;
  o.beacons.limits.max_per_second = c.beacons.max_per_second;
  o.beacons.limits.breaker_failures = c.beacons.breaker_failures;
  o.beacons.timeout = c.beacons.timeout;
  o.beacons.fetcher = clients.pixels;
  o.analytics = {c.analytics.keep_days,
                 c.analytics.max_counters,
                 {c.events_log.folder, "events", c.events_log.rotate_bytes, c.events_log.keep}};
  o.creatives.loudness = c.creatives.loudness;
  o.creatives.shelf.bytes = c.creatives.disk_budget_bytes;
  o.creatives.setbacks.quarantine_after = static_cast<std::uint32_t>(c.creatives.quarantine_after);
  o.creatives.setbacks.quarantine =
      std::chrono::floor<std::chrono::seconds>(c.creatives.quarantine);
  o.channels = std::move(c.channels);
  o.fetcher = clients.ads;
  o.ad_requests = c.ad_requests;
  o.threads = c.threads;
  return o;
}

void print_urls(const std::string& at, const channel_gateway& gateway, const std::string& more) {
  std::cout << "listening on " << at << '\n';
  for (const auto& c : gateway.channels())
    std::cout << "  " << c->settings.path() << "  " << at << "/v1/" << c->settings.path()
              << "/master.m3u8\n";
  std::cout << "  player    " << at << "/\n" << more << std::flush;
}

// Makes the demo's channels the node's.
result<demo> play_demo(config& c) {
  auto started = start_demo(c.data);
  if (!started) return started.error();
  c.channels = std::move(started->channels);
  c.private_ads = true;  // its ad server is on this machine
  return started;
}

// Null: none is configured.
result<std::shared_ptr<net::geo_database>> open_geo_database(const config& c) {
  if (c.geo_database.empty()) return std::shared_ptr<net::geo_database>{};
  return net::geo_database::open(c.geo_database);
}

net::node_context context_of(const config& c, node_system& system, http_clients& clients,
                             net::content_proxy& content, net::viewer_sources viewers,
                             const std::string& secret) {
  return {.gateway = system,
          .creatives = system,
          .signer = net::session_signer{secret},
          .media = system.media(),
          .fetcher = *clients.ads,
          .content = content,
          .public_url = c.public_url,
          .player_root = c.player_root.empty() ? find_player() : c.player_root,
          .operator_token = c.operator_token,
          .now = wall_clock,
          .steady = std::chrono::steady_clock::now,
          .ready = [&system] { return system.ready(); },
          .counters = {},
          .decision_token = c.decision_token,
          .viewers = std::move(viewers),
          .debugging = system.debugging(),
          .reports = std::make_shared<net::ad_reports>(system.beacons(), system.tracked()),
          .beacons = &system,
          .system = system.counters(),
          .analytics = &system.analytics(),
          .life = std::to_string(wall_clock().time_since_epoch().count())};
}

result<bool> run(config c) {
  stop_signals signals;
  const auto listen = net::parse_endpoint(c.listen);
  if (!listen) return listen.error();
  const bool demonstrate = c.channels.empty();
  auto playing = demonstrate ? play_demo(c) : result<demo>{demo{}};
  if (!playing) return playing.error();
  const auto geo = open_geo_database(c);
  if (!geo) return geo.error();
  std::optional<net::geo_watch> geo_watch;
  if (*geo) geo_watch.emplace(*geo);
  http_clients clients{c};
  net::content_proxy content{*clients.content, {c.proxy.cache_bytes, c.proxy.max_segment_bytes}};
  const auto system = node_system::start(system_options_of(c, clients));
  if (!system) return system.error();
  const auto secret = c.session_secret.empty() ? (*system)->session_secret()
                                               : result<std::string>{c.session_secret};
  if (!secret) return secret.error();
  auto node = context_of(c, **system, clients, content, {c.trusted_proxies, *geo}, *secret);
  const auto server = net::http_server::open(server_options_of(c, *listen),
                                             std::make_shared<net::node_routes>(node));
  if (!server) return server.error();
  node.server = &(*server)->counters();
  (*server)->start();
  print_urls("http://" + net::to_text((*server)->endpoint()), **system,
             demonstrate ? playing->urls() : "");
  spdlog::info("signal {}: finishing what is under way", signals.wait());
  // Requests first, then what answers them; the server itself goes last, since late answers are
  // posted to it.
  (*server)->stop(std::chrono::milliseconds{2000});
  (*system)->finish_beacons(std::chrono::milliseconds{1000});
  clients.stop();
  (*system)->stop();
  playing->stop();
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  // Each arena keeps what its busiest moment took, and there would be eight per core: many threads
  // here live for one job. What is small does not come to them, each thread keeps some of it.
  mallopt(M_ARENA_MAX, 4);
  start_log();
  for (const auto& [name, run_command] : commands)
    if (argc > 1 && argv[1] == name)
      return run_command(std::vector<std::string>(argv + 2, argv + argc), std::cin, std::cout,
                         std::cerr);
  po::options_description known{"Options"};
  const auto given = read_command_line(argc, argv, known);
  if (!given) return std::cerr << given.error().message() << '\n', 2;
  if (given->help) return std::cout << about << known, 0;
  if (given->version) return std::cout << "interlude " INTERLUDE_VERSION "\n", 0;
  if (given->reference) return std::cout << config_reference(), 0;
  auto c = given->config_file.empty() ? result<config>{config{}} : read_config(given->config_file);
  if (!c) return std::cerr << c.error().message() << '\n', 2;
  if (!given->data.empty()) c->data = given->data;
  if (!given->listen.empty()) c->listen = given->listen;
  set_log(c->log_level, c->log_format);
  const auto done = run(*std::move(c));
  if (!done) return std::cerr << done.error().message() << '\n', 1;
  return 0;
}
