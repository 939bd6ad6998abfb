// A channel's renditions: as they are listed, listed otherwise, and listed no more.
#include <boost/test/unit_test.hpp>

#include "media/stitch/channel_description.hpp"
#include "tests/support/simulated_channel.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

constexpr auto url = "http://a.test/live/master.m3u8";

std::string variant(const std::string& uri, int rate, const std::string& picture,
                    const std::string& more = "") {
  return "#EXT-X-STREAM-INF:BANDWIDTH=" + std::to_string(rate) + ",RESOLUTION=" + picture +
         ",CODECS=\"avc1.64001f,mp4a.40.2\"" + more + "\n" + uri + "\n";
}
std::string sound(const std::string& uri, const std::string& language) {
  return "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"aud\",NAME=\"" + language + "\",LANGUAGE=\"" +
         language + "\",URI=\"" + uri + "\"\n";
}
std::string listing(const std::string& lines) {
  return "#EXTM3U\n#EXT-X-VERSION:4\n" + lines;
}

stitch::description_ptr described(const std::string& lines, std::string_view from = url,
                                  const stitch::description_ptr& before = nullptr) {
  auto d = before ? stitch::describe_channel(listing(lines), from, before->renditions)
                  : stitch::describe_channel(listing(lines), from);
  BOOST_REQUIRE_MESSAGE(d, (d ? "" : d.error().message()));
  return *d;
}

// "v0=http://... v1=" of all renditions.
std::string places(const stitch::channel_description& d) {
  std::string out;
  for (const auto& r : d.renditions) out += (out.empty() ? "" : " ") + r.info.name + "=" + r.url;
  return out;
}

const auto high = variant("high.m3u8", 900'000, "1280x720");
const auto low = variant("low.m3u8", 300'000, "640x360");

}  // namespace

BOOST_AUTO_TEST_SUITE(renditions)

BOOST_AUTO_TEST_CASE(they_are_named_in_the_order_they_stand) {
  const auto d = described(sound("en.m3u8", "en") + high + low + sound("de.m3u8", "de"));
  BOOST_TEST(places(*d) ==
             "v0=http://a.test/live/high.m3u8 v1=http://a.test/live/low.m3u8 "
             "a0=http://a.test/live/en.m3u8 a1=http://a.test/live/de.m3u8");
}

BOOST_AUTO_TEST_CASE(another_order_changes_no_name) {
  const auto before = described(high + low);
  const auto after = described(low + high, url, before);
  BOOST_TEST(places(*after) == places(*before));
  const auto text = stitch::render_multivariant(*after, "s/t/");
  BOOST_TEST(text.find("s/t/v1.m3u8") < text.find("s/t/v0.m3u8"));
}

BOOST_AUTO_TEST_CASE(another_place_changes_no_name) {
  const auto before = described(sound("en.m3u8", "en") + high + low);
  // Another origin: other names, other rates, other codec strings.
  const auto after = described(variant("q1.m3u8", 310'000, "640x360") + sound("x.m3u8", "en") +
                                   "#EXT-X-STREAM-INF:BANDWIDTH=880000,RESOLUTION=1280x720,"
                                   "CODECS=\"avc1.640020\"\nq2.m3u8\n",
                               "http://b.test/c/master.m3u8", before);
  BOOST_TEST(places(*after) ==
             "v0=http://b.test/c/q2.m3u8 v1=http://b.test/c/q1.m3u8 a0=http://b.test/c/x.m3u8");
}

BOOST_AUTO_TEST_CASE(of_pictures_of_one_size_the_nearest_rate_is_the_same) {
  const auto before =
      described(variant("a.m3u8", 900'000, "1280x720") + variant("b.m3u8", 600'000, "1280x720"));
  const auto after =
      described(variant("c.m3u8", 590'000, "1280x720") + variant("d.m3u8", 1'500'000, "1280x720") +
                    variant("e.m3u8", 910'000, "1280x720"),
                "http://b.test/live/master.m3u8", before);
  BOOST_TEST(places(*after) ==
             "v0=http://b.test/live/e.m3u8 v1=http://b.test/live/c.m3u8 "
             "v2=http://b.test/live/d.m3u8");
}

BOOST_AUTO_TEST_CASE(a_new_token_in_its_query_is_the_same_rendition) {
  const auto before = described(variant("a.m3u8?token=1", 900'000, "1280x720"));
  const auto after = described(variant("a.m3u8?token=2", 500'000, "640x360"), url, before);
  BOOST_TEST(places(*after) == "v0=http://a.test/live/a.m3u8?token=2");
}

BOOST_AUTO_TEST_CASE(what_is_listed_no_more_keeps_its_place_and_is_not_offered) {
  const auto before = described(high + low);
  const auto after = described(low, url, before);
  BOOST_TEST(places(*after) == "v0= v1=http://a.test/live/low.m3u8");
  BOOST_TEST(stitch::render_multivariant(*after, "").find("v0.m3u8") == std::string::npos);
  const auto again = described(high + low, url, after);
  BOOST_TEST(places(*again) == places(*before));
}

BOOST_AUTO_TEST_CASE(a_variant_is_offered_when_all_that_it_needs_is) {
  const auto d = described(sound("en.m3u8", "en") +
                           variant("high.m3u8", 900'000, "1280x720", ",AUDIO=\"aud\"") + low);
  auto changed = *d;
  changed.renditions.at(2).offered = false;  // a0
  BOOST_REQUIRE(changed.renditions.at(2).info.name == "a0");
  const auto text = stitch::render_multivariant(changed, "");
  BOOST_TEST(text.find("a0.m3u8") == std::string::npos);
  BOOST_TEST(text.find("v0.m3u8") == std::string::npos);
  BOOST_TEST(text.find("AUDIO=") == std::string::npos);
  BOOST_TEST(text.find("v1.m3u8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_channel_of_one_media_playlist_can_become_more) {
  auto single = stitch::describe_channel("#EXTM3U\n#EXTINF:4,\na.ts\n", url);
  BOOST_REQUIRE(single);
  const auto more = described(high + low, url, *single);
  BOOST_TEST(more->renditions.size() == 3u);  // what it was cannot be told
  const auto back = stitch::describe_channel("#EXTM3U\n#EXTINF:4,\na.ts\n", url, more->renditions);
  BOOST_REQUIRE(back);
  BOOST_TEST(stitch::render_multivariant(**back, "").find("v0.m3u8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(there_are_never_more_than_64) {
  std::string many, others;
  for (int i = 0; i < 40; ++i) {
    many += variant("a" + std::to_string(i) + ".m3u8", 1000 * (i + 1), std::to_string(i) + "x2");
    others += variant("b" + std::to_string(i) + ".m3u8", 1000 * (i + 1), std::to_string(i) + "x3");
  }
  const auto before = described(many);
  const auto after = stitch::describe_channel(listing(others), url, before->renditions);
  BOOST_REQUIRE(!after);
  BOOST_TEST((after.error().code == errc::too_large));
}

BOOST_AUTO_TEST_CASE(one_that_comes_in_the_middle_of_a_break_plays_the_ad_of_one_like_it) {
  auto first = video(300);
  first.tag(at(40), "#EXT-X-CUE-OUT:30");
  simulated_channel c{{first}};
  c.play(20, 56);
  auto second = first;
  second.name = "v1";
  BOOST_REQUIRE(c.timeline.add_renditions({{"v1", stitch::rendition_kind::video, "|@1"}}));
  c.origin.push_back(second);
  c.play(58, 62);
  // And what is kept of it can be read again.
  c.kill();
  c.play(64, 110);
  BOOST_TEST(c.ads_shown("viewer", 1).ends_with("green/3 blue/0 blue/1 slate/0"));
  BOOST_TEST(c.ads_shown().ends_with(c.ads_shown("viewer", 1)));
}

BOOST_AUTO_TEST_CASE(nothing_can_stand_in_for_another_kind) {
  simulated_channel c{{video(300)}};
  c.play(20, 30);
  BOOST_TEST(!c.timeline.add_renditions({{"s0", stitch::rendition_kind::subtitles, "en|@0"}}));
  c.play(32, 40);
}

BOOST_AUTO_TEST_SUITE_END()
