#include "actors/beacon/delivery.hpp"

#include <boost/test/unit_test.hpp>
#include <tuple>

using namespace interlude;
using namespace std::chrono_literals;

namespace {

const instant noon = *parse_iso8601("2026-11-24T12:00:00Z");

result<fetch_response> answer(unsigned status, std::string retry_after = "") {
  fetch_response r;
  r.status = status;
  r.retry_after = std::move(retry_after);
  return r;
}

beacon_record failed(std::uint64_t attempts, instant accepted = noon) {
  return {{}, accepted, attempts, {}};
}

const delivery no_answer{delivery_outcome::postponed, "", std::nullopt, true};

}  // namespace

BOOST_AUTO_TEST_SUITE(deliveries)

BOOST_AUTO_TEST_CASE(each_answer_has_its_meaning) {
  using enum delivery_outcome;
  for (const auto& [status, what, host_failed] : {std::tuple{200u, delivered, false},
                                                  {204u, delivered, false},
                                                  {302u, delivered, false},
                                                  {400u, refused, false},
                                                  {403u, refused, false},
                                                  {404u, refused, false},
                                                  {410u, refused, false},
                                                  {408u, postponed, false},
                                                  {425u, postponed, false},
                                                  {429u, postponed, false},
                                                  {500u, postponed, true},
                                                  {503u, postponed, true},
                                                  {599u, postponed, true}}) {
    const auto d = judge_delivery(answer(status), noon);
    BOOST_TEST((d.what == what), status);
    BOOST_TEST(d.host_failed == host_failed, status);
  }
  for (const auto& [code, what] : {std::pair{errc::timed_out, postponed},
                                   {errc::unavailable, postponed},
                                   {errc::malformed, refused},
                                   {errc::unauthorized, refused},
                                   {errc::too_large, postponed}})
    BOOST_TEST((judge_delivery(error{code, "", "why"}, noon).what == what), to_string(code));
}

BOOST_AUTO_TEST_CASE(a_host_may_say_when_to_come_again) {
  BOOST_TEST((judge_delivery(answer(503, "7"), noon).retry_after == duration{7s}));
  BOOST_TEST((judge_delivery(answer(429, "7"), noon).retry_after == duration{7s}));
  BOOST_TEST(!judge_delivery(answer(404, "7"), noon).retry_after);
  BOOST_TEST((read_retry_after("Tue, 24 Nov 2026 12:00:30 GMT", noon) == duration{30s}));
  BOOST_TEST((read_retry_after("Tue, 24 Nov 2026 11:00:00 GMT", noon) == duration{0s}));
  BOOST_TEST((read_retry_after("Tuesday, 24-Nov-26 12:00:30 GMT", noon) == duration{30s}));
  BOOST_TEST((read_retry_after("Tue Nov 24 12:00:30 2026", noon) == duration{30s}));
  // An hour would leave no attempt within the hour that a request has.
  for (const auto* text :
       {"3600", "999999", "99999999999999999999", "Tue, 24 Nov 2099 11:00:00 GMT"})
    BOOST_TEST((read_retry_after(text, noon) == duration{30min}), text);
  for (const auto* text : {"", "-1", "soon", "1.5", "99999999999999999999x", "Tue, 99 Foo"})
    BOOST_TEST(!read_retry_after(text, noon), text);
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_cap_and_a_random_part_of_them_is_taken) {
  beacon_policy p;
  p.cap = 5s;
  p.attempts = 100;
  BOOST_TEST((next_attempt(p, failed(1), no_answer, noon, 1) == noon + 1s));
  BOOST_TEST((next_attempt(p, failed(2), no_answer, noon, 1) == noon + 2s));
  BOOST_TEST((next_attempt(p, failed(3), no_answer, noon, 1) == noon + 4s));
  BOOST_TEST((next_attempt(p, failed(4), no_answer, noon, 1) == noon + 5s));
  BOOST_TEST((next_attempt(p, failed(99), no_answer, noon, 1) == noon + 5s));
  BOOST_TEST((next_attempt(p, failed(3), no_answer, noon, 0) == noon));
  BOOST_TEST((next_attempt(p, failed(3), no_answer, noon, 0.25) == noon + 1s));
}

BOOST_AUTO_TEST_CASE(there_are_so_many_attempts_within_an_hour) {
  const beacon_policy p;
  BOOST_TEST(next_attempt(p, failed(7), no_answer, noon, 1).has_value());
  BOOST_TEST(!next_attempt(p, failed(8), no_answer, noon, 1));
  BOOST_TEST(!next_attempt(p, failed(1, noon - 1h), no_answer, noon, 1));
  BOOST_TEST(next_attempt(p, failed(1, noon - 59min), no_answer, noon, 1).has_value());
  BOOST_TEST(!next_attempt(p, failed(1), {delivery_outcome::refused, "", {}, false}, noon, 1));
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_before_they_want_to_be) {
  auto told = no_answer;
  told.retry_after = 90s;
  BOOST_TEST((next_attempt({}, failed(1), told, noon, 0.5) == noon + 90s));
  told.retry_after = 2h;
  BOOST_TEST(!next_attempt({}, failed(1), told, noon, 0.5));
}

BOOST_AUTO_TEST_SUITE_END()
