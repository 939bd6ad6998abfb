#include "actors/log_line.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;

BOOST_AUTO_TEST_SUITE(log_lines)

BOOST_AUTO_TEST_CASE(fields_stand_in_order_and_plain_values_are_bare) {
  log_line line{"FILLED_AVAIL"};
  line.add("channel", "tv/one").add("ads", 2).add("server", "http://ads.test/vast");
  BOOST_TEST(line.text() == "event=FILLED_AVAIL channel=tv/one ads=2 server=http://ads.test/vast");
}

BOOST_AUTO_TEST_CASE(a_field_without_a_value_is_left_out) {
  BOOST_TEST(log_line{"X"}.add("why", "").add("n", 0).text() == "event=X n=0");
}

BOOST_AUTO_TEST_CASE(no_value_breaks_out_of_its_field) {
  log_line line{"X"};
  line.add("ad", "a b").add("ad", "a=b").add("ad", "\"\\").add("ad", "1\nevent=Y\x7f");
  BOOST_TEST(line.text() == R"(event=X ad="a b" ad="a=b" ad="\"\\" ad="1\u000aevent=Y\u007f")");
}

BOOST_AUTO_TEST_CASE(of_a_long_value_the_beginning_stands_there_in_whole_characters) {
  const auto long_text = std::string(log_line::longest_value - 1, 'x') + "\xc3\xa4" + "yz";
  BOOST_TEST(log_line{"X"}.add("why", long_text).text() ==
             "event=X why=" + std::string(log_line::longest_value - 1, 'x') + "...");
}

BOOST_AUTO_TEST_SUITE_END()
