#include "actors/audience_book.hpp"

#include <boost/test/unit_test.hpp>

#include "actors/audience_names.hpp"

using namespace interlude;
using namespace std::chrono_literals;

namespace {

const steady_time noon{12h};

std::function<ads::viewer()> named(const std::string& name) {
  return [name] {
    ads::viewer v;
    v.country = name;
    return v;
  };
}

bool anybody(std::string_view) {
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(audience_books)

BOOST_AUTO_TEST_CASE(who_enters_first_says_who_is_meant) {
  audience_book b;
  const auto mark = b.enter("one", named("DE"), noon);
  BOOST_TEST(mark == b.enter("one", named("FR"), noon));
  BOOST_TEST(b.who("one")->country == "DE");
  BOOST_TEST(!b.who("two"));
}

BOOST_AUTO_TEST_CASE(of_another_life_of_the_node_the_name_is_known_only) {
  audience_book b;
  b.remember("one", noon);
  BOOST_TEST(!b.who("one"));
  BOOST_TEST(b.size() == 1u);
  b.enter("one", named("DE"), noon);
  b.remember("one", noon);
  BOOST_TEST(b.who("one")->country == "DE");
}

BOOST_AUTO_TEST_CASE(who_has_not_been_there_for_long_is_forgotten_and_can_come_back) {
  audience_book b;
  const auto early = b.enter("early", named("a"), noon);
  const auto late = b.enter("late", named("b"), noon);
  late->seen.set(noon + 10s);
  BOOST_TEST(b.forget_unseen(noon + 5s, [](std::string_view) { return false; }).empty());
  BOOST_TEST(b.forget_unseen(noon + 5s, anybody) == std::vector<std::string>{"early"});
  BOOST_TEST(early->forgotten.load());
  BOOST_TEST(!late->forgotten.load());
  const auto again = b.enter("early", named("c"), noon + 20s);
  BOOST_TEST(again != early);
  BOOST_TEST(!again->forgotten.load());
}

BOOST_AUTO_TEST_CASE(beyond_the_limit_nobody_is_entered) {
  audience_book b;
  b.set_limit(2);
  for (const auto* name : {"a", "b", "c"}) BOOST_TEST(b.enter(name, named(name), noon) != nullptr);
  BOOST_TEST(b.size() == 2u);
  BOOST_TEST(!b.who("c"));
}

BOOST_AUTO_TEST_CASE(a_name_says_how_ads_are_shown_and_to_whom) {
  BOOST_TEST(audience_key("stitched", "") == "stitched");
  BOOST_TEST(audience_key("guided", "country=DE") == "guided/country=DE");
  BOOST_TEST(cohort_part("guided/country=DE") == "country=DE");
  BOOST_TEST(cohort_part("stitched") == "");
  BOOST_TEST(is_guided("guided/country=DE"));
  BOOST_TEST(is_guided("guided"));
  BOOST_TEST(!is_guided("stitched/guided"));
  BOOST_TEST((joined_number("joined-12/country=DE") == 12u));
  BOOST_TEST((joined_number("joined-12") == 12u));
  BOOST_TEST(!joined_number("joined-/12"));
  BOOST_TEST(!joined_number("joined-12x"));
  BOOST_TEST(!joined_number("stitched/joined-12"));
}

BOOST_AUTO_TEST_SUITE_END()
