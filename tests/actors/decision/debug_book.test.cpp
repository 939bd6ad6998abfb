// Sessions in debug mode: whose stories are kept, how many, and for how long.
#include "actors/decision/debug_book.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace std::chrono_literals;

namespace {

const instant now{1'767'225'600s};

story_ptr story(const std::string& break_id, const std::string& audience = "stitched") {
  auto s = std::make_shared<decision_story>();
  s->break_id = break_id;
  s->audience = audience;
  return s;
}

std::string told(debug_book& book, const std::string& session, instant t = now) {
  const auto found = book.find(session, t);
  if (!found) return "nothing";
  std::string out;
  for (const auto& s : found->stories) out += s->break_id;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(debugged_sessions)

BOOST_AUTO_TEST_CASE(a_session_is_told_what_was_decided_for_its_audience) {
  debug_book book;
  BOOST_TEST(book.begin("s1", "tv/one", "stitched", now));
  BOOST_TEST(book.begin("s2", "tv/one", "guided", now));
  book.tell("tv/one", story("b1"), now);
  book.tell("tv/two", story("b2"), now);
  book.tell("tv/one", story("b3", "guided"), now);
  BOOST_TEST(told(book, "s1") == "b1");
  BOOST_TEST(told(book, "s2") == "b3");
  BOOST_TEST(told(book, "s3") == "nothing");
}

BOOST_AUTO_TEST_CASE(sessions_are_bounded_and_forgotten_after_their_time) {
  debug_book book{{2, 64, 60min}};
  BOOST_TEST(book.begin("s1", "tv/one", "stitched", now));
  BOOST_TEST(book.begin("s2", "tv/one", "stitched", now + 1min));
  BOOST_TEST(!book.begin("s3", "tv/one", "stitched", now + 2min));
  BOOST_TEST(told(book, "s1", now + 59min) == "");
  BOOST_TEST(told(book, "s1", now + 60min) == "nothing");
  BOOST_TEST(book.begin("s3", "tv/one", "stitched", now + 60min));
}

BOOST_AUTO_TEST_CASE(of_many_stories_the_latest_are_kept) {
  debug_book book{{2, 2, 60min}};
  BOOST_TEST(book.begin("s1", "tv/one", "stitched", now));
  for (const auto* id : {"b1", "b2", "b3"}) book.tell("tv/one", story(id), now);
  BOOST_TEST(told(book, "s1") == "b2b3");
  BOOST_TEST(book.find("s1", now)->forgotten == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
