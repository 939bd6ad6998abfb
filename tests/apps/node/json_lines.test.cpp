#include "apps/node/json_lines.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;

BOOST_AUTO_TEST_SUITE(json_lines)

BOOST_AUTO_TEST_CASE(lines_are_found_through_comments_and_strings) {
  const std::string text = "{ // {\n\"a\": \"x\\\"}\",\n/* \n */ \"b\": [1,\n 2, {\"c\":\n 3}]}";
  BOOST_TEST(line_of(text, "a") == 2u);
  BOOST_TEST(line_of(text, "b[1]") == 5u);
  BOOST_TEST(line_of(text, "b[2].c") == 5u);
  BOOST_TEST(line_of(text, "b[2].missing") == 5u);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_where_it_would_be) {
  BOOST_TEST(line_of("{}", "a") == 1u);
  BOOST_TEST(line_of("\n\n{\n}", "a.b") == 3u);
  BOOST_TEST(line_of("", "a") == 1u);
}

BOOST_AUTO_TEST_CASE(a_name_is_not_mistaken_for_a_longer_one) {
  BOOST_TEST(line_of("{\"ab\": 1,\n\"a\": 2}", "a") == 2u);
  BOOST_TEST(line_of("{\"a\": 1,\n\"ab\": 2}", "ab") == 2u);
  BOOST_TEST(line_of("{\"a\": [0,\n1,2,3,4,5,6,7,8,9,\n10]}", "a[10]") == 3u);
  BOOST_TEST(line_of("{\"a\": [0,\n1,2,3,4,5,6,7,8,9,\n10]}", "a[1]") == 2u);
}

BOOST_AUTO_TEST_CASE(a_name_is_only_looked_for_at_its_depth) {
  BOOST_TEST(line_of("{\"x\": {\n\"a\": 1},\n\"a\": 2}", "a") == 3u);
  BOOST_TEST(line_of("{\"a\": {\n\"a\": {\n\"a\": 1}}}", "a.a.a") == 3u);
}

BOOST_AUTO_TEST_CASE(trailing_commas_and_comments_count_no_elements) {
  BOOST_TEST(line_of("{\"a\": [\n1, // [\n2, /* , */\n],\n\"b\": 3,}", "b") == 5u);
  BOOST_TEST(line_of("{\"a\": [\n1, // [\n2, /* , */\n],\n\"b\": 3,}", "a[1]") == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
