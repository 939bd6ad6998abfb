// The settings that say which ads a channel plays.
#include <boost/test/unit_test.hpp>

#include "apps/node/config.hpp"

using namespace interlude;

namespace {

void refused(const std::string& text, const std::string& where, const std::string& what) {
  const auto c = parse_config(text);
  BOOST_REQUIRE_MESSAGE(!c, text);
  BOOST_TEST(c.error().where == where);
  BOOST_TEST(c.error().what.find(what) != std::string::npos, c.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings_of_ads)

BOOST_AUTO_TEST_CASE(a_house_ad_has_terms_that_make_sense) {
  const auto house = [](const std::string& terms) {
    return R"({"channels": [{"org": "a", "name": "b", "origin": "http://o.test/",
      "house_ads": [{"name": "x", "source": "y", )" +
           terms + "}]}]}";
  };
  const std::string path = "channels[0].house_ads[0].";
  refused(house(R"("countries": ["at"])"), path + "countries (line 2)", "two capital letters");
  refused(house(R"("weight": 101)"), path + "weight (line 2)", "from 0 to 100");
  refused(house(R"("from": "tomorrow")"), path + "from (line 2)", "2026-11-24T18:00:00Z");
  refused(house(R"("from": "2026-02-30")"), path + "from (line 2)", "is expected");
  refused(house(R"("from": "2026-02-03", "until": "2026-02-03")"), path + "until (line 2)",
          "later than from");
}

BOOST_AUTO_TEST_CASE(frequency_caps_are_bounded) {
  const auto frequency = [](const std::string& members) {
    return R"({"channels": [{"org": "a", "name": "b", "origin": "http://o.test/", "frequency": {)" +
           members + "}}]}";
  };
  const std::string path = "channels[0].frequency.";
  refused(frequency(R"("caps": [{"max": 0}])"), path + "caps[0].max (line 1)", "from 1 to 100");
  refused(frequency(R"("caps": [{"window": 2592001}])"), path + "caps[0].window (line 1)",
          "from 1 to 2592000");
  refused(frequency(R"("caps": [{"per": "viewer"}])"), path + "caps[0].per (line 1)",
          "one of creative, campaign, advertiser");
  std::string many = "{}";
  for (int i = 1; i < 17; ++i) many += ",{}";
  refused(frequency(R"("caps": [)" + many + "]"), path + "caps (line 1)", "at most 16");
}

BOOST_AUTO_TEST_CASE(audiences_are_made_of_what_is_known) {
  const auto audiences = [](const std::string& members) {
    return R"({"channels": [{"org": "a", "name": "b", "origin": "http://o.test/", "audiences": {)" +
           members + "}}]}";
  };
  const auto c = parse_config(audiences(R"("per": "cohort", "by": ["country", "ads.genre"])"));
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  BOOST_TEST(c->channels[0].audiences.attributes.size() == 2u);
  BOOST_TEST(parse_config(audiences(R"("per": "viewer")"))->channels[0].audiences.per_viewer);
  const std::string path = "channels[0].audiences.";
  refused(audiences(R"("by": ["city"])"), path + "by (line 1)", "city is none of");
  refused(audiences(R"("per": "household")"), path + "per (line 1)", "one of cohort, viewer");
}

BOOST_AUTO_TEST_SUITE_END()
