// interlude-swarm: simulated players that judge everything they are served.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/program_options.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/swarm/player.hpp"
#include "net/descriptor_limit.hpp"

namespace {

namespace asio = boost::asio;
namespace po = boost::program_options;
using namespace interlude;

constexpr const char* usage =
    R"(interlude-swarm: simulated players that judge everything they are served.

  interlude-swarm --target http://127.0.0.1:8080/v1/demo/ts --players 50 --duration 120 --report swarm.json

Exits with 1 if an invariant of the playlists was violated; see bench/README.md.

)";

struct settings {
  std::vector<std::string> targets;
  unsigned players = 20;
  double ramp = 10, length = 60, stay = 0;
  std::uint64_t seed = 1;
  std::string report, violations, ad_log;
  swarm::habits habits;
};

po::options_description describe(settings& s) {
  po::options_description known{"Options"};
  auto add = known.add_options();
  add("help", "this text");
  add("target", po::value(&s.targets)->composing(),
      "http://host:port/v1/<org>/<channel>; may be given several times");
  add("players", po::value(&s.players)->default_value(20), "spread over the targets in turn");
  add("ramp", po::value(&s.ramp)->default_value(10), "seconds within which they come");
  add("duration", po::value(&s.length)->default_value(60), "seconds");
  add("guided", po::value(&s.habits.guided)->default_value(0.25), "share of sessions, 0 to 1");
  add("all-renditions", po::value(&s.habits.all_renditions)->default_value(0.2),
      "share of sessions that follow every rendition at once");
  add("ads", po::value(&s.habits.ads)->default_value(1),
      "share of the ads' segments that are fetched");
  add("content", po::value(&s.habits.content)->default_value(0),
      "share of the origin's segments that are fetched");
  add("churn", po::value(&s.stay)->default_value(0),
      "seconds after which a player leaves, on average; 0: never");
  add("seed", po::value(&s.seed)->default_value(1), "of all that is left to chance");
  add("report", po::value(&s.report), "file for the report (JSON)");
  add("ad-log", po::value(&s.ad_log),
      "file with a line for each ad segment that a player got: milliseconds since 1970, URL");
  add("violations-dir", po::value(&s.violations), "folder for violations, a file each");
  return known;
}

std::string check(const settings& s) {
  if (s.targets.empty()) return "--target is missing";
  for (const auto& t : s.targets)
    if (!t.starts_with("http://") || t.ends_with('/')) return t + ": is no URL of a channel";
  for (const auto share :
       {s.habits.guided, s.habits.all_renditions, s.habits.ads, s.habits.content})
    if (share < 0 || share > 1) return "shares are from 0 to 1";
  if (s.ramp < 0 || s.length <= 0 || s.stay < 0) return "times must not be negative";
  return {};
}

void keep_violation(const std::string& folder, unsigned number, const std::string& text) {
  if (folder.empty()) {
    std::cerr << text << std::endl;
    return;
  }
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  std::ofstream{folder + '/' + std::to_string(number) + ".txt"} << text;
}

int run(settings s) {
  net::raise_descriptor_limit();
  s.habits.ramp = from_seconds(s.ramp);
  s.habits.stay = from_seconds(s.stay);
  unsigned violations = 0;
  swarm::swarm_desk desk{
      [] { return std::chrono::floor<duration>(std::chrono::system_clock::now()); },
      [&](const std::string& text) { keep_violation(s.violations, ++violations, text); }};
  std::ofstream ad_log;
  if (!s.ad_log.empty()) {
    ad_log.open(s.ad_log);
    if (!ad_log) return std::cerr << s.ad_log << ": cannot be written\n", 2;
    desk.tell_of_ads([&](instant at, const std::string& url) {
      ad_log << std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count() << ' '
             << url << '\n';
    });
  }
  asio::io_context io{1};  // outlives the players' connections
  std::vector<std::unique_ptr<swarm::player>> players;
  for (unsigned i = 0; i < s.players; ++i) {
    players.push_back(
        std::make_unique<swarm::player>(io.get_executor(), desk, s.targets[i % s.targets.size()], i,
                                        swarm::player_model{s.habits, s.seed * 1'000'003 + i}));
    asio::co_spawn(io, players.back()->live(), asio::detached);
  }
  asio::steady_timer end{io, from_seconds(s.length)};
  end.async_wait([&](auto) { io.stop(); });
  asio::signal_set signals{io, SIGINT, SIGTERM};
  signals.async_wait([&](auto, auto) { io.stop(); });
  io.run();
  std::cout << desk.report.summary(desk.now());
  if (!s.report.empty() && !(std::ofstream{s.report} << desk.report.json(desk.now()) << '\n'))
    return std::cerr << s.report << ": cannot be written\n", 2;
  return desk.report.violations() == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  settings s;
  const auto known = describe(s);
  if (const auto status = read_options(argc, argv, known, usage)) return *status;
  if (const auto wrong = check(s); !wrong.empty()) return std::cerr << wrong << '\n', 2;
  return run(std::move(s));
}
