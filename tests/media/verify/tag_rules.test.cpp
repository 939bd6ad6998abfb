#include "media/verify/tag_rules.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/media/verify/playlist_builder.hpp"

using namespace interlude;
using namespace interlude::verify;

namespace {

std::vector<std::string> check(const std::string& body, int version = 7) {
  return check_tags(parse("#EXTM3U\n#EXT-X-VERSION:" + std::to_string(version) +
                          "\n#EXT-X-TARGETDURATION:4\n" + body));
}

const std::string key = "#EXT-X-KEY:METHOD=AES-128,URI=\"k\",IV=0x01\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(tag_rule)

BOOST_AUTO_TEST_CASE(clear_ads_in_encrypted_content_are_in_order) {
  BOOST_TEST(check(key +
                   "#EXTINF:4,\na.ts\n#EXT-X-DISCONTINUITY\n#EXT-X-KEY:METHOD=NONE\n"
                   "#EXTINF:4,\nad/1.ts\n#EXT-X-DISCONTINUITY\n" +
                   key + "#EXTINF:4,\nb.ts\n")
                 .empty());
}

BOOST_AUTO_TEST_CASE(an_ad_under_the_contents_key_is_not) {
  BOOST_TEST(broke(check(key + "#EXTINF:4,\nad/1.ts\n"), "8: a clear ad under a key"));
}

BOOST_AUTO_TEST_CASE(content_needs_its_key_again) {
  const auto wrong = check(key +
                           "#EXTINF:4,\na.ts\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:4,\nad/1.ts\n"
                           "#EXTINF:4,\nb.ts\n");
  BOOST_TEST(broke(wrong, "8: encrypted content without its key: b.ts"));
}

BOOST_AUTO_TEST_CASE(an_implicit_iv_is_the_origins_number_and_not_ours) {
  BOOST_TEST(broke(check("#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n#EXTINF:4,\na.ts\n"),
                   "8: an AES-128 key without an IV"));
}

BOOST_AUTO_TEST_CASE(fragments_have_a_map_again_after_every_discontinuity) {
  const std::string map = "#EXT-X-MAP:URI=\"init.mp4\"\n";
  BOOST_TEST(check(map + "#EXTINF:4,\na.m4s\n#EXT-X-DISCONTINUITY\n" + map + "#EXTINF:4,\nb.m4s\n")
                 .empty());
  BOOST_TEST(broke(check(map + "#EXTINF:4,\na.m4s\n#EXT-X-DISCONTINUITY\n#EXTINF:4,\nb.m4s\n"),
                   "8: no map after a discontinuity"));
  BOOST_TEST(broke(check("#EXTINF:4,\na.m4s\n" + map + "#EXTINF:4,\nb.m4s\n"),
                   "8: a fragment without a map: a.m4s"));
}

BOOST_AUTO_TEST_CASE(a_discontinuity_is_never_the_last_thing) {
  BOOST_TEST(broke(check("#EXTINF:4,\na.ts\n#EXT-X-DISCONTINUITY\n"), "8: a discontinuity is"));
}

BOOST_AUTO_TEST_CASE(low_latency_is_not_promised) {
  BOOST_TEST(
      broke(check("#EXT-X-PART-INF:PART-TARGET=0.5\n#EXTINF:4,\na.ts\n"), "8: a low-latency"));
}

BOOST_AUTO_TEST_CASE(the_version_is_high_enough_for_what_is_used) {
  BOOST_TEST(broke(check("#EXTINF:4.5,\na.ts\n", 2), "8: version 2, but what is used needs 3"));
  BOOST_TEST(broke(check("#EXT-X-MAP:URI=\"i\"\n#EXTINF:4,\na.m4s\n", 5), "8: version 5"));
  BOOST_TEST(check("#EXTINF:4,\na.ts\n", 1).empty());
}

BOOST_AUTO_TEST_SUITE_END()
