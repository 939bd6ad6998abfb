#include "apps/node/vast_command.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/apps/node/command_outcome.hpp"

using namespace interlude;

namespace {

test::command_outcome run(const std::vector<std::string>& words, const std::string& input = "") {
  return test::run_command(run_vast_command, words, input);
}

const std::string sample = INTERLUDE_SOURCE_DIR "/tests/samples/vast/pod.xml";

}  // namespace

BOOST_AUTO_TEST_SUITE(vast_commands)

BOOST_AUTO_TEST_CASE(an_answer_is_printed_with_the_names_of_the_specification) {
  const auto r = run({"parse", sample});
  BOOST_TEST(r.err == "");
  BOOST_REQUIRE(r.status == 0);
  const auto o = boost::json::parse(r.out).as_object();
  BOOST_TEST(o.at("version") == "4.3");
  BOOST_TEST(o.at("ads").at(0).at("adTitle") == "Straßenbahn & Co");
}

BOOST_AUTO_TEST_CASE(standard_input_is_read_as_well) {
  const auto r = run({"parse", "-"}, "<VAST version='4.0'/>");
  BOOST_TEST(r.status == 0);
  BOOST_TEST(boost::json::parse(r.out).at("ads").as_array().empty());
}

BOOST_AUTO_TEST_CASE(what_is_none_is_said_to_be_none_with_its_error_code) {
  for (const auto& [input, code] :
       std::vector<std::pair<std::string, std::string>>{{"", "100"},
                                                        {"<VAST", "100"},
                                                        {"<html/>", "101"},
                                                        {"<VAST version='9'/>", "102"},
                                                        {std::string(3 << 20, ' '), "100"}}) {
    const auto r = run({"parse", "-"}, input);
    BOOST_TEST(r.status == 1);
    BOOST_TEST(r.out == "");
    BOOST_TEST(r.err.starts_with("-: VAST error " + code + ": "), r.err);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_said_not_to_be) {
  const auto r = run({"parse", "/no/such/file"});
  BOOST_TEST(r.status == 1);
  BOOST_TEST(r.err == "/no/such/file: cannot be read\n");
}

BOOST_AUTO_TEST_CASE(words_that_mean_nothing_get_the_usage) {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{}, {"parse"}, {"read", "x"}, {"parse", "a", "b"}}) {
    const auto r = run(words);
    BOOST_TEST(r.status == 2);
    BOOST_TEST(r.err.find("usage: interlude vast parse FILE") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
