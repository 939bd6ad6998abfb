// Which parts of a stream are wanted, what ffmpeg is given in their place, and what is refused.
#include "actors/creative/stream_source.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

const std::string base = "http://cdn.test/ad/index.m3u8?token=1";

std::string vod(const std::string& lines, const std::string& head = {}) {
  return "#EXTM3U\n#EXT-X-TARGETDURATION:4\n" + head + lines + "#EXT-X-ENDLIST\n";
}

result<stream_plan> plan(const std::string& text, const stream_limits& limits = {}) {
  return plan_stream({{text, base}}, {}, limits);
}

// What is read of a playlist, from its first segment's lines to the end.
std::string rewritten(const std::string& text) {
  const auto p = plan(text);
  if (!p) return p.error().message();
  const auto& out = p->playlists.at(0).text;
  return out.substr(out.find('\n', out.find("#EXT-X-MEDIA-SEQUENCE")) + 1);
}

texts urls(const stream_plan& p) {
  texts out;
  for (const auto& f : p.files) out.push_back(f.url);
  return out;
}

texts outlined(const std::string& lines) {
  const auto o = outline_stream({"#EXTM3U\n" + lines, base});
  return o ? o->urls : texts{o.error().message()};
}

std::string refused(const std::string& text, const stream_limits& limits = {}) {
  const auto p = plan(text, limits);
  return p ? "it was taken" : p.error().message();
}

bool says(const std::string& message, const std::string& what) {
  return message.find(what) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stream_sources)

BOOST_AUTO_TEST_CASE(a_playlist_is_told_from_media) {
  BOOST_TEST(is_stream("#EXTM3U\n"));
  BOOST_TEST(is_stream("\xEF\xBB\xBF#EXTM3U\n"));
  BOOST_TEST(!is_stream("G@\x11"));
  BOOST_TEST(!is_stream(""));
}

BOOST_AUTO_TEST_CASE(the_best_variant_is_taken_with_its_default_sound) {
  BOOST_TEST(outlined("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"low\",NAME=\"a\",URI=\"low.m3u8\"\n"
                      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"high\",NAME=\"b\",URI=\"b.m3u8\"\n"
                      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"high\",NAME=\"c\",DEFAULT=YES,"
                      "URI=\"/c.m3u8\"\n"
                      "#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"low\"\n1.m3u8\n"
                      "#EXT-X-STREAM-INF:BANDWIDTH=3,AUDIO=\"high\"\nv/3.m3u8?t=2\n"
                      "#EXT-X-STREAM-INF:BANDWIDTH=2,AUDIO=\"high\"\n2.m3u8\n"
                      "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=9,URI=\"9.m3u8\"\n") ==
             (texts{"http://cdn.test/ad/v/3.m3u8?t=2", "http://cdn.test/c.m3u8"}));
}

BOOST_AUTO_TEST_CASE(a_variant_whose_sound_cannot_be_had_is_left_out) {
  BOOST_TEST(outlined("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"odd\",NAME=\"a\",URI=\"skd://a\"\n"
                      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"in\",NAME=\"a\",DEFAULT=YES\n"
                      "#EXT-X-STREAM-INF:BANDWIDTH=4,AUDIO=\"none\"\n4.m3u8\n"
                      "#EXT-X-STREAM-INF:BANDWIDTH=3,AUDIO=\"odd\"\n3.m3u8\n"
                      "#EXT-X-STREAM-INF:BANDWIDTH=2,AUDIO=\"in\"\n2.m3u8\n"
                      "#EXT-X-STREAM-INF:BANDWIDTH=1\n1.m3u8\n") ==
             texts{"http://cdn.test/ad/2.m3u8"});
  BOOST_TEST(outlined("#EXT-X-STREAM-INF:BANDWIDTH=4,AUDIO=\"none\"\n4.m3u8\n") ==
             texts{"http://cdn.test/ad/index.m3u8: it has no variant that can be had with its "
                   "sound"});
}

BOOST_AUTO_TEST_CASE(a_media_playlist_is_all_there_is) {
  BOOST_TEST(outlined("#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n0.ts\n").empty());
}

BOOST_AUTO_TEST_CASE(local_names_take_the_place_of_theirs) {
  const auto p =
      plan(vod("#EXTINF:4,title\n0.ts?t=1\n"
               "#EXT-X-DISCONTINUITY\n#EXTINF:2.5,\nhttps://other.test/a%20b.ts\n"
               "#EXTINF:4,\n0.ts?t=1#again\n"));
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message()));
  BOOST_TEST(urls(*p) == (texts{"http://cdn.test/ad/0.ts?t=1", "https://other.test/a%20b.ts"}));
  BOOST_REQUIRE(p->playlists.size() == 1u);
  BOOST_TEST(p->playlists[0].name == "index.m3u8");
  BOOST_TEST(p->playlists[0].text ==
             "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-PLAYLIST-TYPE:VOD\n"
             "#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:4,\n0.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:2.5,\n"
             "1.ts\n#EXTINF:4,\n0.ts\n#EXT-X-ENDLIST\n");
}

BOOST_AUTO_TEST_CASE(nothing_else_of_theirs_is_kept) {
  BOOST_TEST(rewritten(vod("#EXT-X-DATERANGE:ID=\"x\"\n# file:///etc/passwd\n#EXTINF:4,\n"
                           "#EXT-X-UNKNOWN:URI=\"file:///etc/passwd\"\nfile.mp3\n",
                           "#EXT-X-SESSION-DATA:URI=\"/x\"\n")) ==
             "#EXTINF:4,\n0.mp3\n#EXT-X-ENDLIST\n");
}

BOOST_AUTO_TEST_CASE(byte_ranges_are_kept_and_their_file_is_wanted_once) {
  const auto text =
      vod("#EXT-X-MAP:URI=\"all.mp4\",BYTERANGE=\"700\"\n#EXTINF:4,\n#EXT-X-BYTERANGE:100@700\nall."
          "mp4\n"
          "#EXTINF:4,\n#EXT-X-BYTERANGE:50\nall.mp4\n");
  BOOST_TEST(rewritten(text) ==
             "#EXT-X-MAP:URI=\"0.mp4\",BYTERANGE=\"700@0\"\n"
             "#EXTINF:4,\n#EXT-X-BYTERANGE:100@700\n0.mp4\n"
             "#EXTINF:4,\n#EXT-X-BYTERANGE:50@800\n0.mp4\n#EXT-X-ENDLIST\n");
  const auto p = plan(text);
  BOOST_REQUIRE(p->files.size() == 1u);
  BOOST_TEST(p->files[0].least_size == 850u);
}

BOOST_AUTO_TEST_CASE(keys_that_can_be_fetched_are) {
  BOOST_TEST(rewritten(vod("#EXT-X-KEY:METHOD=AES-128,URI=\"k.php?id=\\..\",IV=0xAb\n"
                           "#EXT-X-KEY:METHOD=AES-128,URI=\"skd://x\",KEYFORMAT=\"com.drm\"\n"
                           "#EXTINF:4,\n0.ts\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:4,\n1.ts\n")) ==
             "http://cdn.test/ad/index.m3u8: it names a file that is not at an http or https URL");
  BOOST_TEST(rewritten(vod("#EXT-X-KEY:METHOD=AES-128,URI=\"k.php?id=1\",IV=0xAb\n"
                           "#EXT-X-KEY:METHOD=AES-128,URI=\"skd://x\",KEYFORMAT=\"com.drm\"\n"
                           "#EXTINF:4,\n0.ts\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:4,\n1.ts\n")) ==
             "#EXT-X-KEY:METHOD=AES-128,URI=\"0.key\",IV=0x000000000000000000000000000000ab\n"
             "#EXTINF:4,\n1.ts\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:4,\n2.ts\n#EXT-X-ENDLIST\n");
}

// A segment without an IV of its own is decrypted by its number.
BOOST_AUTO_TEST_CASE(segments_keep_their_numbers) {
  const auto p = plan(
      vod("#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n#EXTINF:4,\n0.ts\n", "#EXT-X-MEDIA-SEQUENCE:17\n"));
  BOOST_TEST(says(p.value().playlists[0].text, "#EXT-X-MEDIA-SEQUENCE:17\n"));
}

BOOST_AUTO_TEST_CASE(sound_that_comes_apart_is_put_beside_the_picture) {
  const auto p = plan_stream({{vod("#EXTINF:4,\nv.m4s\n"), "http://cdn.test/v/v.m3u8"},
                              {vod("#EXTINF:4,\na.aac\n"), "http://cdn.test/a/a.m3u8"}});
  BOOST_REQUIRE(p);
  BOOST_TEST(urls(*p) == (texts{"http://cdn.test/v/v.m4s", "http://cdn.test/a/a.aac"}));
  BOOST_REQUIRE(p->playlists.size() == 3u);
  BOOST_TEST(p->playlists[2].name == "index.m3u8");
  for (const std::size_t i : {0u, 1u}) BOOST_TEST(says(p->playlists[2].text, p->playlists[i].name));
  BOOST_TEST(says(p->playlists[1].text, "\n1.ts\n"));
}

BOOST_AUTO_TEST_CASE(variables_are_filled_in) {
  const auto outline = outline_stream(
      {"#EXTM3U\n#EXT-X-DEFINE:NAME=\"v\",VALUE=\"hd\"\n#EXT-X-STREAM-INF:BANDWIDTH=1\n"
       "{$v}.m3u8\n",
       base});
  BOOST_REQUIRE(outline);
  BOOST_TEST(outline->urls == texts{"http://cdn.test/ad/hd.m3u8"});
  const auto p =
      plan_stream({{vod("#EXTINF:4,\n{$v}/{$token}.ts\n",
                        "#EXT-X-DEFINE:IMPORT=\"v\"\n#EXT-X-DEFINE:QUERYPARAM=\"token\"\n"),
                    base}},
                  outline->variables);
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message()));
  BOOST_TEST(urls(*p) == texts{"http://cdn.test/ad/hd/1.ts"});
}

BOOST_AUTO_TEST_CASE(what_is_no_ad_is_refused) {
  BOOST_TEST(says(refused("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n0.ts\n"), "it is live"));
  BOOST_TEST(says(refused(vod("")), "no segments"));
  BOOST_TEST(says(refused(vod("#EXTINF:4,\n0.ts\n", "#EXT-X-I-FRAMES-ONLY\n")), "I-frames"));
  BOOST_TEST(says(refused(vod("#EXT-X-GAP\n#EXTINF:4,\n0.ts\n")), "EXT-X-GAP"));
  BOOST_TEST(says(refused("<html>"), "line 1"));
  BOOST_TEST(says(refused("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n"), "multivariant"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_decrypted_is_refused) {
  const auto segment = std::string{"#EXTINF:4,\n0.ts\n"};
  for (const auto* key : {"METHOD=SAMPLE-AES,URI=\"k\"", "METHOD=SAMPLE-AES-CTR,URI=\"k\"",
                          "METHOD=AES-128,URI=\"k\",KEYFORMAT=\"com.apple.streamingkeydelivery\"",
                          "METHOD=AES-256,URI=\"k\"", "METHOD="})
    BOOST_TEST(says(refused(vod("#EXT-X-KEY:" + std::string{key} + '\n' + segment)), "DRM"), key);
  const std::string aes = "#EXT-X-KEY:METHOD=AES-128,URI=\"k\"";
  BOOST_TEST(says(refused(vod(aes + "\n#EXT-X-BYTERANGE:9@0\n" + segment)), "encrypted"));
  BOOST_TEST(says(refused(vod("#EXT-X-KEY:METHOD=AES-128\n" + segment)), "not at an http"));
  for (const auto* iv : {"0x", "1", "0xg", "0x123456789012345678901234567890123", "\"\\n\""})
    BOOST_TEST(says(refused(vod(aes + ",IV=" + iv + '\n' + segment)), "IV"), iv);
}

BOOST_AUTO_TEST_CASE(files_anywhere_but_on_web_servers_are_refused) {
  for (const auto* uri :
       {"file:///etc/passwd", "data:video/mp2t;base64,AAAA", "ftp://cdn.test/0.ts", "concat:a|b",
        "a b.ts", "C:\\0.ts", "http://[::1", "crypto+file:///etc/passwd"})
    BOOST_TEST(says(refused(vod("#EXTINF:4,\n" + std::string{uri} + '\n')), "not at an http"), uri);
  // These are paths on their own server, whatever they look like.
  const auto p = plan(vod("#EXTINF:4,\n/etc/passwd\n#EXTINF:4,\n../../../../etc/passwd\n"));
  for (const auto& url : urls(p.value())) BOOST_TEST(url.starts_with("http://cdn.test/"), url);
}

BOOST_AUTO_TEST_CASE(bad_byte_ranges_are_refused) {
  const auto with = [](const std::string& range) {
    return refused(vod("#EXTINF:4,\n#EXT-X-BYTERANGE:" + range + "\n0.ts\n"));
  };
  for (const auto* range : {"", "-1@0", "1@-1", "18446744073709551615@1", "1@9223372036854775807",
                            "1", "0x10@0", "9@0@0"})
    BOOST_TEST(says(with(range), "EXT-X-BYTERANGE"), range);
  BOOST_TEST(says(with("0@0"), "empty"));
  for (const auto* range : {"", "a", "1@", "-1", "1@9223372036854775807"})
    BOOST_TEST(says(refused(vod("#EXT-X-MAP:URI=\"i.mp4\",BYTERANGE=\"" + std::string{range} +
                                "\"\n#EXTINF:4,\n0.m4s\n")),
                    "EXT-X-MAP"),
               range);
}

BOOST_AUTO_TEST_CASE(what_is_too_long_or_too_large_is_refused) {
  stream_limits few;
  few.segments = 2;
  const std::string three = "#EXTINF:1,\n0.ts\n#EXTINF:1,\n0.ts\n#EXTINF:1,\n0.ts\n";
  BOOST_TEST(says(refused(vod(three), few), "more than 2 segments"));
  BOOST_TEST(says(refused(vod("#EXT-X-MAP:URI=\"i\"\n#EXTINF:1,\n0.ts\n#EXTINF:1,\n1.ts\n"), few),
                  "more than 2 files"));
  // Of picture and sound together.
  const auto two = vod("#EXTINF:1,\n0.ts\n#EXTINF:1,\n0.ts\n");
  BOOST_TEST(plan(two, few).has_value());
  BOOST_TEST(!plan_stream({{two, base}, {two, base}}, {}, few));
  stream_limits brief;
  brief.length = 3s;
  BOOST_TEST(plan(vod(three), brief).has_value());
  brief.length = 2999ms;
  BOOST_TEST(says(refused(vod(three), brief), "longer than 2.999 s"));
  BOOST_TEST(says(refused(vod("#EXTINF:1000000000,\n0.ts\n")), "longer than 600 s"));
  stream_limits small;
  small.playlist_bytes = 64;
  const auto p = plan(vod(three), small);
  BOOST_TEST((p.error().code == errc::too_large));
  BOOST_TEST(!outline_stream(
      {"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n" + std::string(64, 'a'), base}, small));
}

BOOST_AUTO_TEST_SUITE_END()
