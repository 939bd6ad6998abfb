#include "media/hls/multivariant_playlist.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::hls;

namespace {

const std::string sample =
    "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"aac\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=YES,"
    "AUTOSELECT=YES,CHANNELS=\"2\",URI=\"audio.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID=\"cc\",NAME=\"CC\",INSTREAM-ID=\"CC1\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=2000000,AVERAGE-BANDWIDTH=1500000,CODECS=\"avc1.4d401f,mp4a.40."
    "2\",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO=\"aac\"\n"
    "720p.m3u8\n#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100000,URI=\"trick.m3u8\"\n"
    "#EXT-X-SESSION-DATA:DATA-ID=\"x\",VALUE=\"y\"\n#EXT-X-CONTENT-STEERING:SERVER-URI=\"/s\"\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(multivariant_playlists)

BOOST_AUTO_TEST_CASE(variants_and_renditions_are_read_and_nothing_is_lost) {
  const auto p = parse_multivariant_playlist(sample);
  BOOST_REQUIRE(p);
  BOOST_TEST(write_playlist(p->lines) == sample);
  BOOST_REQUIRE(p->variants.size() == 2u);
  BOOST_TEST(p->variants[0].uri == "720p.m3u8");
  BOOST_TEST(p->variants[0].bandwidth == 2'000'000u);
  BOOST_TEST((p->variants[0].resolution == resolution{1280, 720}));
  BOOST_TEST(p->variants[0].audio == "aac");
  BOOST_TEST(p->variants[1].i_frame);
  BOOST_REQUIRE(p->renditions.size() == 2u);
  BOOST_TEST(p->renditions[0].uri == "audio.m3u8");
  BOOST_TEST(p->renditions[0].is_default);
  BOOST_TEST(p->renditions[1].uri.empty());
}

BOOST_AUTO_TEST_CASE(a_media_playlist_is_told_apart) {
  const std::string media = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n";
  BOOST_TEST(is_media_playlist(media));
  BOOST_TEST(!is_media_playlist(sample));
  const auto p = parse_multivariant_playlist(media);
  BOOST_REQUIRE(!p);
  BOOST_TEST((p.error().code == errc::unsupported));
}

BOOST_AUTO_TEST_CASE(a_variant_without_its_uri_is_an_error) {
  BOOST_TEST(!parse_multivariant_playlist("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n"));
  BOOST_TEST(!parse_multivariant_playlist(
      "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n#EXT-X-STREAM-INF:BANDWIDTH=2\na\n"));
  BOOST_TEST(!parse_multivariant_playlist("#EXTM3U\na.m3u8\n"));
}

BOOST_AUTO_TEST_CASE(references_resolve_as_rfc_3986_says) {
  const auto base = "http://origin.test/live/ch/master.m3u8?token=1";
  BOOST_TEST(*resolve_uri(base, "v0.m3u8") == "http://origin.test/live/ch/v0.m3u8");
  BOOST_TEST(*resolve_uri(base, "../x/v0.m3u8?a=b") == "http://origin.test/live/x/v0.m3u8?a=b");
  BOOST_TEST(*resolve_uri(base, "/v0.m3u8") == "http://origin.test/v0.m3u8");
  BOOST_TEST(*resolve_uri(base, "//cdn.test/v0") == "http://cdn.test/v0");
  BOOST_TEST(*resolve_uri(base, "https://a.test/") == "https://a.test/");
  BOOST_TEST(!resolve_uri(base, "http://[broken"));
  BOOST_TEST(!resolve_uri("", "a"));
  BOOST_TEST(!resolve_uri(base, ""));
}

BOOST_AUTO_TEST_CASE(errors_name_the_line_of_the_tag) {
  const auto refused = [](const std::string& text, const std::string& where) {
    const auto p = parse_multivariant_playlist(text);
    BOOST_REQUIRE(!p);
    BOOST_TEST(p.error().where == where, p.error().message());
  };
  refused("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n\n", "line 2");
  refused("#EXTM3U\n#EXT-X-MEDIA:TYPE=SMELL\n", "line 2");
  refused("#EXTM3U\n\n#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1\n", "line 3");
  refused("<html>", "line 1");
}

BOOST_AUTO_TEST_CASE(what_a_variant_does_not_say_is_empty) {
  const auto p = parse_multivariant_playlist(
      "#EXTM3U\r\n#EXT-X-STREAM-INF:RESOLUTION=wide,FRAME-RATE=x\r\n# a comment\r\nv.m3u8");
  BOOST_REQUIRE(p);
  const auto& v = p->variants.at(0);
  BOOST_TEST(v.uri == "v.m3u8");
  BOOST_TEST(v.bandwidth == 0u);
  BOOST_TEST(!v.resolution);
  BOOST_TEST(!v.frame_rate);
  BOOST_TEST(v.tag_line == 1u);
  BOOST_TEST(v.uri_line == 3u);
}

BOOST_AUTO_TEST_CASE(variables_are_handed_on_to_media_playlists) {
  const auto p = parse_multivariant_playlist(
      "#EXTM3U\n#EXT-X-DEFINE:NAME=\"d\",VALUE=\"x/y\"\n#EXT-X-DEFINE:QUERYPARAM=\"t\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=1\n{$d}/v.m3u8?t={$t}\n",
      {}, "t=9");
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message()));
  BOOST_TEST(p->variants.at(0).uri == "x/y/v.m3u8?t=9");
  const auto media = parse_media_playlist(
      "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-DEFINE:IMPORT=\"d\"\n#EXTINF:4,\n{$d}.ts\n", {},
      p->variables);
  BOOST_REQUIRE(media);
  BOOST_TEST(media->segments.at(0).uri == "x/y.ts");
}

BOOST_AUTO_TEST_CASE(only_segments_make_a_media_playlist) {
  BOOST_TEST(is_media_playlist("#EXTM3U\n#EXT-X-TARGETDURATION:4\n"));
  BOOST_TEST(!is_media_playlist("#EXTM3U\n"));
  BOOST_TEST(!is_media_playlist(""));
  BOOST_TEST(!is_media_playlist("<html>"));
}

BOOST_AUTO_TEST_SUITE_END()
