#include "media/hls/attribute_list.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace interlude;
using namespace interlude::hls;
using namespace std::chrono_literals;

namespace {

std::vector<attribute> all_of(std::string_view text) {
  std::vector<attribute> out;
  attribute_list{text}.for_each([&](const attribute& a) { out.push_back(a); });
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(attribute_lists)

BOOST_AUTO_TEST_CASE(attributes_come_in_their_order) {
  const auto list = all_of(R"(METHOD=AES-128,URI="https://k.test/?a=1,b=2",IV=0x12)");
  BOOST_REQUIRE(list.size() == 3u);
  BOOST_TEST(list[0].name == "METHOD");
  BOOST_TEST(list[0].value == "AES-128");
  BOOST_TEST(!list[0].quoted);
  BOOST_TEST(list[1].value == "https://k.test/?a=1,b=2");
  BOOST_TEST(list[1].quoted);
  BOOST_TEST(list[2].value == "0x12");
}

BOOST_AUTO_TEST_CASE(nothing_has_no_attributes) {
  for (const auto* text : {"", " ", "\t", ",", " , ,, "}) {
    BOOST_TEST_CONTEXT('"' << text << '"') {
      BOOST_TEST(all_of(text).empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(blanks_around_names_and_values_are_no_part_of_them) {
  const attribute_list list{R"(  ElapsedTime = 8 , Duration =	30 ,ID= "a b" , X=1 )"};
  BOOST_TEST((list.seconds("ElapsedTime") == duration{8s}));
  BOOST_TEST((list.seconds("Duration") == duration{30s}));
  BOOST_TEST(list.text("ID").value() == "a b");
  BOOST_TEST(list.integer("X").value() == 1u);
}

BOOST_AUTO_TEST_CASE(a_name_without_a_value_is_kept_as_one) {
  const auto list = all_of("A,B=,C=3");
  BOOST_REQUIRE(list.size() == 3u);
  BOOST_TEST(list[0].name == "A");
  BOOST_TEST(list[0].value.empty());
  BOOST_TEST(list[1].value.empty());
  BOOST_TEST(list[2].value == "3");
}

BOOST_AUTO_TEST_CASE(an_open_quote_reaches_to_the_end_of_the_line) {
  const auto list = all_of(R"(A=1,B="open, C=2)");
  BOOST_REQUIRE(list.size() == 2u);
  BOOST_TEST(list[1].value == "open, C=2");
}

BOOST_AUTO_TEST_CASE(what_follows_a_closing_quote_is_skipped_up_to_the_comma) {
  const attribute_list list{R"(A="x"junk,B=2)"};
  BOOST_TEST(list.text("A").value() == "x");
  BOOST_TEST(list.text("B").value() == "2");
}

BOOST_AUTO_TEST_CASE(the_first_of_two_equal_names_counts) {
  BOOST_TEST(attribute_list{"A=1,A=2"}.text("A").value() == "1");
}

BOOST_AUTO_TEST_CASE(names_are_matched_whole_and_in_their_case) {
  const attribute_list list{"PLANNED-DURATION=3,duration=4"};
  BOOST_TEST(!list.find("DURATION"));
  BOOST_TEST(!list.find("PLANNED"));
}

BOOST_AUTO_TEST_CASE(a_name_within_a_quoted_value_is_not_one) {
  BOOST_TEST(!attribute_list{R"(A="x,DURATION=5")"}.find("DURATION"));
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_not_given) {
  const attribute_list list{R"(N=12x,M=-1,L=99999999999999999999,D="today",S=six,Y=yes,E=)"};
  for (const auto* name : {"N", "M", "L", "E", "missing"}) BOOST_TEST(!list.integer(name));
  BOOST_TEST(!list.date("D"));
  BOOST_TEST(!list.seconds("S"));
  BOOST_TEST(!list.seconds("M"));
  BOOST_TEST(!list.yes("Y"));
  BOOST_TEST(!list.yes("missing"));
  BOOST_TEST(attribute_list{"Y=YES"}.yes("Y"));
  BOOST_TEST((attribute_list{R"(D="2026-11-24T10:00:00Z")"}.date("D") ==
              parse_iso8601("2026-11-24T10:00:00Z")));
}

BOOST_AUTO_TEST_SUITE_END()
