// "interlude beacons" against a node's HTTP interface on a socket.
#include "apps/node/beacons_command.hpp"

#include <cstdlib>

#include "apps/node/beacons_text.hpp"
#include "tests/apps/node/command_outcome.hpp"
#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

std::string name_of(int n) {
  return beacon_list::name_of(n);
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct asked_node : staged_node {
  asked_node() {
    ::unsetenv("INTERLUDE_OPERATOR_TOKEN");
    serve();
  }
  std::string url() const { return "http://" + to_text(server->endpoint()); }
  test::command_outcome run(std::vector<std::string> words,
                            const std::string& token = "node operator") {
    words.insert(words.end(), {"--url", url()});
    if (!token.empty()) words.insert(words.end(), {"--token", token});
    return test::run_command(run_beacons_command, words, "");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(beacons_commands)

BOOST_AUTO_TEST_CASE(status_tells_what_waits_and_for_whom) {
  asked_node node;
  auto r = node.run({"status"});
  BOOST_TEST(r.err == "");
  BOOST_TEST(r.status == 0);
  BOOST_TEST(holds(r.out, "waiting    7 of 1000, due for 1.5 s\n"), r.out);
  BOOST_TEST(holds(r.out, "given up   3 of 100\n"), r.out);
  BOOST_TEST(holds(r.out, "accepting  yes\n"), r.out);
  BOOST_TEST(holds(r.out, "  delivered 0\n"), r.out);
  BOOST_TEST(holds(r.out, "  c.test  7, due 1970-01-01T00:01:00.000Z, 3 failed: HTTP 503\n"),
             r.out);
  node.beacons.refusal = "no room";
  BOOST_TEST(holds(node.run({"status"}).out, "accepting  no: no room\n"));
  r = node.run({"status", "--json"});
  BOOST_TEST(boost::json::parse(r.out).at("maxWaiting").to_number<int>() == 1000);
}

BOOST_AUTO_TEST_CASE(list_has_a_line_for_each_and_no_personal_data) {
  asked_node node;
  auto r = node.run({"list"});
  BOOST_TEST(r.status == 0);
  BOOST_TEST(
      holds(r.out, name_of(1) + "  1970-01-01T00:02:00.000Z  tv/one  start  a.test  8  HTTP 503\n"),
      r.out);
  BOOST_TEST(std::count(r.out.begin(), r.out.end(), '\n') == 3);
  BOOST_TEST(!holds(r.out, "who=me"));
  r = node.run({"list", "--channel", "tv/one", "--host", "a.test:81"});
  BOOST_TEST(r.out.substr(0, 32) == name_of(3));
  r = node.run({"list", "--limit", "2"});
  BOOST_TEST(std::count(r.out.begin(), r.out.end(), '\n') == 2);
  BOOST_TEST(holds(r.err, "--after " + name_of(2)), r.err);
  BOOST_TEST(node.run({"list", "--after", name_of(2)}).out.substr(0, 32) == name_of(3));
  r = node.run({"list", "--json", "--limit", "1"});
  const auto whole = boost::json::parse(r.out);
  BOOST_TEST(whole.at("dead").at(0).at("url").as_string() == "http://a.test/1?who=me");
  BOOST_TEST(whole.at("next").as_string() == name_of(1));
}

BOOST_AUTO_TEST_CASE(show_tells_all_that_is_known) {
  asked_node node;
  auto r = node.run({"show", name_of(1)});
  BOOST_TEST(r.status == 0);
  BOOST_TEST(boost::json::parse(r.out).at("url").as_string() == "http://a.test/1?who=me");
  r = node.run({"show", name_of(9), name_of(2)});
  BOOST_TEST(r.status == 1);
  BOOST_TEST(holds(r.err, "HTTP 404"), r.err);
  BOOST_TEST(boost::json::parse(r.out).at("name").as_string() == name_of(2));
}

BOOST_AUTO_TEST_CASE(what_is_named_is_sent_again) {
  asked_node node;
  auto r = node.run({"replay", name_of(2), name_of(9)});
  BOOST_TEST(r.status == 1);
  BOOST_TEST(r.out == "replayed 1\n");
  BOOST_TEST(holds(r.err, "1 of these names"), r.err);
  BOOST_TEST((node.beacons.changed == std::vector{name_of(2)}));
  r = node.run({"replay", name_of(1), "--json"});
  BOOST_TEST(r.status == 0);
  BOOST_TEST(boost::json::parse(r.out).at("replayed").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(all_takes_as_many_requests_as_it_needs_and_sends_nothing_in_circles) {
  asked_node node;
  node.beacons.slow = true;
  const auto r = node.run({"drop", "--all", "--channel", "tv/one"});
  BOOST_TEST(r.err == "");
  BOOST_TEST(r.status == 0);
  BOOST_TEST(r.out == "dropped 2\n");
  BOOST_REQUIRE(node.beacons.asked.size() == 2u);
  const auto& [what, second] = node.beacons.asked[1];
  BOOST_TEST((what == dead_change::drop));
  BOOST_TEST(second.filter.channel == "tv/one");
  BOOST_TEST(second.after == name_of(1));
  BOOST_TEST((second.until == instant{1h}));
  BOOST_TEST((node.beacons.changed == std::vector{name_of(1), name_of(3)}));
}

BOOST_AUTO_TEST_CASE(that_there_is_no_room_is_a_failure) {
  asked_node node;
  node.beacons.full = true;
  const auto r = node.run({"replay", "--all"});
  BOOST_TEST(r.status == 1);
  BOOST_TEST(r.out == "replayed 0\n");
  BOOST_TEST(holds(r.err, "no room"), r.err);
}

BOOST_AUTO_TEST_CASE(the_token_comes_from_the_environment_too) {
  asked_node node;
  auto r = node.run({"status"}, "");
  BOOST_TEST(r.status == 1);
  BOOST_TEST(holds(r.err, "HTTP 401"), r.err);
  BOOST_TEST(holds(r.err, "INTERLUDE_OPERATOR_TOKEN"), r.err);
  BOOST_TEST(node.run({"status"}, "wrong").status == 1);
  ::setenv("INTERLUDE_OPERATOR_TOKEN", "node operator", 1);
  r = node.run({"status"}, "");
  ::unsetenv("INTERLUDE_OPERATOR_TOKEN");
  BOOST_TEST(r.status == 0);
}

BOOST_AUTO_TEST_CASE(a_node_that_is_not_there_is_said_not_to_be) {
  // A port that was free a moment ago.
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor free{io, {boost::asio::ip::address_v4::loopback(), 0}};
  const auto url = "http://127.0.0.1:" + std::to_string(free.local_endpoint().port());
  free.close();
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"status"}, {"list"}, {"show", name_of(1), name_of(2)}, {"drop", "--all"}}) {
    auto all = words;
    all.insert(all.end(), {"--url", url});
    const auto r = test::run_command(run_beacons_command, all, "");
    BOOST_TEST(r.status == 1);
    BOOST_TEST(holds(r.err, "Connection refused"), r.err);
    BOOST_TEST(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  }
}

BOOST_AUTO_TEST_CASE(somebody_else_who_answers_is_told_apart) {
  asked_node node;
  const auto r =
      test::run_command(run_beacons_command, {"status", "--url", node.url() + "/no"}, "");
  BOOST_TEST(r.status == 1);
  BOOST_TEST(holds(r.err, "HTTP 404"), r.err);
  BOOST_TEST(test::run_command(run_beacons_command, {"status", "--url", "ftp://x"}, "").status ==
             1);
}

BOOST_AUTO_TEST_CASE(words_that_mean_nothing_get_the_usage_and_change_nothing) {
  asked_node node;
  for (const auto& words : std::vector<std::vector<std::string>>{{},
                                                                 {"read"},
                                                                 {"show"},
                                                                 {"show", "../../x"},
                                                                 {"status", name_of(1)},
                                                                 {"list", "--all"},
                                                                 {"list", "--limit", "0"},
                                                                 {"list", "--limit", "x"},
                                                                 {"replay"},
                                                                 {"drop", "--host", "a.test"},
                                                                 {"drop", name_of(1), "--all"},
                                                                 {"drop", "--al1"}}) {
    const auto r = node.run(words);
    BOOST_TEST(r.status == 2);
    BOOST_TEST(holds(r.err, "usage: interlude beacons"), r.err);
  }
  BOOST_TEST(node.beacons.asked.empty());
  const auto help = node.run({"--help"});
  BOOST_TEST(help.status == 0);
  BOOST_TEST(holds(help.out, "--token"));
}

BOOST_AUTO_TEST_CASE(nothing_that_a_terminal_would_obey_is_printed) {
  BOOST_TEST(plain_text("a\x1b[2Jb\n\xc2\x9b"
                        "c\x7f") == "a?[2Jb???c?");
  boost::json::value b{{"name", "n"}, {"problem", "\x1b]0;x"}};
  BOOST_TEST(beacon_line(b) == "n  -  -  -  -  0  ?]0;x\n");
}

BOOST_AUTO_TEST_SUITE_END()
