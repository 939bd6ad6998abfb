#include "apps/origin/fault_script.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

using namespace interlude;
using namespace interlude::origin;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> channels{"ts", "cmaf"};

fault_script script(std::string_view text) {
  auto s = read_fault_script(text, channels);
  BOOST_REQUIRE_MESSAGE(s, (s ? "" : s.error().message()));
  return *std::move(s);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fault_scripts)

BOOST_AUTO_TEST_CASE(a_script_is_an_array_or_an_object_a_line) {
  const auto lines = script(R"(// the first minute
{"at": 10, "channel": "ts", "faults": {"errors": 8}}

  {"at": 60.5, "channel": "*", "every": 90, "faults": {"clear": true}}
)");
  const auto array = script(R"([{"at": 10, "channel": "ts", "faults": {"errors": 8}},
    {"at": 60.5, "channel": "*", "every": 90, "faults": {"clear": true}}])");
  for (const auto& s : {lines, array}) {
    BOOST_REQUIRE(s.faults.size() == 2u);
    BOOST_TEST((s.faults[0].at == duration{10s}));
    BOOST_TEST(s.faults[0].channel == "ts");
    BOOST_TEST(!s.faults[0].every);
    BOOST_TEST((s.faults[1].at == duration{60500ms}));
    BOOST_TEST((s.faults[1].every == duration{90s}));
  }
}

BOOST_AUTO_TEST_CASE(an_empty_script_does_nothing) {
  BOOST_TEST(script("").faults.empty());
  BOOST_TEST(script("[]").faults.empty());
}

BOOST_AUTO_TEST_CASE(errors_name_the_entry_and_the_member) {
  const std::map<std::string, std::string> wrong{
      {R"({"at": 1, "channel": "ts", "faults": {"eror": 8}})", "line 1.faults: eror"},
      {R"({"at": 1, "channel": "news", "faults": {}})", "line 1.channel: there is no channel news"},
      {R"({"at": -1, "channel": "ts", "faults": {}})", "line 1.at"},
      {R"({"at": "soon", "channel": "ts", "faults": {}})", "line 1.at"},
      {R"({"at": 1, "every": 0, "channel": "ts", "faults": {}})", "line 1.every"},
      {R"({"channel": "ts", "faults": {}})", "line 1: at is missing"},
      {R"({"at": 1, "faults": {}})", "line 1: channel is missing"},
      {R"({"at": 1, "channel": "ts"})", "line 1: faults is missing"},
      {R"({"at": 1, "channel": "ts", "faults": 3})", "line 1.faults"},
      {R"({"at": 1, "chanel": "ts", "faults": {}})", "line 1.chanel: unknown member"},
      {"\n[1", "script: is no JSON"},
      {"\n\n{", "line 3: is no JSON"},
      {"[{}, 3]", "entry 1: at is missing"}};
  for (const auto& [text, message] : wrong) {
    const auto s = read_fault_script(text, channels);
    BOOST_REQUIRE(!s);
    BOOST_TEST(s.error().message().find(message) != std::string::npos, s.error().message()
                                                                           << " for " << text);
  }
}

BOOST_AUTO_TEST_CASE(each_fault_is_due_once_at_its_time) {
  const auto s = script(R"({"at": 30, "channel": "ts", "faults": {"errors": 8}}
{"at": 0, "channel": "ts", "faults": {"lag": 2}})");
  const auto begin = faults_due(s, -1us, 0s);
  BOOST_REQUIRE(begin.size() == 1u);
  BOOST_TEST((begin[0].fault == &s.faults[1]));
  BOOST_TEST(faults_due(s, 0s, 29s).empty());
  BOOST_REQUIRE(faults_due(s, 29s, 30s).size() == 1u);
  BOOST_TEST(faults_due(s, 30s, 600s).empty());
}

BOOST_AUTO_TEST_CASE(what_is_caught_up_with_comes_in_order) {
  const auto s = script(R"({"at": 20, "every": 10, "channel": "ts", "faults": {"errors": 8}}
{"at": 30, "channel": "ts", "faults": {"lag": 2}})");
  std::vector<std::int64_t> seconds;
  for (const auto& due : faults_due(s, 20s, 50s))
    seconds.push_back(std::chrono::floor<std::chrono::seconds>(due.at).count() *
                      (due.fault == &s.faults[1] ? -1 : 1));
  BOOST_TEST(seconds == (std::vector<std::int64_t>{30, -30, 40, 50}));
  BOOST_TEST(faults_due(s, 25s, 29s).empty());
  BOOST_TEST(faults_due(s, 3600s, 3610s).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
