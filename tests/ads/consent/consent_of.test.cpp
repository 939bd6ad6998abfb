#include "ads/consent/consent_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::ads;

namespace {

consent read(const consent_parameters& given, std::string_view gpc = {}) {
  return consent_of(given, gpc).value();
}

bool withholds(const consent_parameters& given, std::string_view gpc = {}) {
  return reason_to_withhold(read(given, gpc)) != nullptr;
}

// One of the framework's own documents; it gives consent to purposes 1, 2 and 3.
const std::string tc_string = "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA";

}  // namespace

BOOST_AUTO_TEST_SUITE(consent_parameters_of_requests)

BOOST_AUTO_TEST_CASE(every_name_has_its_place) {
  const auto c = read({{"gdpr", "1"},
                       {"gdpr_consent", tc_string},
                       {"us_privacy", "1YNN"},
                       {"gpp", "DBABMA~CPXx"},
                       {"gpp_sid", "2,6"},
                       {"gdpr_pd", "1"}});
  BOOST_TEST(c.gdpr_applies.value());
  BOOST_TEST(c.tcf == tc_string);
  BOOST_TEST(c.us_privacy == "1YNN");
  BOOST_TEST(c.gpp == "DBABMA~CPXx");
  BOOST_TEST(c.gpp_sections == (std::vector{2, 6}));
  BOOST_TEST(!c.limits_tracking);
  BOOST_TEST(reason_to_withhold(c) == nullptr);
}

BOOST_AUTO_TEST_CASE(nothing_given_is_nothing_known) {
  for (const consent_parameters& given :
       {consent_parameters{}, {{"gdpr", ""}, {"us_privacy", ""}, {"lat", ""}}, {{"x", "1"}}}) {
    const auto c = read(given);
    BOOST_TEST(!c.gdpr_applies.has_value());
    BOOST_TEST(reason_to_withhold(c) == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(the_gdpr_applies_in_doubt) {
  BOOST_TEST(!withholds({{"gdpr", "0"}}));
  BOOST_TEST(!withholds({{"gdpr", "false"}}));
  BOOST_TEST(withholds({{"gdpr", "1"}}));
  BOOST_TEST(withholds({{"gdpr", "true"}}));
  BOOST_TEST(withholds({{"gdpr", "${GDPR}"}}));
  BOOST_TEST(withholds({{"gdpr", "0"}, {"gdpr", "1"}}));
  BOOST_TEST(!withholds({{"gdpr", "1"}, {"gdpr", "0"}}));
}

BOOST_AUTO_TEST_CASE(a_string_that_nobody_filled_in_is_no_consent) {
  BOOST_TEST(withholds({{"gdpr_consent", "${GDPR_CONSENT_755}"}}));
  BOOST_TEST(withholds({{"us_privacy", "[US_PRIVACY]"}}));
}

BOOST_AUTO_TEST_CASE(a_device_that_limits_tracking_is_heard) {
  for (const char* name : {"lat", "dnt"}) {
    BOOST_TEST(withholds({{name, "1"}}));
    BOOST_TEST(withholds({{name, "true"}}));
    BOOST_TEST(!withholds({{name, "0"}}));
  }
  BOOST_TEST(withholds({{"lat", "1"}, {"dnt", "0"}}));
  BOOST_TEST(withholds({}, "1"));
  BOOST_TEST(!withholds({}, "0"));
  BOOST_TEST(!withholds({}, "?1"));
}

BOOST_AUTO_TEST_CASE(sections_are_numbers_and_bounded) {
  BOOST_TEST(read({{"gpp_sid", "7,x,,-1, 8,9"}}).gpp_sections == (std::vector{7, -1, 9}));
  std::string many = "1";
  for (int i = 0; i < 1000; ++i) many += ",1";
  BOOST_TEST(read({{"gpp_sid", many}}).gpp_sections.size() == 32u);
}

BOOST_AUTO_TEST_CASE(what_is_too_long_is_refused) {
  const auto refused = consent_of({{"gpp", std::string(8193, 'D')}});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == errc::too_large));
  BOOST_TEST(refused.error().where == "gpp");
}

BOOST_AUTO_TEST_SUITE_END()
