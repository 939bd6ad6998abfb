#include "net/session_token.hpp"

#include <boost/test/unit_test.hpp>

#include "media/core/base64.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

const instant issued{1'800'000'000s};
const session_signer signer{"a secret of the cluster"};

session example() {
  session s;
  for (std::size_t i = 0; i < s.id.size(); ++i) s.id[i] = static_cast<std::uint8_t>(i * 17);
  s.mode = insertion_mode::sgai;
  s.issued_at = issued;
  s.audience = 0xfedc'ba98'7654'3210;
  s.common = s.debugged = true;
  s.viewer_id = "anna";
  s.country = "DE";
  s.region = "BY";
  s.device_class = "tv";
  s.allows.gdpr_applies = true;
  s.allows.limits_tracking = true;
  s.allows.tcf = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA";
  s.allows.us_privacy = "1YNN";
  s.allows.gpp = "DBAA";
  s.allows.gpp_sections = {2, 6};
  s.parameters = {{"genre", "news & sport"}, {"empty", ""}, {"bytes", std::string("\0\xff", 2)}};
  return s;
}

void check_refused(const std::string& token, std::string_view why, instant now = issued) {
  const auto r = signer.verify(token, "org", "channel", now);
  BOOST_REQUIRE(!r);
  BOOST_CHECK(r.error().code == errc::unauthorized);
  BOOST_CHECK_EQUAL(r.error().what, why);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session_token)

BOOST_AUTO_TEST_CASE(a_session_comes_back_as_it_was_signed) {
  const session s = example();
  const auto back = signer.verify(signer.sign(s, "org", "channel"), "org", "channel", issued + 5s);
  BOOST_REQUIRE(back);
  BOOST_CHECK(back->id == s.id);
  BOOST_CHECK(back->mode == s.mode);
  BOOST_CHECK(back->issued_at == s.issued_at);
  BOOST_CHECK_EQUAL(back->audience, s.audience);
  BOOST_CHECK(back->common);
  BOOST_CHECK(back->debugged);
  BOOST_CHECK_EQUAL(back->viewer_id, s.viewer_id);
  BOOST_CHECK_EQUAL(back->country, s.country);
  BOOST_CHECK_EQUAL(back->region, s.region);
  BOOST_CHECK_EQUAL(back->device_class, s.device_class);
  BOOST_CHECK(back->allows.gdpr_applies == s.allows.gdpr_applies);
  BOOST_CHECK(back->allows.limits_tracking);
  BOOST_CHECK_EQUAL(back->allows.tcf, s.allows.tcf);
  BOOST_CHECK_EQUAL(back->allows.us_privacy, s.allows.us_privacy);
  BOOST_CHECK_EQUAL(back->allows.gpp, s.allows.gpp);
  BOOST_CHECK(back->allows.gpp_sections == s.allows.gpp_sections);
  BOOST_CHECK(back->parameters == s.parameters);
  BOOST_CHECK_EQUAL(back->id_text(), "00112233445566778899aabbccddeeff");
}

BOOST_AUTO_TEST_CASE(a_token_without_parameters_is_short_enough_for_every_url) {
  BOOST_CHECK_EQUAL(signer.sign({}, "org", "channel").size(), 63u);
}

BOOST_AUTO_TEST_CASE(consent_that_is_too_long_to_be_passed_on_is_not_passed_on_in_part) {
  auto s = example();
  s.allows.tcf = std::string(max_viewer_text_bytes + 1, 'C');
  s.allows.gpp = std::string(max_viewer_text_bytes, 'D');
  s.viewer_id = std::string(256, 'a');
  const auto token = signer.sign(s, "org", "channel");
  const auto back = signer.verify(token, "org", "channel", issued);
  BOOST_REQUIRE(back);
  BOOST_CHECK_EQUAL(back->allows.tcf, "");
  BOOST_CHECK(back->allows.gdpr_applies == true);
  BOOST_CHECK_EQUAL(back->allows.gpp.size(), max_viewer_text_bytes);
}

BOOST_AUTO_TEST_CASE(no_single_character_can_be_changed) {
  const std::string token = signer.sign(example(), "org", "channel");
  for (std::size_t i = 0; i < token.size(); ++i)
    for (const char c : {'A', 'B', '_', '=', '.', '\0'}) {
      if (token[i] == c) continue;
      std::string changed = token;
      changed[i] = c;
      BOOST_CHECK_MESSAGE(!signer.verify(changed, "org", "channel", issued),
                          "accepted with " << int(c) << " at " << i);
    }
}

BOOST_AUTO_TEST_CASE(nothing_can_be_added_or_cut_off) {
  const std::string token = signer.sign(example(), "org", "channel");
  for (std::size_t n = 0; n < token.size(); ++n)
    BOOST_CHECK(!signer.verify(token.substr(0, n), "org", "channel", issued));
  for (const std::string more : {"A", "AA", "AAAA", "=", "\n"})
    BOOST_CHECK(!signer.verify(token + more, "org", "channel", issued));
}

BOOST_AUTO_TEST_CASE(it_is_worth_nothing_on_another_channel_or_with_another_secret) {
  const std::string token = signer.sign(example(), "org", "channel");
  BOOST_CHECK(!signer.verify(token, "org", "channel2", issued));
  BOOST_CHECK(!signer.verify(token, "org2", "channel", issued));
  BOOST_CHECK(!session_signer("another").verify(token, "org", "channel", issued));
}

BOOST_AUTO_TEST_CASE(it_expires_and_does_not_come_from_the_future) {
  const std::string token = signer.sign(example(), "org", "channel");
  BOOST_CHECK(signer.verify(token, "org", "channel", issued + 24h));
  check_refused(token, "expired", issued + 24h + 1s);
  BOOST_CHECK(signer.verify(token, "org", "channel", issued - 60s));
  check_refused(token, "issued in the future", issued - 61s);
  BOOST_CHECK(!signer.verify(token, "org", "channel", issued + 11s, 10s));
}

BOOST_AUTO_TEST_CASE(garbage_is_refused_before_it_is_looked_at) {
  check_refused("", "not a session token");
  check_refused("not base64 url", "not a session token");
  check_refused(std::string(10, 'A'), "not a session token");
  check_refused(std::string(60, 'A'), "signature does not match");
  check_refused(std::string(7000, 'A'), "too long");
}

BOOST_AUTO_TEST_CASE(parameters_beyond_the_bound_are_left_out) {
  session s = example();
  s.parameters = {{"a", std::string(900, 'x')}, {"b", std::string(900, 'y')}, {"c", "z"}};
  const auto back = signer.verify(signer.sign(s, "org", "channel"), "org", "channel", issued);
  BOOST_REQUIRE(back);
  BOOST_REQUIRE_EQUAL(back->parameters.size(), 1u);
  BOOST_CHECK_EQUAL(back->parameters[0].first, "a");
}

BOOST_AUTO_TEST_SUITE_END()
