#include "actors/creative/ffmpeg_process.hpp"

#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

// Gone, or waiting for init to take notice.
bool is_dead(pid_t process) {
  std::string state;
  std::ifstream in{"/proc/" + std::to_string(process) + "/stat"};
  if (in) in >> state >> state >> state;
  return state.empty() || state == "Z" || state == "X";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(child_programs)

BOOST_AUTO_TEST_CASE(arguments_are_passed_as_they_are) {
  // No shell: nothing in a file's name can be a command.
  BOOST_TEST(run_program({"echo", "-n", "$(id) `id` ; id > x | \"'"}, 5s).value() ==
             "$(id) `id` ; id > x | \"'");
}

BOOST_AUTO_TEST_CASE(what_is_printed_beyond_the_bound_is_dropped) {
  const auto text = run_program({"head", "-c", "3000000", "/dev/zero"}, 10s);
  BOOST_REQUIRE(text);
  BOOST_TEST(text->size() == 1024u * 1024u);
}

BOOST_AUTO_TEST_CASE(a_failure_is_told_with_the_end_of_what_it_said) {
  const auto failed = run_program(
      {"sh", "-c", "head -c 100000 /dev/zero | tr '\\0' x >&2; echo the reason >&2; exit 3"}, 10s);
  BOOST_REQUIRE(!failed);
  BOOST_TEST((failed.error().code == errc::internal));
  BOOST_TEST(failed.error().where == "sh");
  BOOST_TEST(failed.error().what.ends_with("the reason"));
  BOOST_TEST(failed.error().what.size() <= 2000u);
}

BOOST_AUTO_TEST_CASE(a_failure_without_a_word_and_a_crash_are_failures) {
  BOOST_TEST(!run_program({"false"}, 5s));
  BOOST_TEST(!run_program({"sh", "-c", "kill -SEGV $$"}, 5s));
}

BOOST_AUTO_TEST_CASE(the_children_of_a_program_that_hangs_are_ended_with_it) {
  const scratch_folder folder;
  const auto hung =
      run_program({"sh", "-c", "sleep 60 & echo $! > '" + (folder / "pid") + "'; wait"}, 1500ms);
  BOOST_REQUIRE(!hung);
  BOOST_TEST((hung.error().code == errc::timed_out));
  pid_t child = 0;
  std::ifstream{folder / "pid"} >> child;
  BOOST_REQUIRE(child > 0);
  // Its signal is on the way; where it has a core to die on is up to the machine.
  for (const auto end = std::chrono::steady_clock::now() + 10s;
       !is_dead(child) && std::chrono::steady_clock::now() < end;)
    std::this_thread::yield();
  BOOST_TEST(is_dead(child));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_no_longer_wanted_is_ended) {
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = run_program({"sleep", "60"}, 50s, stop.get_token());
  BOOST_REQUIRE(!stopped);
  BOOST_TEST((stopped.error().code == errc::unavailable));
}

BOOST_AUTO_TEST_CASE(nothing_is_read_from_our_input) {
  BOOST_TEST(run_program({"cat"}, 5s).value() == "");
}

BOOST_AUTO_TEST_SUITE_END()
