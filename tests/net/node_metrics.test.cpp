// What /metrics tells Prometheus of a node.
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

// Samples by name and labels, as they are written: "name{label=\"value\"}".
std::map<std::string, double> samples_in(const std::string& text) {
  std::map<std::string, double> out;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) continue;
    const auto space = line.rfind(' ');
    const auto name = line.substr(0, space);
    BOOST_TEST(!out.contains(name), "twice: " << name);
    out[name] = std::stod(line.substr(space + 1));
  }
  return out;
}

// Has what the parts of a whole node have.
struct observed_node : staged_node {
  observed_node() {
    context.system = {beacons, outbox, creatives, guard, writes, env};
    serve();
    context.server = &server->counters();
  }
  std::map<std::string, double> metrics() { return samples_in(get("/metrics").body); }

  test::scratch_folder store;
  std::shared_ptr<storage::environment> env = *storage::environment::open({store.path()});
  std::shared_ptr<beacon_counters> beacons = std::make_shared<beacon_counters>();
  std::shared_ptr<const storage::outbox> outbox =
      std::make_shared<const storage::outbox>(*storage::outbox::open(env, {100, 10}));
  std::shared_ptr<creative_counters> creatives = std::make_shared<creative_counters>();
  std::shared_ptr<storage_counters> writes = std::make_shared<storage_counters>();
  std::shared_ptr<host_guard> guard = host_guard::make(std::make_shared<silent_fetcher>(), [] {
    host_guard_options o;
    o.counted = {"http://ads.test/vast"};
    return o;
  }());
};

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics_of_a_node)

BOOST_AUTO_TEST_CASE(answers_are_counted_by_route_and_status) {
  observed_node node;
  const auto folder = node.new_session("ssai");
  node.get(folder + "v0.m3u8");
  node.get(folder + "v0.m3u8");
  node.get(folder + "v9.m3u8");
  node.get("/v1/tv/two/master.m3u8");
  node.get("/nowhere/at/all");
  node.post("/v1/tv/one/ingest", "no stream", "Authorization: Bearer operator\r\n");
  const auto m = node.metrics();
  const auto requests = [&](const char* labels) {
    return m.at("interlude_http_requests_total{" + std::string{labels} + "}");
  };
  BOOST_TEST(requests("route=\"media_playlist\",status=\"2xx\"") == 2);
  BOOST_TEST(requests("route=\"media_playlist\",status=\"4xx\"") == 1);
  BOOST_TEST(requests("route=\"master\",status=\"2xx\"") == 1);
  BOOST_TEST(requests("route=\"master\",status=\"4xx\"") == 1);
  BOOST_TEST(requests("route=\"page\",status=\"4xx\"") == 1);
  BOOST_TEST(requests("route=\"ingest\",status=\"4xx\"") == 1);
  BOOST_TEST(requests("route=\"ad_segment\",status=\"2xx\"") == 0);
  BOOST_TEST(m.at("interlude_sessions_started_total{channel=\"tv/one\"}") == 1);
  BOOST_TEST(m.at("interlude_playlist_duration_seconds_count{waited=\"no\"}") == 3);
  BOOST_TEST(m.at("interlude_playlist_duration_seconds_bucket{waited=\"no\",le=\"+Inf\"}") == 3);
  BOOST_TEST(m.at("interlude_http_connections") >= 1);  // others may not have been seen to go
  BOOST_TEST(m.at("interlude_http_connections_accepted_total") == 8);
  // The answer that tells of them is the next one's.
  BOOST_TEST(requests("route=\"metrics\",status=\"2xx\"") == 0);
  BOOST_TEST(node.metrics().at("interlude_http_requests_total{route=\"metrics\",status=\"2xx\"}") ==
             1);
}

BOOST_AUTO_TEST_CASE(a_playlist_that_waits_for_its_channel_is_timed_apart) {
  observed_node node;
  const auto folder = node.new_session("ssai");
  node.publish_break(std::chrono::steady_clock::now() - 5s, false);
  node.get(folder + "v0.m3u8");
  const auto m = node.metrics();
  BOOST_TEST(m.at("interlude_playlist_duration_seconds_count{waited=\"no\"}") == 0);
  BOOST_TEST(m.at("interlude_playlist_duration_seconds_count{waited=\"yes\"}") == 1);
  BOOST_TEST(m.at("interlude_http_requests_total{route=\"media_playlist\",status=\"2xx\"}") == 1);
}

BOOST_AUTO_TEST_CASE(durations_are_in_seconds_and_buckets_add_up) {
  observed_node node;
  node.writes->commits.add(3ms);
  node.writes->commits.add(4ms);
  node.writes->commits.add(200s);
  const auto m = node.metrics();
  const auto bucket = [&](const char* le) {
    return m.at("interlude_store_commit_duration_seconds_bucket{le=\"" + std::string{le} + "\"}");
  };
  BOOST_TEST(bucket("0.0001") == 0);
  BOOST_TEST(bucket("0.0025") == 0);
  BOOST_TEST(bucket("0.005") == 2);
  BOOST_TEST(bucket("120") == 2);
  BOOST_TEST(bucket("+Inf") == 3);
  BOOST_TEST(m.at("interlude_store_commit_duration_seconds_count") == 3);
  BOOST_TEST(m.at("interlude_store_commit_duration_seconds_sum") == 200.007);
}

BOOST_AUTO_TEST_CASE(tracking_is_told_of_as_it_is_counted_and_as_it_is_on_disk) {
  observed_node node;
  node.beacons->accepted = 5;
  node.beacons->refused = 4;
  node.beacons->hosts_left_alone = 1;
  BOOST_TEST(node.metrics().at("interlude_beacon_oldest_due_age_seconds") == 0);
  node.beacons->due.note(0, node.context.now() - 100s);
  node.beacons->due.note(1, std::nullopt);
  node.beacons->due.note(2, node.context.now() + 1h);
  BOOST_REQUIRE(node.env->write([&](storage::transaction& t) {
    node.outbox->put(t, 1, node.context.now(), "one");
    node.outbox->bury(t, *node.outbox->put(t, 1, node.context.now(), "two"), {}, "two");
  }));
  const auto m = node.metrics();
  BOOST_TEST(m.at("interlude_beacons_accepted_total") == 5);
  BOOST_TEST(m.at("interlude_beacons_refused_total") == 4);
  BOOST_TEST(m.at("interlude_beacon_hosts_left_alone") == 1);
  BOOST_TEST(m.at("interlude_outbox_entries") == 1);
  BOOST_TEST(m.at("interlude_outbox_dead_letters") == 1);
  BOOST_TEST(m.at("interlude_outbox_capacity_entries") == 100);
  BOOST_TEST(m.at("interlude_beacon_oldest_due_age_seconds") >= 100);
  BOOST_TEST(m.at("interlude_beacon_oldest_due_age_seconds") < 200);
}

BOOST_AUTO_TEST_CASE(a_channel_is_polled_until_it_is_known_and_while_somebody_watches) {
  observed_node node;
  auto& counters = node.gateway.channel().counters;
  counters.origin_good_at = std::chrono::steady_clock::now() - 20s;
  counters.planned_milliseconds[0] = 7'500;
  counters.plans[2] = 3;
  const auto polled = [&] {
    return node.metrics().at("interlude_origin_polled{channel=\"tv/one\"}");
  };
  BOOST_TEST(polled() == 1);
  node.publish_break(std::chrono::steady_clock::now(), false);
  BOOST_TEST(polled() == 0);
  node.gateway.channel().publish(std::make_shared<published_channel>());
  BOOST_TEST(polled() == 1);
  const auto m = node.metrics();
  BOOST_TEST(m.at("interlude_origin_last_good_read_age_seconds{channel=\"tv/one\"}") >= 20);
  BOOST_TEST(m.at("interlude_plans_total{channel=\"tv/one\",tier=\"house\"}") == 3);
  BOOST_TEST(m.at("interlude_planned_seconds_total{channel=\"tv/one\",fill=\"ads\"}") == 7.5);
}

BOOST_AUTO_TEST_CASE(ad_servers_have_a_line_each_and_what_wrappers_name_has_one) {
  observed_node node;
  for (const auto* url : {"http://ads.test/1", "http://one.test/", "http://two.test/"}) {
    fetch_request r;
    r.url = url;
    node.guard->fetch(std::move(r), [](const auto&) {});
  }
  const auto m = node.metrics();
  BOOST_TEST(m.at("interlude_ad_server_requests_total{host=\"ads.test\"}") == 1);
  BOOST_TEST(m.at("interlude_ad_server_errors_total{host=\"ads.test\"}") == 1);
  BOOST_TEST(m.at("interlude_ad_server_requests_total{host=\"other\"}") == 2);
  BOOST_TEST(!m.contains("interlude_ad_server_requests_total{host=\"one.test\"}"));
}

BOOST_AUTO_TEST_CASE(the_process_is_told_of) {
  observed_node node;
  const auto m = node.metrics();
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  BOOST_TEST(m.at("process_start_time_seconds") > now - 3600);
  BOOST_TEST(m.at("process_start_time_seconds") <= now + 1);
  BOOST_TEST(m.at("process_resident_memory_bytes") > 1e6);
  BOOST_TEST(m.at("process_open_fds") > 3);
  BOOST_TEST(m.at("process_max_fds") > m.at("process_open_fds"));
  BOOST_TEST(m.at("interlude_ready") == 1);
  BOOST_TEST(m.at("interlude_build_info{version=\"" INTERLUDE_VERSION "\"}") == 1);
}

// docs/operations/README.md has a line for each, and for no other.
BOOST_AUTO_TEST_CASE(each_metric_is_documented) {
  observed_node node;
  std::set<std::string> told, documented;
  std::istringstream lines{node.get("/metrics").body};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("# TYPE ")) told.insert(line.substr(7, line.rfind(' ') - 7));
  std::ifstream table{INTERLUDE_SOURCE_DIR "/docs/operations/README.md"};
  for (std::string line; std::getline(table, line);)
    if (line.starts_with("| `interlude_") || line.starts_with("| `process_"))
      documented.insert(line.substr(3, line.find('`', 3) - 3));
  BOOST_TEST(told == documented, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_analytics_have_no_room_for_is_counted) {
  observed_node node;
  const auto gathered = std::make_shared<gathered_counts>(0);
  node.context.system.gathered = gathered;
  gathered->add({{}, {}});
  BOOST_TEST(node.metrics().at("interlude_analytics_lost_total") == 2);
}

BOOST_AUTO_TEST_CASE(what_a_node_is_made_without_is_left_out) {
  staged_node node;
  node.serve();
  const auto text = node.get("/metrics");
  BOOST_TEST(text.status() == 200);
  BOOST_TEST(text.has("Cache-Control: no-store\r\n"));
  BOOST_TEST(text.body.find("interlude_http_requests_total") != std::string::npos);
  BOOST_TEST(text.body.find("interlude_outbox") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
