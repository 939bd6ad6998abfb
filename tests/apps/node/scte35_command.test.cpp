#include "apps/node/scte35_command.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "media/scte35/decode.hpp"
#include "tests/apps/node/command_outcome.hpp"

using namespace interlude;

namespace {

test::command_outcome run(const std::vector<std::string>& words, const std::string& input = "") {
  return test::run_command(run_scte35_command, words, input);
}

// A break of 30 s at 60 s, event 1.
const std::string message = "/DAlAAAAAAAAAP/wFAUAAAABf+/+AFJlwP4AKTLgAAAAAAAAie27EQ==";

}  // namespace

BOOST_AUTO_TEST_SUITE(scte35_commands)

BOOST_AUTO_TEST_CASE(a_message_is_printed_with_the_names_of_the_specification) {
  const auto r = run({"decode", message});
  BOOST_TEST(r.err == "");
  BOOST_REQUIRE(r.status == 0);
  const auto o = boost::json::parse(r.out).as_object();
  BOOST_TEST(o.at("splice_command") == "splice_insert");
  BOOST_TEST(o.at("splice_event_id") == 1);
  BOOST_TEST(o.at("out_of_network_indicator") == true);
  BOOST_TEST(r.out.find("\"pts_time\": 60,") != std::string::npos, r.out);
  BOOST_TEST(r.out.find("\"break_duration\": 30,") != std::string::npos, r.out);
}

BOOST_AUTO_TEST_CASE(standard_input_is_text_or_bytes) {
  const auto expected = run({"decode", message}).out;
  BOOST_TEST(run({"decode", "-"}, message + "\n").out == expected);
  const auto raw = scte35::bytes_of_text(message).value();
  BOOST_TEST(run({"decode", "-"}, std::string{raw.begin(), raw.end()}).out == expected);
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_said_to_be_none) {
  for (const auto* wrong : {"", "hello", "0xFC", "/DAlAAAAAAAAAP/wFAUAAAABf+/+"}) {
    const auto r = run({"decode", wrong});
    BOOST_TEST(r.status == 1);
    BOOST_TEST(r.out == "");
    BOOST_TEST(r.err.starts_with("not a SCTE-35 message: "), r.err);
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_message_is_shown_with_a_warning) {
  auto raw = scte35::bytes_of_text(message).value();
  raw.back() ^= 1;
  const auto r = run({"decode", "-"}, std::string{raw.begin(), raw.end()});
  BOOST_TEST(r.status == 0);
  BOOST_TEST(r.out.find("\"CRC_32_valid\": false") != std::string::npos, r.out);
  BOOST_TEST(r.err.starts_with("warning: "), r.err);
}

BOOST_AUTO_TEST_CASE(other_words_are_answered_with_the_usage) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {}, {"decode"}, {"encode", message}, {"decode", message, message}}) {
    const auto r = run(words);
    BOOST_TEST(r.status == 2);
    BOOST_TEST(r.err.starts_with("usage: "), r.err);
  }
}

BOOST_AUTO_TEST_SUITE_END()
