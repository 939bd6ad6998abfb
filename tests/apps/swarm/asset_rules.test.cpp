#include "apps/swarm/asset_rules.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::swarm;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(asset_rule)

BOOST_AUTO_TEST_CASE(an_asset_list_names_assets_and_their_lengths) {
  const auto list = read_asset_list(
      R"({"ASSETS":[{"URI":"http://n/0","DURATION":10},{"URI":"http://n/1","DURATION":4.5E0}]})");
  BOOST_REQUIRE(list);
  BOOST_REQUIRE(list->size() == 2u);
  BOOST_TEST((*list)[0].uri == "http://n/0");
  BOOST_TEST(((*list)[1].length == duration{4500ms}));
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_one) {
  const auto list = read_asset_list(R"({"ASSETS":[]})");
  BOOST_REQUIRE(list);
  BOOST_TEST(list->empty());
}

BOOST_AUTO_TEST_CASE(everything_else_is_an_error) {
  for (const auto* body : {"", "[]", "{}", R"({"ASSETS":{}})", R"({"ASSETS":[{"URI":"x"}]})",
                           R"({"ASSETS":[{"URI":"x","DURATION":"10"}]})", R"({"ASSETS":[1]})"})
    BOOST_TEST(!read_asset_list(body), body);
}

BOOST_AUTO_TEST_CASE(an_asset_is_as_long_as_the_list_says_and_ends) {
  const std::string text =
      "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:6,\n0.m4s\n"
      "#EXTINF:4,\n1.m4s\n";
  const auto good = read_asset_playlist(text + "#EXT-X-ENDLIST\n", 10s);
  BOOST_TEST(good.violations.empty());
  BOOST_REQUIRE(good.segments.size() == 3u);
  BOOST_TEST(good.segments[0].uri == "init.mp4");
  BOOST_TEST(good.segments[2].uri == "1.m4s");
  BOOST_TEST(read_asset_playlist(text + "#EXT-X-ENDLIST\n", 11s).violations.size() == 1u);
  BOOST_TEST(read_asset_playlist(text, 10s).violations.size() == 1u);
  BOOST_TEST(read_asset_playlist("<html>", 10s).violations.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
