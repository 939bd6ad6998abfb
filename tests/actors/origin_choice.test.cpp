// Which origin is asked, and when.
#include "actors/origin_choice.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace std::chrono_literals;

namespace {

using situation = origin_choice::situation;

constexpr situation fine{false, false, 4s}, trouble{true, true, 4s}, missing{false, true, 4s};

origin_choice::time_point after(std::chrono::seconds t) {
  return origin_choice::time_point{} + 1h + t;
}

origin_choice running(std::vector<std::string> urls) {
  origin_choice c{std::move(urls)};
  c.answered(after(0s));
  return c;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_choice_of_an_origin)

BOOST_AUTO_TEST_CASE(before_any_has_answered_all_are_tried_in_turn) {
  origin_choice c{{"a", "b", "c"}};
  std::string tried;
  for (int i = 0; i < 4; ++i) {
    tried += c.asked();
    c.failed();
  }
  BOOST_TEST(tried == "abca");
  BOOST_TEST(!c.answered(after(0s)));  // it takes the place of none
  BOOST_TEST(c.used() == "b");
}

BOOST_AUTO_TEST_CASE(one_that_delivers_is_looked_at_now_and_then) {
  auto c = running({"a", "b"});
  BOOST_TEST(!c.wants_look(fine, after(29s)));
  BOOST_TEST(c.wants_look(fine, after(30s)));
  BOOST_TEST(c.asked() == "a");
  c.answered(after(30s));
  BOOST_TEST(!c.wants_look(fine, after(59s)));
}

BOOST_AUTO_TEST_CASE(a_rendition_that_is_missing_is_looked_for_sooner) {
  auto c = running({"a", "b"});
  BOOST_TEST(!c.wants_look(missing, after(3s)));
  BOOST_TEST(c.wants_look(missing, after(4s)));
  BOOST_TEST(c.asked() == "a");
}

BOOST_AUTO_TEST_CASE(one_in_trouble_gives_way_to_the_next_that_answers) {
  auto c = running({"a", "b", "c"});
  BOOST_TEST(c.wants_look(trouble, after(5s)));
  BOOST_TEST(c.asked() == "b");
  BOOST_TEST(c.used() == "a");
  c.failed();
  BOOST_TEST(c.wants_look(trouble, after(6s)));
  BOOST_TEST(c.asked() == "c");
  BOOST_TEST(c.answered(after(6s)));
  BOOST_TEST(c.used() == "c");
}

BOOST_AUTO_TEST_CASE(one_that_comes_back_meanwhile_stays) {
  auto c = running({"a", "b"});
  BOOST_TEST(c.wants_look(trouble, after(5s)));
  BOOST_TEST(!c.wants_look(fine, after(6s)));
  BOOST_TEST(c.asked() == "a");
}

BOOST_AUTO_TEST_CASE(with_no_other_there_is_only_a_new_look) {
  auto c = running({"a"});
  BOOST_TEST(!c.wants_look(trouble, after(3s)));
  BOOST_TEST(c.wants_look(trouble, after(4s)));
  BOOST_TEST(c.asked() == "a");
}

BOOST_AUTO_TEST_CASE(where_all_fail_each_is_given_more_time) {
  auto c = running({"a", "b"});
  int changes = 0;
  for (auto t = 1s; t < 600s; t += 1s)
    if (c.wants_look(trouble, after(t)) && c.asked() != c.used()) changes += c.answered(after(t));
  // After 12, 24, 48, ... seconds, and never more than five minutes.
  BOOST_TEST(changes == 6);
}

BOOST_AUTO_TEST_CASE(after_a_good_while_trouble_is_met_with_fresh_eyes) {
  auto c = running({"a", "b"});
  BOOST_TEST(c.wants_look(trouble, after(5s)));
  c.answered(after(5s));
  for (auto t = 6s; t < 60s; t += 1s) c.wants_look(fine, after(t));
  BOOST_TEST(c.wants_look(trouble, after(60s)));
  c.answered(after(60s));
  c.wants_look(trouble, after(71s));
  BOOST_TEST(c.asked() == "a");
  BOOST_TEST(c.wants_look(trouble, after(72s)));
  BOOST_TEST(c.asked() == "b");
}

BOOST_AUTO_TEST_SUITE_END()
