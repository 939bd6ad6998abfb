// interlude-beacon-load: hands tracking requests to the beacon actors of a node that does nothing
// else, and prints each second, as a line of JSON, what has become of them. For bench/beacons.py.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/json.hpp>
#include <boost/program_options.hpp>
#include <chrono>
#include <iostream>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "actors/node_system.hpp"
#include "apps/command_line.hpp"
#include "net/http_client.hpp"

namespace {

namespace json = boost::json;
namespace po = boost::program_options;
using namespace interlude;
using namespace std::chrono_literals;

constexpr const char* usage =
    R"(interlude-beacon-load: tracking requests for the beacon actors of a node.

  interlude-beacon-load --data folder --load http://127.0.0.1:8082/pixel?a=1=100000=0

A load is "URL=events=events per second"; 0: as fast as they are kept.

)";

struct load {
  std::string url;
  std::uint64_t events = 0, rate = 0;
  std::atomic<std::uint64_t> accepted{0}, refused{0};
};

struct settings {
  std::string data;
  std::vector<std::string> loads;
  std::size_t threads = 1, concurrent = 256;
  double timeout = 5, seconds = 3600;
  bool stays = false;
};

po::options_description describe(settings& s) {
  po::options_description known{"Options"};
  auto add = known.add_options();
  add("help", "this text");
  add("data", po::value(&s.data)->required(), "folder of the store");
  add("load", po::value(&s.loads)->composing(), "may be given several times");
  add("threads", po::value(&s.threads)->default_value(s.threads), "of the actors");
  add("concurrent", po::value(&s.concurrent)->default_value(s.concurrent), "requests to a host");
  add("timeout", po::value(&s.timeout)->default_value(s.timeout), "seconds, of a request");
  add("seconds", po::value(&s.seconds)->default_value(s.seconds), "the longest that this takes");
  add("stay", po::bool_switch(&s.stays), "goes on when everything has arrived");
  return known;
}

bool read_load(const std::string& text, load& out) {
  const auto last = text.rfind('=');
  if (last == std::string::npos || last == 0) return false;
  const auto first = text.rfind('=', last - 1);
  if (first == std::string::npos) return false;
  out.url = text.substr(0, first);
  try {
    out.events = std::stoull(text.substr(first + 1, last - first - 1));
    out.rate = std::stoull(text.substr(last + 1));
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

std::int64_t milliseconds_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())
      .time_since_epoch()
      .count();
}

// As a viewer's are.
beacon_event event_of(const load& l, std::size_t number, std::uint64_t i) {
  const auto id = std::to_string(number) + '.' + std::to_string(i);
  beacon b;
  b.url = l.url + "&i=" + id + "&at=" + std::to_string(milliseconds_now());
  b.headers = {{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"},
               {"X-Device-User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"},
               {"X-Forwarded-For", "203.0.113.9"},
               {"X-Device-IP", "203.0.113.9"}};
  b.channel = "bench/beacons";
  b.event = "start";
  b.ad = "ad";
  b.break_id = "b1";
  b.session = id;
  beacon_event e;
  e.key = id;
  e.beacons.push_back(std::move(b));
  return e;
}

// A few events at a time, as an ad segment makes due; so many questions at a time.
void offer(beacon_sink& sink, load& l, std::size_t number, const std::atomic<bool>& ends) {
  constexpr std::uint64_t together = 2;
  std::counting_semaphore<> places{256};
  const auto begun = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < l.events && !ends;) {
    if (l.rate > 0)
      std::this_thread::sleep_until(begun + i * std::chrono::nanoseconds{1s} /
                                                static_cast<std::int64_t>(l.rate));
    std::vector<beacon_event> some;
    for (std::uint64_t k = 0; k < together && i < l.events; ++k, ++i)
      some.push_back(event_of(l, number, i));
    places.acquire();
    const auto count = some.size();
    sink.accept(std::move(some), [&, count](const acceptance& a) {
      (a.kept ? l.accepted : l.refused) += count;
      places.release();
    });
  }
  for (int k = 0; k < 256; ++k) places.acquire();
}

json::object report(const node_system& node, const std::vector<std::unique_ptr<load>>& loads) {
  const auto& n = node.beacon_counts();
  json::array accepted;
  std::uint64_t refused = 0;
  for (const auto& l : loads) {
    accepted.push_back(l->accepted.load());
    refused += l->refused;
  }
  return {{"at", milliseconds_now()},
          {"accepted", std::move(accepted)},
          {"refused", refused},
          {"delivered", n.delivered.load()},
          {"retries", n.retries.load()},
          {"dead", n.dead.load()},
          {"waiting", node.outbox().size().value()},
          {"under_way", n.under_way.load()}};
}

int run(const settings& s, const std::vector<std::unique_ptr<load>>& loads) {
  net::client_options client;
  client.strangers_may_be_private = true;
  client.max_connections_per_host = s.concurrent;
  const auto fetcher = net::http_client::start(client);
  node_system_options options;
  options.data = s.data;
  options.threads = s.threads;
  options.fetcher = fetcher;
  options.beacons.limits.max_concurrent = s.concurrent;
  options.beacons.timeout = std::chrono::floor<std::chrono::milliseconds>(from_seconds(s.timeout));
  auto node = node_system::start(std::move(options));
  if (!node) return std::cerr << node.error().message() << '\n', 1;
  std::atomic<bool> ends{false};
  std::atomic<std::size_t> offering{loads.size()};
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < loads.size(); ++i)
    threads.emplace_back([&, i] {
      offer(*(*node)->beacons(), *loads[i], i, ends);
      --offering;
    });
  const auto begun = std::chrono::steady_clock::now();
  const auto end = begun + from_seconds(s.seconds);
  for (auto next = begun; std::chrono::steady_clock::now() < end;) {
    const bool empty = offering == 0 && (*node)->outbox().size().value() == 0;
    const bool ends_now = empty && !s.stays;
    if (ends_now || std::chrono::steady_clock::now() >= next) {
      std::cout << json::serialize(report(**node, loads)) << std::endl;
      next += 200ms;
    }
    if (ends_now) break;
    std::this_thread::sleep_for(10ms);
  }
  ends = true;
  threads.clear();
  (*node)->finish_beacons(1s);
  fetcher->stop();
  (*node)->stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("beacon-load"));
  settings s;
  const auto known = describe(s);
  if (const auto status = read_options(argc, argv, known, usage)) return *status;
  std::vector<std::unique_ptr<load>> loads;
  for (const auto& text : s.loads) {
    loads.push_back(std::make_unique<load>());
    if (!read_load(text, *loads.back()))
      return std::cerr << text << ": URL=events=events per second is expected\n", 2;
  }
  return run(s, loads);
}
