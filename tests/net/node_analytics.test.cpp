// What ads came to, as an operator asks the node: exact, whatever was fetched again, and over a
// restart.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "actors/node_system.hpp"
#include "net/analytics_table.hpp"
#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

const std::string token = "Authorization: Bearer node operator\r\n";

// Its ads are the operator's own; what happens is kept by the actors of a node that has no
// channels.
struct counted_node : staged_node {
  counted_node() { begin(); }
  ~counted_node() {
    server.reset();
    system->stop();
  }
  void begin() {
    node_system_options o;
    o.data = store.path();
    o.fetcher = std::make_shared<silent_fetcher>();
    o.threads = 1;
    auto started = node_system::start(std::move(o));
    BOOST_REQUIRE_MESSAGE(started, (started ? "" : started.error().message()));
    system = *std::move(started);
    context.reports = std::make_shared<ad_reports>(system->beacons(), system->tracked());
    context.analytics = &system->analytics();
    context.now = [this] { return now; };
    serve();
  }
  void restart() {
    server.reset();
    system->stop();
    context.reports.reset();
    system.reset();
    begin();
  }
  // Fetches the first segments of the session's first ad.
  void watch(const std::string& session, std::size_t segments) {
    std::istringstream lines{get(session + "v0.m3u8").body};
    for (std::string line; segments > 0 && std::getline(lines, line);) {
      if (!line.starts_with("ad/") || line.find("/c/red/") == line.npos) continue;
      const auto file = folder.path() + line.substr(line.find("/c/") + 2);
      std::filesystem::create_directories(std::filesystem::path{file}.parent_path());
      std::ofstream{file} << "media";
      BOOST_TEST(get(session + line).status() == 200);
      --segments;
    }
    BOOST_TEST(segments == 0u);
  }
  raw_response ask(const std::string& query, const std::string& lines = token) {
    return get("/v1/tv/analytics" + query, lines);
  }
  boost::json::array rows(const std::string& query) {
    const auto r = ask(query);
    BOOST_REQUIRE_MESSAGE(r.status() == 200, r.body);
    return boost::json::parse(r.body).at("rows").as_array();
  }
  int count(const std::string& what) {
    const auto all = rows("");
    return all.empty() ? 0 : all.at(0).at(what).to_number<int>();
  }

  test::scratch_folder store;
  std::unique_ptr<node_system> system;
  // The hour that has begun is in the usual question, and so is the next.
  instant now = std::chrono::floor<duration>(std::chrono::system_clock::now()) + 1h;
};

analytics_report two_rows() {
  analytics_row a;
  a.of = {"a, \"the\" first", "one"};
  a.events = {4, 4, 3, 2, 2, 1};
  a.shown = 12'500ms;
  analytics_row b;
  b.of = {"=HYPERLINK()", "two"};
  b.events = {1, 0, 0, 0, 0, 0};
  return {{a, b}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(analytics_of_a_node)

BOOST_AUTO_TEST_CASE(ads_are_counted_once_also_over_a_restart) {
  counted_node node;
  const auto session = node.new_session("ssai");
  BOOST_TEST(node.rows("").empty());
  node.watch(session, 1);
  node.watch(session, 2);
  BOOST_TEST(node.count("impressions") == 1);
  BOOST_TEST(node.count("thirdQuartiles") == 1);
  BOOST_TEST(node.count("completes") == 0);
  node.restart();
  node.watch(session, 3);
  BOOST_TEST(node.count("impressions") == 1);
  BOOST_TEST(node.count("completes") == 1);
  node.watch(node.new_session("ssai"), 1);
  BOOST_TEST(node.count("impressions") == 2);
  const auto all = node.rows("?by=ad,creative,tier,tracking,channel");
  BOOST_REQUIRE(all.size() == 1u);
  BOOST_TEST(all[0].at("ad").as_string() == "red");
  BOOST_TEST(all[0].at("creative").as_string() == "red");
  BOOST_TEST(all[0].at("tier").as_string() == "house");
  BOOST_TEST(all[0].at("tracking").as_string() == "server");
  BOOST_TEST(all[0].at("channel").as_string() == "one");
  BOOST_TEST(all[0].at("starts").to_number<int>() == 2);
  BOOST_TEST(all[0].at("completionRate").to_number<double>() == 0.5);
  BOOST_TEST(all[0].at("seconds").to_number<double>() == 12.5);
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_is_in_the_answer) {
  counted_node node;
  node.now = *parse_iso8601("2026-11-24T17:20:00Z");
  node.watch(node.new_session("ssai"), 1);
  const auto usual = node.ask("");
  BOOST_TEST(usual.has("application/json"));
  BOOST_TEST(usual.has("Cache-Control: no-store"));
  const auto body = boost::json::parse(usual.body);
  BOOST_TEST(body.at("org").as_string() == "tv");
  BOOST_TEST(body.at("from").as_string() == "2026-11-23T18:00:00.000Z");
  BOOST_TEST(body.at("to").as_string() == "2026-11-24T18:00:00.000Z");
  const auto other = boost::json::parse(
      node.ask("?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&by=event&channel=one").body);
  BOOST_TEST(other.at("channel").as_string() == "one");
  BOOST_TEST(other.at("by").as_array().at(0).as_string() == "event");
  BOOST_TEST(other.at("rows").as_array().empty());
}

BOOST_AUTO_TEST_CASE(they_can_be_had_as_csv) {
  counted_node node;
  node.watch(node.new_session("ssai"), 1);
  const std::string expected = "event,count\r\nfirstQuartile,1\r\nimpression,1\r\nstart,1\r\n";
  const auto r = node.ask("?by=event&format=csv");
  BOOST_TEST(r.body == expected);
  BOOST_TEST(r.has("text/csv"));
  BOOST_TEST(node.ask("?by=event", token + "Accept: text/csv\r\n").body == expected);
  BOOST_TEST(node.ask("?by=event&format=json", token + "Accept: text/csv\r\n").has("json"));
}

BOOST_AUTO_TEST_CASE(cells_are_quoted_and_no_formulas) {
  BOOST_TEST(rows_csv(two_rows(), {dimension::ad, dimension::channel}) ==
             "ad,channel,impressions,starts,firstQuartiles,midpoints,thirdQuartiles,completes,"
             "completionRate,seconds\r\n"
             "\"a, \"\"the\"\" first\",one,4,4,3,2,2,1,0.25,12.5\r\n"
             "'=HYPERLINK(),two,1,0,0,0,0,0,,0\r\n");
  const auto rows = rows_json(two_rows(), {dimension::ad, dimension::channel});
  BOOST_TEST(rows.at(1).at("ad").as_string() == "=HYPERLINK()");
  BOOST_TEST(rows.at(1).at("completionRate").is_null());
}

BOOST_AUTO_TEST_CASE(they_are_for_the_operator_or_for_the_channels_own) {
  counted_node node;
  BOOST_TEST(node.ask("", "").status() == 401);
  BOOST_TEST(node.ask("", "Authorization: Bearer operator\r\n").status() == 401);
  const std::string channels_own = "Authorization: Bearer operator\r\n";
  BOOST_TEST(node.ask("?channel=one", channels_own).status() == 200);
  BOOST_TEST(node.ask("?channel=one&x=1", channels_own).status() == 400);
  BOOST_TEST(node.ask("?channel=one&channel=two", channels_own).status() == 400);
  BOOST_TEST(node.ask("?channel=two", channels_own).status() == 401);
  BOOST_TEST(node.ask("?channel=two").status() == 404);
  BOOST_TEST(node.get("/v1/radio/analytics", token).status() == 404);
  BOOST_TEST(node.post("/v1/tv/analytics", "", token).status() == 405);
}

BOOST_AUTO_TEST_CASE(a_question_that_makes_no_sense_is_refused) {
  counted_node node;
  for (const auto* query :
       {"?by=hours", "?by=ad,ad", "?by=event,server", "?from=yesterday",
        "?from=2026-11-24T17:30:00Z", "?from=2026-11-24T17:00:00Z&to=2026-11-24T17:00:00Z",
        "?format=xml", "?channel=", "?from=2024-11-24T17:00:00Z&to=2026-11-24T17:00:00Z", "?%",
        "?limit=3"}) {
    const auto r = node.ask(query);
    BOOST_TEST(r.status() == 400, query);
    BOOST_TEST(r.body.find("bad-query") != r.body.npos, query);
  }
}

BOOST_AUTO_TEST_SUITE_END()
