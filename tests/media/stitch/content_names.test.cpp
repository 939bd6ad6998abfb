// Content that the node serves itself: its names in playlists, and what they stand for.
#include "media/stitch/content_names.hpp"

#include <boost/test/unit_test.hpp>

#include "media/stitch/segment_lines.hpp"
#include "tests/support/simulated_channel.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace interlude::stitch;

namespace {

content_segment segment_of(const std::string& lines, std::int64_t number = 7) {
  auto parsed = hls::parse_media_playlist(
      "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:7\n" + lines);
  BOOST_REQUIRE(parsed);
  auto made = make_content_segment(*parsed, parsed->segments.back(),
                                   "https://origin.test/live/v0.m3u8?pl=1", 7);
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().message()));
  made->msn = number;
  return *std::move(made);
}

std::string named_lines(const content_segment& s) {
  std::string out;
  append_named_lines(out, s, content_prefix("v0"));
  return out;
}

std::string name_in(const std::string& lines) {
  const auto from = lines.find("content/v0/") + 11;
  return lines.substr(from, lines.find_first_of("\"\n", from) - from);
}

content_source looked_up(const content_segment& s, const std::string& lines) {
  const auto found = source_of(s, name_in(lines));
  BOOST_REQUIRE_MESSAGE(found, lines);
  return *found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(names_of_content)

BOOST_AUTO_TEST_CASE(a_segment_is_called_by_its_number_and_leads_to_its_url) {
  const auto s = segment_of("#EXTINF:4,title\n#EXT-X-VENDOR:1\nseg/1.ts?token=a%2Fb&x=1\n", 42);
  const auto lines = named_lines(s);
  BOOST_TEST(lines.starts_with("#EXTINF:4,title\n#EXT-X-VENDOR:1\ncontent/v0/42-"));
  BOOST_TEST(lines.ends_with(".ts\n"));
  BOOST_TEST(lines.find("origin") == std::string::npos);
  const auto at = looked_up(s, lines);
  BOOST_TEST(at.url == "https://origin.test/live/seg/1.ts?token=a%2Fb&x=1");
  BOOST_TEST((at.kind == content_kind::segment));
  BOOST_TEST(!at.range.has_value());
  BOOST_TEST(number_in(name_in(lines)).value() == 42);
}

BOOST_AUTO_TEST_CASE(the_name_stays_when_hosts_and_tokens_change) {
  const auto lines = named_lines(segment_of("#EXTINF:4,\nseg/1.ts?token=a\n"));
  BOOST_TEST(named_lines(segment_of("#EXTINF:4,\nseg/1.ts?token=b\n")) == lines);
  BOOST_TEST(named_lines(segment_of("#EXTINF:4,\nhttps://a.test/x/1.ts?token=a\n")) ==
             named_lines(segment_of("#EXTINF:4,\nhttps://b.test/x/1.ts\n")));
  // Another file, or another number, is another name.
  BOOST_TEST(named_lines(segment_of("#EXTINF:4,\nseg/2.ts?token=a\n")) != lines);
  BOOST_TEST(named_lines(segment_of("#EXTINF:4,\nseg/1.ts?token=a\n", 8)) != lines);
}

BOOST_AUTO_TEST_CASE(a_byte_range_is_part_of_what_a_name_stands_for) {
  const auto first = segment_of("#EXT-X-BYTERANGE:1000@500\n#EXTINF:4,\nall.mp4\n");
  const auto other = segment_of("#EXT-X-BYTERANGE:1000@1500\n#EXTINF:4,\nall.mp4\n");
  const auto lines = named_lines(first);
  BOOST_TEST(lines.find("BYTERANGE") == std::string::npos);
  BOOST_TEST(lines != named_lines(other));
  const auto at = looked_up(first, lines);
  BOOST_TEST(at.url == "https://origin.test/live/all.mp4");
  BOOST_REQUIRE(at.range.has_value());
  BOOST_TEST(at.range->offset == 500u);
  BOOST_TEST(at.range->length == 1000u);
}

BOOST_AUTO_TEST_CASE(an_initialisation_is_called_by_its_whole_url_and_range) {
  const std::string rest = "#EXTINF:4,\n1.m4s\n";
  const auto plain = segment_of("#EXT-X-MAP:URI=\"init.mp4?v=1\"\n" + rest);
  const auto line = named_map(plain.map_line, content_prefix("v0"));
  BOOST_TEST(line.starts_with("#EXT-X-MAP:URI=\"content/v0/init-"));
  BOOST_TEST(line.ends_with(".mp4\"\n"));
  BOOST_TEST(looked_up(plain, line).url == "https://origin.test/live/init.mp4?v=1");
  BOOST_TEST((looked_up(plain, line).kind == content_kind::map));
  for (const auto* attributes :
       {"URI=\"init.mp4\",BYTERANGE=\"720@80\"", "BYTERANGE=\"720@80\",URI=\"init.mp4\""}) {
    const auto ranged = segment_of("#EXT-X-MAP:" + std::string{attributes} + "\n" + rest);
    const auto named = named_map(ranged.map_line, content_prefix("v0"));
    BOOST_TEST(named.starts_with("#EXT-X-MAP:URI=\"content/v0/init-"), named);
    BOOST_TEST(named.ends_with(".mp4\"\n"), named);
    BOOST_TEST((looked_up(ranged, named).range == hls::byte_range{720, 80}));
    BOOST_TEST(name_in(named) != name_in(line));
  }
}

BOOST_AUTO_TEST_CASE(key_files_have_names_and_licences_keep_their_uris) {
  const auto s = segment_of(
      "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"keys?id=1\",KEYFORMAT=\"identity\",IV=0x01\n"
      "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://"
      "asset\",KEYFORMAT=\"com.apple.streamingkeydelivery\"\n"
      "#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI=\"https://l.test/x\",KEYFORMAT=\"urn:uuid:edef8ba9\"\n"
      "#EXTINF:4,\n1.ts\n");
  const auto lines = named_keys(s.key_lines, content_prefix("v0"));
  BOOST_TEST(lines.find("URI=\"content/v0/key-") != std::string::npos);
  BOOST_TEST(lines.find(",KEYFORMAT=\"identity\",IV=0x01\n") != std::string::npos);
  BOOST_TEST(lines.find("URI=\"skd://asset\"") != std::string::npos);
  BOOST_TEST(lines.find("URI=\"https://l.test/x\"") != std::string::npos);
  BOOST_TEST(looked_up(s, lines).url == "https://origin.test/live/keys?id=1");
  BOOST_TEST((looked_up(s, lines).kind == content_kind::key));
  // What tells two keys apart may be the query alone.
  const auto next = segment_of("#EXT-X-KEY:METHOD=AES-128,URI=\"keys?id=2\"\n#EXTINF:4,\n1.ts\n");
  BOOST_TEST(name_in(named_keys(next.key_lines, content_prefix("v0"))) != name_in(lines));
}

BOOST_AUTO_TEST_CASE(what_is_not_http_stays_as_it_is) {
  const auto s = segment_of(
      "#EXT-X-KEY:METHOD=AES-128,URI=\"data:text/plain;base64,AAAA\",IV=0x01\n"
      "#EXTINF:4,\nftp://origin.test/1.ts\n");
  BOOST_TEST(named_lines(s) == s.lines);
  BOOST_TEST(named_keys(s.key_lines, content_prefix("v0")) == s.key_lines);
}

BOOST_AUTO_TEST_CASE(only_names_of_the_segment_lead_anywhere) {
  const auto s = segment_of("#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:4,\n1.m4s\n");
  const auto name = name_in(named_lines(s));
  BOOST_TEST(source_of(s, name).has_value());
  for (const auto& wrong :
       {std::string{}, "8" + name.substr(1), name + "x", name.substr(0, name.size() - 1),
        std::string{"7-000000000000.m4s"}, std::string{"init-000000000000.mp4"},
        std::string{"key-cbf29ce48422.key"}, std::string{"init-"}, std::string{"7-"}})
    BOOST_TEST(!source_of(s, wrong).has_value(), wrong);
  BOOST_TEST(!number_in("init-1.mp4").has_value());
  BOOST_TEST(!number_in("12").has_value());
}

BOOST_AUTO_TEST_CASE(odd_extensions_do_not_get_into_names) {
  for (const auto* uri : {"segment", "a.b/segment", "x.TS", "x.very-long", "x."})
    BOOST_TEST(
        named_lines(segment_of("#EXTINF:4,\n" + std::string{uri} + "\n")).ends_with(".bin\n"), uri);
  BOOST_TEST(named_lines(segment_of("#EXTINF:4,\nx.m4s;v=1?a.ts\n")).ends_with(".bin\n"));
}

BOOST_AUTO_TEST_CASE(a_playlist_names_content_and_ads_alike) {
  origin_rendition r;
  r.fill(at(40), 4s).fill(at(70), 4s).fill(at(200), 4s);
  r.tag(at(40), "#EXT-X-CUE-OUT:30").tag(at(70), "#EXT-X-CUE-IN");
  r.head = {"#EXT-X-KEY:METHOD=AES-128,URI=\"key\"", "#EXT-X-MAP:URI=\"init.mp4\""};
  r.window = 14;
  simulated_channel c{{r}};
  for (double t = 20; t <= 88; t += 2) c.round(at(t));
  const auto snapshot = c.timeline.take_snapshot();
  render_options options;
  options.content_of = "v0";
  const auto text = render_media_playlist(*snapshot, *snapshot->audiences.at("all"), 0, options);
  BOOST_TEST(text.find("origin.test") == std::string::npos, text);
  BOOST_TEST(text.find("\nad/") != std::string::npos);
  BOOST_TEST(text.find("\ncontent/v0/118-") != std::string::npos, text);
  // The key and the map are there again after the ads, under the same names.
  const auto count = [&](const std::string& what) {
    std::size_t n = 0;
    for (auto from = text.find(what); from != text.npos; from = text.find(what, from + 1)) ++n;
    return n;
  };
  BOOST_TEST(count("#EXT-X-MAP:URI=\"content/v0/init-") == 2u, text);
  BOOST_TEST(count("METHOD=AES-128,URI=\"content/v0/key-") >= 2u, text);
  BOOST_TEST(count("METHOD=NONE") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
