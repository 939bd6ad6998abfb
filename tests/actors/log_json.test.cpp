#include "actors/log_json.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "actors/log_line.hpp"

using namespace interlude;
namespace json = boost::json;

namespace {

json::object read(std::string_view text) {
  return json::parse(log_json("2026-11-24T17:21:01.000Z", "info", text)).as_object();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_as_json)

BOOST_AUTO_TEST_CASE(fields_come_apart_again) {
  log_line line{"FILLED_AVAIL"};
  line.add("channel", "tv/one").add("ads", 2).add("duration", "30.5").add("cached", "true");
  line.add("why", "a \"b\"=c\\\n\x7f").add("ad", 12).add("break", "b1795540861000");
  const auto o = read(line.text());
  BOOST_TEST(o.at("time").as_string() == "2026-11-24T17:21:01.000Z");
  BOOST_TEST(o.at("level").as_string() == "info");
  BOOST_TEST(o.at("event").as_string() == "FILLED_AVAIL");
  BOOST_TEST(o.at("channel").as_string() == "tv/one");
  BOOST_TEST(o.at("ads").to_number<int>() == 2);
  BOOST_TEST(o.at("duration").to_number<double>() == 30.5);
  BOOST_TEST(o.at("cached").as_string() == "true");
  BOOST_TEST(o.at("why").as_string() == "a \"b\"=c\\\n\x7f");
  BOOST_TEST(o.at("ad").as_string() == "12");  // an id, whatever it looks like
  BOOST_TEST(!o.contains("message"));
}

BOOST_AUTO_TEST_CASE(other_lines_are_messages_of_their_channel) {
  const auto o = read("channel tv/one: v0: cannot be read: answered HTTP 500");
  BOOST_TEST(o.at("channel").as_string() == "tv/one");
  BOOST_TEST(o.at("message").as_string() == "v0: cannot be read: answered HTTP 500");
  BOOST_TEST(read("signal 15: ends").at("message").as_string() == "signal 15: ends");
  BOOST_TEST(!read("signal 15: ends").contains("channel"));
}

BOOST_AUTO_TEST_CASE(each_line_is_json_whatever_is_logged) {
  for (const std::string_view text :
       {"", "event=", "event=\"", "event=\"\\", "event=X =", "event=X y", "event=X a=\"\\u00",
        "channel ", "\xff\xc3", "\"\n\x01"}) {
    const auto line = log_json("t", "warning", text);
    BOOST_TEST(json::parse(line).is_object());  // refuses what is no UTF-8
    BOOST_TEST(line.find('\n') == line.npos);
  }
  BOOST_TEST(read("a\xff\xc3\xa4").at("message").as_string() == "a\xef\xbf\xbd\xc3\xa4");
  BOOST_TEST(read("event=X ad=\"\xff\"").at("ad").as_string() == "\xef\xbf\xbd");
}

BOOST_AUTO_TEST_CASE(a_number_that_is_none_stays_text) {
  for (const char* text : {"-", ".5", "5.", "1.2.3", "01", "null", "true"})
    BOOST_TEST(read(std::string{"event=X ads="} + text).at("ads").as_string() == text);
}

BOOST_AUTO_TEST_SUITE_END()
