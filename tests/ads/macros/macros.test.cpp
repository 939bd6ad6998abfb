#include "ads/macros/macros.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::ads;
using namespace std::chrono_literals;

namespace {

macro_values some() {
  macro_values v;
  v.set("ERRORCODE", std::int64_t{403});
  v.set("CONTENTID", "a b/c");
  v.set_list("UNIVERSALADID", {"ad-id.org X,Y", "z"});
  v.withhold("IFA");
  v.set("session.id", "s-1");
  return v;
}

std::string filled(std::string_view url) {
  return fill_macros(url, some());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(macros)

BOOST_AUTO_TEST_CASE(values_are_encoded_and_the_commas_of_lists_are_not) {
  BOOST_TEST(filled("http://a/?e=[ERRORCODE]&c=[CONTENTID]") == "http://a/?e=403&c=a%20b%2Fc");
  BOOST_TEST(filled("[UNIVERSALADID]") == "ad-id.org%20X%2CY,z");
  BOOST_TEST(filled("http://a/[session.id]/x") == "http://a/s-1/x");
}

BOOST_AUTO_TEST_CASE(encoded_brackets_are_brackets) {
  BOOST_TEST(filled("http://a/?e=%5BERRORCODE%5D&f=%5bERRORCODE%5d") == "http://a/?e=403&f=403");
  BOOST_TEST(filled("%5BERRORCODE]") == "403");
}

BOOST_AUTO_TEST_CASE(what_is_unknown_or_withheld_says_so) {
  BOOST_TEST(filled("[DEVICEIP]/[IFA]") == "-1/-2");
}

BOOST_AUTO_TEST_CASE(all_other_text_in_brackets_stays) {
  for (const char* url :
       {"", "http://a/", "http://[::1]:80/", "[nobody]", "[REASON]", "[]", "[", "]", "[[", "[a b]",
        "[ERRORCODE", "%5", "%5B", "%5Bx", "ERRORCODE]", "[errorcode]", "[ERRORCODE)]"})
    BOOST_TEST_CONTEXT(url) BOOST_TEST(filled(url) == url);
  BOOST_TEST(filled("[[ERRORCODE]]") == "[403]");
  BOOST_TEST(filled("http://[::1]/[ERRORCODE]") == "http://[::1]/403");
  // What is filled in is not looked at again.
  macro_values v;
  v.set_list("CONTENTID", {"[ERRORCODE]"});
  BOOST_TEST(fill_macros("[CONTENTID]", v) == "%5BERRORCODE%5D");
}

BOOST_AUTO_TEST_CASE(each_request_has_its_time_and_its_number) {
  macro_values v;
  for (const std::uint32_t random : {0u, 89'999'999u, 90'000'000u, 0xFFFF'FFFFu}) {
    set_request_macros(v, instant{1'767'225'600'127ms}, random);
    BOOST_TEST(fill_macros("[CACHEBUSTING]", v).size() == 8u);
  }
  BOOST_TEST(fill_macros("[TIMESTAMP]", v) == "2026-01-01T00%3A00%3A00.127Z");
}

BOOST_AUTO_TEST_CASE(a_text_of_brackets_is_not_searched_over_and_over) {
  const std::string open(1'000'000, '[');
  BOOST_TEST((filled(open) == open));
  BOOST_TEST((filled(open + "[ERRORCODE]") == open + "403"));
}

BOOST_AUTO_TEST_CASE(what_has_no_place_in_a_url_is_encoded) {
  BOOST_TEST(legal_url("http://a/?c=${X}&s=1|2 3&m=%%Y%%&n=[Z]&o=%20&p=\xC3\xA9#f") ==
             "http://a/?c=$%7BX%7D&s=1%7C2%203&m=%25%25Y%25%25&n=%5BZ%5D&o=%20&p=%C3%A9");
  for (const char* url : {"", "http://a", "http://[::1]:80/x?y=1", "https://a/b(c)'*!~;,:@"})
    BOOST_TEST(legal_url(url) == url);
}

BOOST_AUTO_TEST_CASE(names_are_found) {
  const std::vector<std::string_view> expected = {"ERRORCODE", "ads.x", "nobody"};
  BOOST_TEST(macro_names("http://[::1]/[ERRORCODE]/%5Bads.x%5D?[a b]&[nobody]&[") == expected);
}

BOOST_AUTO_TEST_CASE(components_are_encoded) {
  BOOST_TEST(encode_uri_component("aZ09-_.!~*'()") == "aZ09-_.!~*'()");
  BOOST_TEST(encode_uri_component("a=b&c d\r\n\xC3\xA9") == "a%3Db%26c%20d%0D%0A%C3%A9");
}

BOOST_AUTO_TEST_CASE(playheads_are_timecodes) {
  BOOST_TEST(format_timecode(11'355ms) == "00:00:11.355");
  BOOST_TEST(format_timecode(27h + 1min + 999'600us) == "27:01:01.000");
  BOOST_TEST(format_timecode(-5s) == "00:00:00.000");
}

BOOST_AUTO_TEST_SUITE_END()
